namespace OnnxViz.Autodiff.Rules;

/// <summary>
/// Normalisations by statistics of the input itself share one formula: with z = (x - mean) / deviation over some axes
/// and e the gradient of z, dx = (e - mean(e) - z mean(e z)) / deviation.
/// </summary>
internal static class NormalizationGradients
{
    private const float DefaultEpsilon = 1e-5f;

    /// <summary>
    /// With stored statistics it is affine, with the slope scale / sqrt(variance + epsilon) per channel; the statistics may
    /// be learned as well. In training mode they are those of the batch.
    /// </summary>
    public static Value?[] BatchNormalization(GradientContext g)
    {
        if (g.Node.Int("training_mode", 0) != 0)
        {
            return g.DYOrNull(1) is null && g.DYOrNull(2) is null
                ? PerChannel(g, [0, .. Behind(g, 2)])
                : throw OnnxVizException.Input($"The score depends on the running statistics of {g.Node}, through which no gradient is taken. Explain what depends on its first output.");
        }

        var deviation = g.Sqrt(g.Add(g.X(4), g.Scalar(Epsilon(g))));
        var slope = g.Div(g.X(1), deviation);
        var dx = g.Mul(g.DY, OnChannels(g, slope));
        if (Array.TrueForAll(g.Node.Inputs[1..], x => x!.Constant is not null)) return [dx];
        var z = g.Div(g.Sub(g.X(), OnChannels(g, g.X(3))), OnChannels(g, deviation));
        var (dBias, dScale) = (ChannelSum(g, g.DY), ChannelSum(g, g.Mul(g.DY, z)));
        return [dx, dScale, dBias, g.Neg(g.Mul(slope, dBias)), g.Div(g.Mul(g.Mul(slope, dScale), -0.5f), deviation)];
    }

    public static Value?[] InstanceNormalization(GradientContext g) => PerChannel(g, Behind(g, 2));

    /// <summary>
    /// The channels of a group and their positions are normalised together. Scale and bias are one per group before
    /// opset 21 and one per channel since.
    /// </summary>
    public static Value?[] GroupNormalization(GradientContext g)
    {
        var groups = g.Node.Int("num_groups", 1);
        var isPerChannel = g.Builder.Graph.Opset >= 21;
        var (x, dy) = (Grouped(g.X()), Grouped(isPerChannel ? g.Mul(g.DY, OnChannels(g, g.X(1))) : g.DY));
        if (!isPerChannel) dy = g.Mul(dy, g.Reshape(g.X(1), groups, 1));
        var s = Standardized.Of(g, x, [2], Epsilon(g));
        var dx = g.ReshapeLike(s.Gradient(g, dy), g.X());
        if (g.X(1).Constant is not null && g.X(2).Constant is not null) return [dx];
        if (isPerChannel) return [dx, ChannelSum(g, g.Mul(g.DY, g.ReshapeLike(s.Z, g.X()))), ChannelSum(g, g.DY)];
        return [dx, g.ReduceSum(g.Mul(Grouped(g.DY), s.Z), [0, 2], keep: false), g.ReduceSum(Grouped(g.DY), [0, 2], keep: false)];

        Value Grouped(Value value) => g.Reshape(value, 0, groups, -1);
    }

    /// <summary>Over all axes from the given one on; the statistics are outputs too, whose gradients join in.</summary>
    public static Value?[] LayerNormalization(GradientContext g)
    {
        var axes = Behind(g, Shapes.Axis(g.Node.Int("axis", -1), g.X().Rank));
        var s = Standardized.Of(g, g.X(), axes, Epsilon(g));
        var dx = s.Gradient(g, g.Mul(g.DY, g.X(1)));
        if (Statistic(1) is { } dMean) dx = g.Add(dx, g.Div(dMean, g.Count(g.X(), axes)));
        if (Statistic(2) is { } dInverse)
            dx = g.Sub(dx, g.Mul(g.Div(g.Mul(dInverse, g.Square(s.Inverse)), g.Count(g.X(), axes)), s.Z));
        return [dx, g.Mul(g.DY, s.Z), g.DY];

        Value? Statistic(int output) => g.DYOrNull(output) is { } dy ? g.Cast(dy, g.X().Type) : null;
    }

    /// <summary>No scale, no bias, and a tiny epsilon beside the deviation.</summary>
    public static Value?[] MeanVarianceNormalization(GradientContext g)
    {
        var axes = Array.ConvertAll(g.Node.Ints("axes") ?? [0, 2, 3], a => (long)Shapes.Axis(a, g.X().Rank));
        return [Standardized.Of(g, g.X(), axes, 1e-9f).Gradient(g, g.DY)];
    }

    /// <summary>y = x / |x|: dx = (dy - d|x| sum(dy y)) / |x|, with d|x| = y for p = 2 and sign(x) for p = 1; 0 where the norm is 0.</summary>
    public static Value?[] LpNormalization(GradientContext g)
    {
        long[] axes = [Shapes.Axis(g.Node.Int("axis", -1), g.X().Rank)];
        var isL1 = g.Node.Int("p", 2) == 1;
        var norm = g.Emit(isL1 ? "ReduceL1" : "ReduceL2", [g.X(), g.Longs(axes)]);
        var along = g.ReduceSum(g.Mul(g.DY, g.Y()), axes);
        var across = g.Sub(g.DY, g.Mul(isL1 ? g.Sign(g.X()) : g.Y(), along));
        return [g.WhereOrZero(g.Greater(norm, g.Scalar(0)), g.Div(across, norm))];
    }

    /// <summary>Passes everything, as it does in inference.</summary>
    public static Value?[] Dropout(GradientContext g) =>
        g.Has(2) && g.X(2).Constant?.ToLongs() is not [0]
            ? throw OnnxVizException.Input($"{g.Node} is in training mode, in which it drops something else on every run: export the model for inference (training_mode false).")
            : [g.DY];

    /// <summary>Scale and bias are one per channel.</summary>
    private static Value?[] PerChannel(GradientContext g, long[] axes)
    {
        var s = Standardized.Of(g, g.X(), axes, Epsilon(g));
        var dx = s.Gradient(g, g.Mul(g.DY, OnChannels(g, g.X(1))));
        return g.X(1).Constant is not null && g.X(2).Constant is not null
            ? [dx]
            : [dx, ChannelSum(g, g.Mul(g.DY, s.Z)), ChannelSum(g, g.DY)];
    }

    /// <summary>[C] as [C, 1, ...], which broadcasts against X.</summary>
    private static Value OnChannels(GradientContext g, Value perChannel) =>
        g.Reshape(perChannel, [-1, .. Enumerable.Repeat(1L, g.X().Rank - 2)]);

    private static Value ChannelSum(GradientContext g, Value value) => g.ReduceSum(value, [0, .. Behind(g, 2)], keep: false);

    private static long[] Behind(GradientContext g, int first) => Shapes.Axes(first, g.X().Rank - first);

    private static float Epsilon(GradientContext g) => g.Node.Float("epsilon", DefaultEpsilon);
}
