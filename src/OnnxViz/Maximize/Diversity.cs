using OnnxViz.Autodiff.Rules;

namespace OnnxViz.Maximize;

/// <summary>
/// How alike the pictures of a group are in what they make of a layer: of each the mean over the others of the cosine
/// between Gram matrices (Lucid's diversity objective; Olah et al. 2017). Pictures that are the same texture have 1,
/// such that share no unit 0.
/// </summary>
internal static class Diversity
{
    private const float Tiny = 1e-20f;

    /// <param name="e">Receives the nodes.</param>
    /// <param name="activation">[N, C, spatial...]</param>
    /// <param name="shares">[N, N] of <see cref="Shares"/>.</param>
    /// <returns>[N]; 0 for a row that is alone.</returns>
    public static Value Likeness(IEmitter e, Value activation, Value shares)
    {
        using var scope = e.Builder.Scope("diversity");
        var dims = activation.StaticDims();
        var (n, units) = (dims[0], dims[1]);
        var maps = e.Reshape(activation, n, units, -1);
        var grams = e.Reshape(e.MatMul(maps, e.Transpose(maps, 0, 2, 1)), n, units * units);
        // A silent layer has no Gram matrix to speak of: it is like nothing.
        var length = e.Sqrt(e.Max(e.ReduceSum(e.Square(grams), [1]), e.Scalar(Tiny)));
        var unit = e.Div(grams, length);
        var cosines = e.MatMul(unit, e.Transpose(unit, 1, 0));
        return e.ReduceSum(e.Mul(cosines, shares), [1], keep: false);
    }

    /// <summary>The share of each other picture of a row's group in its mean.</summary>
    public static Tensor Shares(IReadOnlyList<int> groups)
    {
        var n = groups.Count;
        var shares = new float[n * n];
        for (var i = 0; i < n; i++)
        {
            var others = groups.Count(g => g == groups[i]) - 1;
            for (var j = 0; j < n; j++)
                if (i != j && groups[i] == groups[j] && groups[i] >= 0) shares[(i * n) + j] = 1f / others;
        }

        return Tensor.Of(shares, n, n);
    }
}
