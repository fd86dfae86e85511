namespace OnnxViz.Invert;

/// <summary>
/// A canvas somewhat larger than what the model sees, of which another part is seen in each step. Where it starts is an input
/// of the step graph.
/// </summary>
/// <param name="amount">How many places there are along each side; 1 for none.</param>
/// <param name="height">Of what the model sees, in pixels.</param>
/// <param name="width">Of what the model sees, in pixels.</param>
internal sealed class Jitter(int amount, int height, int width)
{
    public int SeenHeight => height;

    public int SeenWidth => width;

    public int Height => height + amount - 1;

    public int Width => width + amount - 1;

    /// <summary>[N, C, Height, Width] to [N, C, height, width].</summary>
    public Value Crop(GraphBuilder b, Value canvas)
    {
        if (amount == 1) return canvas;
        using var scope = b.Scope("jitter");
        var cut = b.Emit("Slice", [canvas, b.Input("jitter_start", ElementType.Int64, 2), b.Input("jitter_end", ElementType.Int64, 2), b.Longs(2, 3)]);
        return b.Reshape(cut, [.. canvas.StaticDims()[..2], height, width]);
    }

    /// <summary>What is seen without jitter.</summary>
    public Value Middle(IEmitter e, Value canvas) => amount == 1 ? canvas : e.Slice(canvas, [Margin, Margin], [Margin + height, Margin + width], [2, 3]);

    /// <summary>The transpose: a gradient for what is seen becomes one for the canvas.</summary>
    public Value Adjoint(GraphBuilder b, Value gradient)
    {
        if (amount == 1) return gradient;
        using var scope = b.Scope("jitter_adjoint");
        var spread = b.Emit("Pad", [gradient, b.Input("jitter_pads", ElementType.Int64, 8), b.Scalar(0)]);
        return b.Reshape(spread, [.. gradient.StaticDims()[..2], Height, Width]);
    }

    /// <summary>Sets the inputs for one step.</summary>
    /// <param name="loop">The step loop.</param>
    /// <param name="random">Where to look; null for the middle.</param>
    public void Set(StepLoop loop, CounterRandom? random)
    {
        if (amount == 1) return;
        var (top, left) = random is null ? (Margin, Margin) : (random.Next(amount), random.Next(amount));
        loop.Set("jitter_start", Tensor.Longs(top, left));
        loop.Set("jitter_end", Tensor.Longs(top + height, left + width));
        loop.Set("jitter_pads", Tensor.Longs(0, 0, top, left, 0, 0, amount - 1 - top, amount - 1 - left));
    }

    /// <summary>Planes of a canvas that continues what is given by its edges.</summary>
    public float[] ToCanvas(ReadOnlySpan<float> planes)
    {
        var channels = planes.Length / (height * width);
        var result = new float[channels * Height * Width];
        for (var i = 0; i < result.Length; i++)
        {
            var (row, x) = Math.DivRem(i, Width);
            var (c, y) = Math.DivRem(row, Height);
            result[i] = planes[(((c * height) + Math.Clamp(y - Margin, 0, height - 1)) * width) + Math.Clamp(x - Margin, 0, width - 1)];
        }

        return result;
    }

    private int Margin => (amount - 1) / 2;
}
