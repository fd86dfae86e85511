namespace OnnxViz.Autodiff.Rules;

/// <summary>Joining tensors and cutting them apart are each other's adjoint.</summary>
internal static class ConcatGradients
{
    /// <summary>Slices, not Split: captured CUDA graphs replay Split of unequal sizes from freed memory.</summary>
    public static Value?[] Concat(GradientContext g)
    {
        var axis = Shapes.Axis(g.Node.Int("axis", 0), g.Y().Rank);
        var result = new Value?[g.Node.Inputs.Length];
        var start = g.Longs(0);
        for (var i = 0; i < result.Length; i++)
        {
            var end = i == 0 ? g.Size(g.X(i), axis) : g.Add(start, g.Size(g.X(i), axis));
            result[i] = result.Length == 1 ? g.DY : g.Slice(g.DY, start, end, [axis]);
            start = end;
        }

        return result;
    }

    /// <summary>A part that nobody used has the gradient zero.</summary>
    public static Value?[] Split(GradientContext g)
    {
        var parts = g.Node.Outputs.Select((y, i) => g.DYOrNull(i) ?? g.Zeros(y)).ToArray();
        return [parts.Length == 1 ? parts[0] : g.Concat(g.Node.Int("axis", 0), parts)];
    }
}
