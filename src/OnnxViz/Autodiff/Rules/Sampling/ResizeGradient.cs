using OnnxViz.Objectives;

namespace OnnxViz.Autodiff.Rules.Sampling;

/// <summary>
/// Resizing is separable, Y = A_h X A_w^T, so that its adjoint is one product with a matrix per resized axis. What grows
/// by a whole number, as decoders do, is cheaper: a pool undoes repeated elements, a convolution linear interpolation.
/// </summary>
internal static class ResizeGradient
{
    public static Value?[] Resize(GradientContext g)
    {
        var rank = g.X().Rank;
        // ONNX Runtime copies what keeps its size, whatever the scales say. Of open sizes that cannot be told: there the
        // few elements that a scale just above 1 leaves as many are weighted as the scale says.
        if (g.X().Dims.AsSpan().SequenceEqual(g.Y().Dims) && !g.X().Dims.AsSpan(1).Contains(Shapes.Unknown)) return [g.DY];
        var axes = (g.Node.Ints("axes") ?? Shapes.Axes(0, rank)).Select(a => Shapes.Axis(a, rank)).ToArray();
        var scales = Scales(g, axes);
        if (Repeats(g, axes, scales) is { } factors) return [Pooled(g, factors)];
        var gradient = g.DY;
        for (var i = axes.Length - 1; i >= 0; i--)
        {
            if (IsKept(g, axes[i], scales[i])) continue;
            gradient = LinearUpsampling.Factor(g, axes[i], scales[i]) is { } factor
                ? LinearUpsampling.Gradient(g, gradient, axes[i], factor)
                : Product(g, gradient, new ResizeMatrix(g, axes[i], scales[i], i, axes.Length).Emit(), axes[i]);
        }

        return [gradient];
    }

    /// <summary>Output size by input size, [1] for each of the axes, as ONNX Runtime works it out.</summary>
    private static Value[] Scales(GradientContext g, int[] axes)
    {
        if (g.Has(2) && g.X(2).Dims is not [0]) return [.. axes.Select((_, i) => g.At(g.X(2), i))];
        var policy = g.Node.Text("keep_aspect_ratio_policy", "stretch");
        if (policy == "stretch") return Array.ConvertAll(axes, axis => Ratio(g.Size(g.Y(), axis), axis));
        var asked = axes.Select((axis, i) => Ratio(g.At(g.X(3), i), axis));
        var common = policy == "not_larger" ? asked.Aggregate((a, b) => g.Min(a, b)) : asked.Aggregate((a, b) => g.Max(a, b));
        return Array.ConvertAll(axes, _ => common);

        Value Ratio(Value size, int axis) => g.Div(g.Cast(size, ElementType.Float), g.Cast(g.Size(g.X(), axis), ElementType.Float));
    }

    /// <summary>ONNX Runtime copies along an axis of scale 1. An open first axis of images is the batch, which no sizes change.</summary>
    private static bool IsKept(GradientContext g, int axis, Value scale)
    {
        if (scale.Constant is { } known && known.ToFloats()[0] == 1) return true;
        var (from, to) = (g.X().Dims![axis], g.Y().Dims![axis]);
        return (axis == 0 && from < 0 && g.X().Rank > 2 && scale.Constant is null) || (g.Node.Int("antialias", 0) != 0 && from >= 0 && from == to);
    }

    /// <summary>How often each spatial axis repeats its elements, when that is all that is done: index i comes from i / factor.</summary>
    private static long[]? Repeats(GradientContext g, int[] axes, Value[] scales)
    {
        if (g.Node.Text("mode", "nearest") != "nearest" || g.X().Rank is < 3 or > 5) return null;
        var takesBlocks = g.Node.Text("coordinate_transformation_mode", "half_pixel") switch
        {
            "asymmetric" => g.Node.Text("nearest_mode", "round_prefer_floor") == "floor",
            // The middle of the copies is never half way between two elements.
            "half_pixel" or "pytorch_half_pixel" or "half_pixel_symmetric" => g.Node.Text("nearest_mode", "round_prefer_floor").StartsWith("round", StringComparison.Ordinal),
            _ => false,
        };
        var factors = new long[g.X().Rank];
        Array.Fill(factors, 1);
        for (var i = 0; i < axes.Length; i++)
        {
            if (IsKept(g, axes[i], scales[i])) continue;
            if (scales[i].Constant?.ToFloats()[0] is not (>= 1 and <= 4096 and var scale) || !float.IsInteger(scale)) return null;
            factors[axes[i]] = (long)scale;
        }

        return takesBlocks && factors is [1, 1, ..] ? factors[2..] : null;
    }

    private static Value Pooled(GradientContext g, long[] factors)
    {
        var mean = g.Emit("AveragePool", [g.DY], ("kernel_shape", factors), ("strides", factors));
        return g.Mul(mean, factors.Aggregate(1L, (n, f) => n * f));
    }

    /// <summary>DY with its axis multiplied by A [output size, input size].</summary>
    private static Value Product(GradientContext g, Value dy, Value matrix, int axis)
    {
        if (axis == dy.Rank - 1) return g.MatMul(dy, matrix);
        var transposed = g.Transpose(matrix, 1, 0);
        if (axis == dy.Rank - 2) return g.MatMul(transposed, dy);
        Value[] sizes = [.. Enumerable.Range(0, dy.Rank).Select(i => g.Size(dy, i))];
        var (before, after) = (g.Product(sizes[..axis]), g.Product(sizes[(axis + 1)..]));
        var product = g.MatMul(transposed, g.Reshape(dy, g.Join(before, sizes[axis], after)));
        sizes[axis] = g.Size(g.X(), axis);
        return g.Reshape(product, g.Join(sizes));
    }
}
