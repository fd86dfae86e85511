namespace OnnxViz.Graphs.Folding;

/// <summary>What a Slice takes along one axis: Count elements from Start on, Step apart.</summary>
internal readonly record struct SliceRange(long Start, long Step, long Count)
{
    /// <summary>ONNX's reading of starts and ends: negative ones count from the back, those too large are clamped.</summary>
    public static SliceRange Of(long start, long end, long step, long size)
    {
        if (step == 0) throw OnnxVizException.Input("a step of 0");
        if (start < 0) start += size;
        if (end < 0) end += size;
        var (low, high) = step > 0 ? (0L, size) : (-1L, size - 1);
        start = Math.Clamp(start, Math.Max(low, 0), Math.Max(high, 0));
        end = Math.Clamp(end, low, Math.Max(high, low));
        var span = step > 0 ? end - start : start - end;
        var stride = step == long.MinValue ? long.MaxValue : Math.Abs(step);
        return new SliceRange(start, step, size == 0 || span <= 0 ? 0 : (span - 1) / stride + 1);
    }
}
