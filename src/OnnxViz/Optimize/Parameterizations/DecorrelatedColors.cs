namespace OnnxViz.Optimize.Parameterizations;

/// <summary>
/// Lucid's colours (param/color.py): three planes that vary independently in natural pictures become R, G and B in 0..1
/// by a matrix and a sigmoid.
/// </summary>
internal static class DecorrelatedColors
{
    /// <summary>Nearest to 0 and 1 that a plane is asked to reach.</summary>
    private const double Margin = 1.0 / 512;

    /// <summary>Columns: how much each decorrelated colour adds to R, G and B, normalised by the largest column.</summary>
    private static readonly float[,] Colors =
    {
        { 0.562829f, 0.194825f, 0.043295f },
        { 0.584476f, 0f, -0.108236f },
        { 0.584476f, -0.194825f, 0.064942f },
    };

    /// <summary>[N, 3, H, W] of decorrelated colours to RGB in 0..1.</summary>
    public static Value ToPicture(IEmitter e, Value planes)
    {
        var colors = e.Builder.Constant(Tensor.Of([.. Colors.Cast<float>()], 3, 3, 1, 1));
        return e.Sigmoid(e.Emit("Conv", [planes, colors], ("kernel_shape", new long[] { 1, 1 })));
    }

    /// <summary>The planes whose picture this is, one array each; 0 and 1, which no number reaches, are moved inwards by 1/512.</summary>
    /// <param name="picture">[3, H, W], or as many planes as are independent.</param>
    /// <param name="independent">Null for three colours; planes that vary independently as they are.</param>
    public static double[][] FromPicture(float[] picture, int? independent = null)
    {
        var planes = independent ?? 3;
        var size = picture.Length / planes;
        var logits = Array.ConvertAll(picture, p => Math.Clamp(p, Margin, 1 - Margin)).Select(p => Math.Log(p / (1 - p))).ToArray();
        if (independent is not null) return [.. logits.Chunk(size)];
        var inverse = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(3, 3, (r, c) => Colors[r, c]).Inverse();
        return [.. Enumerable.Range(0, 3).Select(c =>
        {
            var plane = new double[size];
            for (var k = 0; k < 3; k++)
                for (var i = 0; i < size; i++) plane[i] += inverse[c, k] * logits[(k * size) + i];
            return plane;
        })];
    }
}
