namespace OnnxViz.Graphs.Inference;

/// <summary>Normalisations, Softmax and Dropout: the shape stays; scales have to fit it.</summary>
internal static class NormShapes
{
    public static void AlongAxis(ShapeScope s)
    {
        if (s.X() is { Length: > 0 } x && s.Node.Has("axis")) Shapes.Axis(s.Node.Int("axis", -1), x.Length);
        s.Set(s.Node.Required(0).Dims);
    }

    /// <summary>Scale and bias with one number per channel (GroupNormalization before opset 21: per group).</summary>
    public static void PerChannel(ShapeScope s)
    {
        var x = s.RankAtLeast(0, 2);
        if (x is not null && s.Node.OpType == "InstanceNormalization")
            for (var i = 1; i < 3; i++)
                if (s.X(i) is { } scale) ShapeScope.Match(scale is [var n] ? n : throw ShapeScope.Fail("scale and bias are vectors"), x[1], "scale against channels");
        s.Set(x);
    }

    public static void Batch(ShapeScope s)
    {
        var x = s.RankAtLeast(0, 1);
        if (x is { Length: > 1 })
            for (var i = 1; i < 5; i++)
                if (s.X(i) is [var n]) ShapeScope.Match(n, x[1], $"input {i} against channels");
        s.Set(x);
        for (var i = 1; i < s.Node.Outputs.Length; i++) s.Set(s.X(i is 1 or 3 ? 3 : 4), s.Type(3), i);
    }

    public static void Layer(ShapeScope s)
    {
        var x = s.Node.Required(0).Dims;
        Shapes.Broadcast(x, s.X(1));
        s.Set(x);
        if (s.Node.Outputs.Length < 2) return;
        var axis = x is null ? 0 : Shapes.Axis(s.Node.Int("axis", -1), x.Length);
        var statistics = x?.Select((d, i) => i < axis ? d : 1).ToArray();
        var type = (ElementType)s.Node.Int("stash_type", (long)ElementType.Float);
        for (var i = 1; i < s.Node.Outputs.Length; i++) s.Set(statistics, type, i);
    }

    public static void RootMeanSquare(ShapeScope s)
    {
        Shapes.Broadcast(s.X(), s.X(1));
        s.Set(s.Node.Required(0).Dims, s.Type(1));
    }

    public static void Dropout(ShapeScope s)
    {
        s.Set(s.Node.Required(0).Dims);
        s.Set(s.X(), ElementType.Bool, 1);
    }
}
