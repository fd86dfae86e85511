using OnnxViz.Graphs.Folding;

namespace OnnxViz.Graphs.Inference;

/// <summary>Operators that give the same elements other dimensions, or another order of them.</summary>
internal static class ReshapeShapes
{
    public static void Reshape(ShapeScope s)
    {
        var x = s.Node.Required(0).Dims;
        var target = s.Given(1) ? s.Elements(1)
            : s.Node.Ints("shape") is { } shape ? Array.ConvertAll(shape, n => new SymbolicInt(n))
            : throw ShapeScope.Fail("the new shape is missing");
        if (target is null)
        {
            s.Set(s.X(1) is [>= 0 and var rank] ? ShapeScope.UnknownOfRank(rank) : null);
            return;
        }

        s.Set(Fill(s, x, target));
    }

    public static void Flatten(ShapeScope s)
    {
        if (s.Node.Required(0).Dims is not { } x)
        {
            s.Set(ShapeScope.UnknownOfRank(2));
            return;
        }

        var axis = s.Node.Int("axis", 1);
        var at = axis == x.Length ? x.Length : Shapes.Axis(axis, x.Length);
        s.Set([Product(x[..at]), Product(x[at..])]);
    }

    public static void Squeeze(ShapeScope s)
    {
        var known = s.InputOrAttribute(1, "axes", out var axes);
        if (s.Node.Required(0).Dims is not { } x || !known || (axes is null && !Shapes.IsStatic(x)))
        {
            s.Set(null);
            return;
        }

        var gone = axes is null
            ? Enumerable.Range(0, x.Length).Where(i => x[i] == 1).ToHashSet()
            : axes.Select(a => Shapes.Axis(a, x.Length)).ToHashSet();
        foreach (var i in gone)
            if (x[i] is not (1 or Shapes.Unknown)) throw ShapeScope.Fail($"axis {i} is not of size 1");
        s.Set([.. x.Where((_, i) => !gone.Contains(i))]);
    }

    public static void Unsqueeze(ShapeScope s)
    {
        var known = s.InputOrAttribute(1, "axes", out var axes);
        if (s.Node.Required(0).Dims is not { } x || !known)
        {
            s.Set(null);
            return;
        }

        if (axes is null) throw ShapeScope.Fail("the axes are missing");
        var rank = x.Length + axes.Length;
        var added = axes.Select(a => Shapes.Axis(a, rank)).ToHashSet();
        if (added.Count != axes.Length) throw ShapeScope.Fail("an axis is given twice");
        var rest = new Queue<long>(x);
        s.Set([.. Enumerable.Range(0, rank).Select(i => added.Contains(i) ? 1 : rest.Dequeue())]);
    }

    public static void Transpose(ShapeScope s)
    {
        var x = s.Node.Required(0).Dims;
        var perm = s.Node.Ints("perm");
        if (x is null) s.Set(perm is null ? null : ShapeScope.UnknownOfRank(perm.Length));
        else s.Set([.. DataMovement.Permutation(perm, x.Length).Select(i => x[i])]);
    }

    private static long[] Fill(ShapeScope s, long[]? x, SymbolicInt[] target)
    {
        var zeroCopies = s.Node.Int("allowzero", 0) == 0;
        var y = new long[target.Length];
        // Unknown dimensions that are taken over from the input cancel out when the rest is counted.
        var (open, copied) = (-1, 0);
        var inherited = x is null ? [] : DimensionNames.Of(s.Node.Required(0));
        for (var i = 0; i < y.Length; i++)
        {
            var e = target[i];
            if (e.Number is -1)
            {
                if (open >= 0) throw ShapeScope.Fail("-1 stands twice in the new shape");
                (open, y[i]) = (i, Shapes.Unknown);
            }
            else if (e.Number < -1) throw ShapeScope.Fail($"the new shape holds {e.Number}");
            else if (e.Number is 0 && zeroCopies)
            {
                if (x is not null && i >= x.Length) throw ShapeScope.Fail($"0 at place {i} of the new shape copies a dimension that is not there");
                y[i] = x?[i] ?? Shapes.Unknown;
                if (x?[i] < 0 && inherited.Remove(DimensionNames.Of(s.Node.Required(0), i))) copied++;
            }
            else
            {
                y[i] = e.Dim;
                if (e.Source is not null && inherited.Remove(DimensionNames.Of(e.Source, e.Axis))) copied++;
            }
        }

        if (x is null || x.Count(d => d < 0) != copied) return y;
        var unknown = y.Count(d => d < 0) - copied;
        // One number that only the run would tell is as good as -1 when everything else is known.
        if (open < 0 && unknown == 1 && copied == 0) open = Array.IndexOf(y, Shapes.Unknown);
        if (unknown > (open < 0 ? 0 : 1)) return y;
        var (from, to) = (KnownProduct(x), KnownProduct(y));
        if (open < 0 ? from != to : to == 0 ? from != 0 : from % to != 0)
            throw ShapeScope.Fail($"[{Shapes.Text(x)}] has not as many elements as [{string.Join(',', target.Select(e => e.Number?.ToString() ?? "?"))}]");
        if (open >= 0) y[open] = to == 0 ? 0 : from / to;
        return y;
    }

    private static long KnownProduct(long[] dims) => Shapes.Count([.. dims.Where(d => d >= 0)]);

    private static long Product(long[] dims) => Shapes.IsStatic(dims) ? Shapes.Count(dims) : Shapes.Unknown;
}
