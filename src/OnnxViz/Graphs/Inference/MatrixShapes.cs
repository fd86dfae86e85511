namespace OnnxViz.Graphs.Inference;

/// <summary>Products of matrices.</summary>
internal static class MatrixShapes
{
    public static void Gemm(ShapeScope s)
    {
        var (a, b) = (Matrix(s, 0, "transA"), Matrix(s, 1, "transB"));
        ShapeScope.Match(a[1], b[0], "inner dimensions");
        long[] y = [a[0], b[1]];
        if (s.X(2) is { } c)
        {
            var both = Shapes.Broadcast(y, c)!;
            if (both.Length != 2 || (y[0] >= 0 && both[0] != y[0]) || (y[1] >= 0 && both[1] != y[1]))
                throw ShapeScope.Fail($"C does not broadcast to [{Shapes.Text(y)}]");
        }

        s.Set(y);
    }

    /// <summary>NumPy's matmul: vectors get a dimension for the product and lose it again.</summary>
    public static void MatMul(ShapeScope s)
    {
        var (a, b) = (s.RankAtLeast(0, 1), s.RankAtLeast(1, 1));
        s.Set(null);
        if (a is null || b is null) return;
        ShapeScope.Match(a[^1], b.Length == 1 ? b[0] : b[^2], "inner dimensions");
        var y = Shapes.Broadcast(a.Length > 2 ? a[..^2] : [], b.Length > 2 ? b[..^2] : [])!.ToList();
        if (a.Length > 1) y.Add(a[^2]);
        if (b.Length > 1) y.Add(b[^1]);
        s.Set([.. y]);
    }

    private static long[] Matrix(ShapeScope s, int i, string transpose)
    {
        var m = s.Node.Required(i).Dims ?? ShapeScope.UnknownOfRank(2);
        if (m.Length != 2) throw ShapeScope.Fail($"input {i} is no matrix");
        return s.Node.Int(transpose, 0) != 0 ? [m[1], m[0]] : m;
    }
}
