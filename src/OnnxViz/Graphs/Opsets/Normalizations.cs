namespace OnnxViz.Graphs.Opsets;

/// <summary>Normalisations that some opsets do not have, written with those that all have.</summary>
internal static class Normalizations
{
    /// <summary>GroupNormalization up to opset 20: one scale and one bias per group.</summary>
    public static Value[] PerGroup(Conversion c)
    {
        var groups = Groups(c);
        var repeat = c.X().Dims is [_, > 0 and var channels, ..] ? channels / groups : throw c.Impossible("the number of channels is not known");
        return InGroups(c, Repeated(c.X(1)), Repeated(c.X(2)));

        Value Repeated(Value v) => c.Reshape(c.Expand(c.Reshape(v, groups, 1), groups, repeat), groups * repeat);
    }

    /// <summary>GroupNormalization since opset 21: one scale and one bias per channel.</summary>
    public static Value[] PerChannel(Conversion c) => InGroups(c, c.X(1), c.X(2));

    /// <summary>x / sqrt(mean(x^2) + epsilon) * scale, over all axes from the given one on (opset 23).</summary>
    public static Value[] RootMeanSquare(Conversion c)
    {
        var x = c.X();
        var first = Shapes.Axis(c.Node.Int("axis", -1), x.Rank);
        long[] axes = Shapes.Axes(first, x.Rank - first);
        var mean = c.ReduceMean(c.Mul(x, x), axes);
        var root = c.Sqrt(c.Add(mean, c.Scalar(c.Node.Float("epsilon", 1e-5f))));
        return c.Final("Mul", [c.Div(x, root), c.X(1)]);
    }

    /// <summary>A group is an instance of one channel: [N, C, ...] as [N, groups, everything else].</summary>
    private static Value[] InGroups(Conversion c, Value scale, Value bias)
    {
        var (x, groups) = (c.X(), Groups(c));
        var (one, zero) = (Filled(1), Filled(0));
        var grouped = c.Reshape(x, 0, groups, -1);
        var normal = c.Emit("InstanceNormalization", [grouped, one, zero], ("epsilon", c.Node.Float("epsilon", 1e-5f)));
        var back = c.Emit("Reshape", [normal, c.Emit("Shape", [x])]);
        long[] perChannel = [-1, .. Enumerable.Repeat(1L, x.Rank - 2)];
        return c.Final("Add", [c.Mul(back, c.Reshape(scale, perChannel)), c.Reshape(bias, perChannel)]);

        Value Filled(float value) =>
            c.Builder.Constant(Folding.Casting.To(Tensor.Of(Enumerable.Repeat(value, (int)groups).ToArray(), groups), x.Type));
    }

    private static long Groups(Conversion c) =>
        c.Node.Int("num_groups", 0) is > 0 and < int.MaxValue and var groups ? groups : throw c.Impossible("num_groups is missing");
}
