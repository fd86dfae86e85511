using OnnxViz.Autodiff.Rules;

namespace OnnxViz.Graphs.Inference;

/// <summary>Operators that read or write at places given by indices.</summary>
internal static class GatherShapes
{
    public static void Gather(ShapeScope s)
    {
        var (x, indices) = (s.RankAtLeast(0, 1), s.Node.Required(1).Dims);
        if (x is null || indices is null)
        {
            s.Set(null);
            return;
        }

        var axis = Shapes.Axis(s.Node.Int("axis", 0), x.Length);
        s.Set([.. x[..axis], .. indices, .. x[(axis + 1)..]]);
    }

    public static void GatherElements(ShapeScope s)
    {
        var (x, indices) = (s.RankAtLeast(0, 1), s.Node.Required(1).Dims);
        SameRank(s, x, indices);
        s.Set(indices);
    }

    public static void ScatterElements(ShapeScope s)
    {
        var (x, indices) = (s.RankAtLeast(0, 1), s.Node.Required(1).Dims);
        SameRank(s, x, indices);
        if (indices is not null && s.Node.Required(2).Dims is { } updates)
        {
            if (updates.Length != indices.Length) throw ShapeScope.Fail("indices and updates differ in rank");
            for (var i = 0; i < indices.Length; i++) ShapeScope.Match(indices[i], updates[i], $"dimension {i} of indices against updates");
        }

        s.Set(x);
    }

    public static void ScatterND(ShapeScope s)
    {
        var (x, indices) = (s.RankAtLeast(0, 1), s.RankAtLeast(1, 1));
        if (x is not null && indices is [.., > 0 and var depth] && s.Node.Required(2).Dims is { } updates)
        {
            if (depth > x.Length) throw ShapeScope.Fail($"indices of {depth} numbers into {x.Length} dimensions");
            long[] expected = [.. indices[..^1], .. x[(int)depth..]];
            if (updates.Length != expected.Length) throw ShapeScope.Fail($"the updates should be [{Shapes.Text(expected)}]");
            for (var i = 0; i < expected.Length; i++) ShapeScope.Match(updates[i], expected[i], $"dimension {i} of the updates");
        }

        s.Set(x);
    }

    public static void GatherND(ShapeScope s)
    {
        var (x, indices) = (s.RankAtLeast(0, 1), s.RankAtLeast(1, 1));
        if (x is null || indices is not [.., >= 0 and var depth])
        {
            s.Set(null);
            return;
        }

        var from = checked(s.Node.Int("batch_dims", 0) + depth);
        if (from < depth || from > x.Length) throw ShapeScope.Fail($"indices of {depth} numbers into {x.Length} dimensions");
        s.Set([.. indices[..^1], .. x[(int)from..]]);
    }

    public static void OneHot(ShapeScope s)
    {
        var indices = s.Node.Required(0).Dims;
        var depth = s.Elements(1) is [var e] ? e.Dim : s.Longs(1) is [var n] ? n : Shapes.Unknown;
        var axis = indices is null ? 0 : Shapes.Axis(s.Node.Int("axis", -1), indices.Length + 1);
        s.Set(indices is null ? null : [.. indices[..axis], depth, .. indices[axis..]], s.Type(2));
    }

    /// <summary>As many elements of an axis, or of all, as the condition has ones; it may be shorter than what it chooses from.</summary>
    public static void Compress(ShapeScope s)
    {
        var x = (long[]?)s.RankAtLeast(0, 1)?.Clone();
        var chosen = s.Longs(1)?.Count(c => c != 0) ?? Shapes.Unknown;
        if (!s.Node.Has("axis"))
        {
            s.Set([chosen]);
            return;
        }

        if (x is not null) x[Shapes.Axis(s.Node.Int("axis", 0), x.Length)] = chosen;
        s.Set(x);
    }

    private static void SameRank(ShapeScope s, long[]? x, long[]? indices)
    {
        if (x is null || indices is null) return;
        if (x.Length != indices.Length) throw ShapeScope.Fail("data and indices differ in rank");
        Shapes.Axis(s.Node.Int("axis", 0), x.Length);
    }
}
