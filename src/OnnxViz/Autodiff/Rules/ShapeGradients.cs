using OnnxViz.Graphs.Folding;
using OnnxViz.Objectives;

namespace OnnxViz.Autodiff.Rules;

/// <summary>Gradients of operators that only lay elements out differently: each is the way back.</summary>
internal static class ShapeGradients
{
    public static Value?[] Transpose(GradientContext g)
    {
        var perm = DataMovement.Permutation(g.Node.Ints("perm"), g.X().Rank);
        var inverse = new long[perm.Length];
        for (var i = 0; i < perm.Length; i++) inverse[perm[i]] = i;
        return [g.Transpose(g.DY, inverse)];
    }

    /// <summary>Every axis repeated r times is two axes, [r, size], of which the first is summed over.</summary>
    public static Value?[] Tile(GradientContext g)
    {
        var x = g.X();
        var sizes = new List<Value>();
        var repeated = new List<long>();
        for (var axis = 0; axis < x.Rank; axis++)
        {
            var times = g.At(g.X(1), axis);
            if (times.Constant?.ToLongs()[0] != 1)
            {
                repeated.Add(sizes.Count);
                sizes.Add(times);
            }

            sizes.Add(g.Size(x, axis));
        }

        return [repeated.Count == 0 ? g.DY : g.ReduceSum(g.Reshape(g.DY, g.Join([.. sizes])), [.. repeated], keep: false)];
    }

    /// <summary>SpaceToDepth knows only the order DCR (depth, column, row); for CRD the axes are moved by hand.</summary>
    public static Value?[] DepthToSpace(GradientContext g)
    {
        var block = g.Node.Int("blocksize", 1);
        if (g.Node.Text("mode", "DCR") != "CRD") return [g.Emit("SpaceToDepth", [g.DY], ("blocksize", block))];
        var (n, c, h, w) = (g.Size(g.X(), 0), g.Size(g.Y(), 1), g.Size(g.X(), 2), g.Size(g.X(), 3));
        var blocks = g.Reshape(g.DY, g.Join(n, c, h, g.Longs(block), w, g.Longs(block)));
        return [g.ReshapeLike(g.Transpose(blocks, 0, 1, 3, 5, 2, 4), g.X())];
    }

    public static Value?[] SpaceToDepth(GradientContext g) =>
        [g.Emit("DepthToSpace", [g.DY], ("blocksize", g.Node.Int("blocksize", 1)), ("mode", "DCR"))];

    /// <summary>Summed from the other end.</summary>
    public static Value?[] CumSum(GradientContext g) =>
        [g.Emit("CumSum", [g.DY, g.X(1)], ("exclusive", g.Node.Int("exclusive", 0)), ("reverse", 1 - g.Node.Int("reverse", 0)))];

    /// <summary>Turned round again.</summary>
    public static Value?[] ReverseSequence(GradientContext g) =>
        [g.Emit("ReverseSequence", [g.DY, g.X(1)], ("batch_axis", g.Node.Int("batch_axis", 1)), ("time_axis", g.Node.Int("time_axis", 0)))];

    public static Value?[] Trilu(GradientContext g) =>
        [g.Emit("Trilu", g.Has(1) ? [g.DY, g.X(1)] : [g.DY], ("upper", g.Node.Int("upper", 1)))];
}
