namespace OnnxViz.Autodiff.Rules;

internal static class MatrixGradients
{
    /// <summary>Y = alpha op(A) op(B) + beta C, where op may transpose.</summary>
    public static Value?[] Gemm(GradientContext g)
    {
        var (transA, transB) = (g.Node.Int("transA", 0), g.Node.Int("transB", 0));
        var alpha = g.Node.Float("alpha", 1);
        var dA = transA == 0 ? Product(g.DY, 0, g.X(1), 1 - transB) : Product(g.X(1), transB, g.DY, 1);
        var dB = g.X(1).Constant is not null ? null : transB == 0 ? Product(g.X(0), 1 - transA, g.DY, 0) : Product(g.DY, 1, g.X(0), transA);
        return [dA, dB, g.Has(2) ? g.Mul(g.DY, g.Node.Float("beta", 1)) : null];

        Value Product(Value a, long ta, Value b, long tb) => g.Emit("Gemm", [a, b], ("alpha", alpha), ("transA", ta), ("transB", tb));
    }

    /// <summary>dA = dY B^T, dB = A^T dY over the last two axes; the walk sums over broadcast batch axes.</summary>
    public static Value?[] MatMul(GradientContext g)
    {
        var (a, b, dy) = (g.X(0), g.X(1), g.DY);
        var (vectorA, vectorB) = (a.Rank == 1, b.Rank == 1);
        // A vector takes part as a matrix with one row, or one column, that the product drops again.
        if (vectorA) (a, dy) = (g.Unsqueeze(a, 0), g.Unsqueeze(dy, vectorB ? -1 : -2));
        if (vectorB) (b, dy) = (g.Unsqueeze(b, 1), g.Unsqueeze(dy, -1));
        var dA = g.MatMul(dy, Swapped(g, b));
        var dB = g.X(1).Constant is not null ? null : g.MatMul(Swapped(g, a), dy);
        return [vectorA ? SqueezeTo(dA, -2) : dA, dB is not null && vectorB ? SqueezeTo(dB, -1) : dB];

        Value SqueezeTo(Value value, long axis) => g.Squeeze(value, axis);
    }

    private static Value Swapped(GradientContext g, Value matrix)
    {
        var perm = Shapes.Axes(0, matrix.Rank);
        (perm[^1], perm[^2]) = (perm[^2], perm[^1]);
        return g.Transpose(matrix, perm);
    }
}
