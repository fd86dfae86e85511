namespace OnnxViz.Autodiff.Rules.Sampling;

/// <summary>
/// Sampling a picture at the points of a grid (Jaderberg et al. 2015, Spatial Transformer Networks). Every point reads
/// some elements with weights: the picture's gradient is added up at these elements, the grid's follows from how the
/// weights change with the point.
/// </summary>
internal static class GridSampleGradient
{
    public static Value?[] GridSample(GradientContext g)
    {
        var axes = GridTaps.Of(g);
        var rank = g.X().Rank;
        var (batch, channels) = (g.Size(g.X(), 0), g.Size(g.X(), 1));
        var elements = g.Product([.. Enumerable.Range(2, rank - 2).Select(i => g.Size(g.X(), i))]);
        var dy = g.Reshape(g.DY, g.Join(batch, channels, g.Longs(-1)));
        var picture = g.Reshape(g.X(), g.Join(batch, channels, elements));
        var dx = g.Expand(g.Scalar(0), g.Join(batch, channels, elements));
        var moves = new Value?[axes.Length];
        foreach (var corner in Corners(axes))
        {
            var place = corner.Select(tap => tap.Place).Aggregate((a, b) => g.Add(a, b));
            var places = g.Expand(g.Unsqueeze(place, 1), g.Shape(dy));
            var weight = corner.Select(tap => tap.Weight).Aggregate((a, b) => g.Mul(a, b));
            dx = g.ScatterElements(dx, places, g.Mul(dy, g.Unsqueeze(weight, 1)), 2, "add");
            if (Array.Exists(corner, tap => tap.Slope is null)) continue;
            var read = g.Emit("GatherElements", [picture, places], ("axis", 2L));
            var effect = g.ReduceSum(g.Mul(dy, read), [1], keep: false);
            for (var axis = 0; axis < axes.Length; axis++)
            {
                var others = corner.Where((_, i) => i != axis).Select(tap => tap.Weight);
                var move = others.Aggregate(g.Mul(effect, corner[axis].Slope!), (a, b) => g.Mul(a, b));
                moves[axis] = moves[axis] is { } sum ? g.Add(sum, move) : move;
            }
        }

        // The grid counts the axes from the last one on.
        var grid = moves[0] is null ? null : g.ReshapeLike(g.Concat(2, [.. moves.Reverse().Select(m => g.Unsqueeze(m!, 2))]), g.X(1));
        return [g.ReshapeLike(dx, g.X()), grid];
    }

    /// <summary>One tap of each axis, in all combinations.</summary>
    private static IEnumerable<GridTap[]> Corners(GridTap[][] axes) => axes.Aggregate(
        (IEnumerable<GridTap[]>)[[]], (corners, taps) => corners.SelectMany(corner => taps.Select(tap => (GridTap[])[.. corner, tap])));
}
