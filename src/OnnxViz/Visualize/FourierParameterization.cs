using OnnxViz.Graphs;

namespace OnnxViz.Visualize;

/// <summary>
/// Lucid's image parameterisation (param/spatial.py, param/color.py; Olah et al., "Feature Visualization", 2017): half
/// of a real picture's spectrum for three decorrelated colours, each frequency f scaled by 1 / max(f, 1/max(w, h)) so
/// that a step moves all scales alike. The inverse transform is two products with cosine and sine matrices, which run
/// on every provider.
/// </summary>
internal sealed class FourierParameterization(int height, int width, double decay = 1) : Parameterization(height, width)
{
    private const double Deviation = 0.01;

    /// <summary>Lucid's divisor that brings the picture into the sigmoid's range.</summary>
    private const double Magic = 4;

    /// <summary>Columns: how much each decorrelated colour adds to R, G and B, normalised by the largest column.</summary>
    private static readonly float[,] Colors =
    {
        { 0.562829f, 0.194825f, 0.043295f },
        { 0.584476f, 0f, -0.108236f },
        { 0.584476f, -0.194825f, 0.064942f },
    };

    private int Half => (Width / 2) + 1;

    /// <summary>[2, 3, H, W/2 + 1]: real and imaginary part.</summary>
    public override long[] Dims => [2, 3, Height, Half];

    public override float[] Noise(CounterRandom random) =>
        [.. Enumerable.Range(0, 2 * 3 * Height * Half).Select(_ => (float)(Deviation * random.Normal()))];

    public override Value Picture(IEmitter e, Value parameter)
    {
        using var scope = e.Builder.Scope("fourier");
        var n = parameter.StaticDims()[0];
        var scaled = e.Mul(parameter, e.Builder.Constant(Tensor.Of(Scale(), Height, Half)));
        var re = e.Reshape(e.Slice(scaled, [0], [1], [1]), n, 3, Height, Half);
        var im = e.Reshape(e.Slice(scaled, [1], [2], [1]), n, 3, Height, Half);

        var (cosY, sinY) = (Matrix(Height, Height, (y, k) => Math.Cos(Angle(y, k, Height))), Matrix(Height, Height, (y, k) => Math.Sin(Angle(y, k, Height))));
        var columnsRe = e.Sub(e.MatMul(Constant(cosY, Height, Height), re), e.MatMul(Constant(sinY, Height, Height), im));
        var columnsIm = e.Add(e.MatMul(Constant(sinY, Height, Height), re), e.MatMul(Constant(cosY, Height, Height), im));
        var cosX = Matrix(Half, Width, (k, x) => Multiplicity(k) * Math.Cos(Angle(k, x, Width)));
        var sinX = Matrix(Half, Width, (k, x) => -Multiplicity(k) * Math.Sin(Angle(k, x, Width)));
        var plane = e.Add(e.MatMul(columnsRe, Constant(cosX, Half, Width)), e.MatMul(columnsIm, Constant(sinX, Half, Width)));

        var colors = e.Builder.Constant(Tensor.Of([.. Colors.Cast<float>()], 3, 3, 1, 1));
        return e.Sigmoid(e.Emit("Conv", [plane, colors], ("kernel_shape", new long[] { 1, 1 })));

        Value Constant(float[] elements, long rows, long columns) => e.Builder.Constant(Tensor.Of(elements, rows, columns));
    }

    /// <summary>The spectrum whose picture this is; 0 and 1, which no spectrum reaches, are moved inwards by 1/512.</summary>
    public override float[] FromPicture(float[] picture)
    {
        var inverse = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(3, 3, (r, c) => Colors[r, c]).Inverse();
        var size = Height * Width;
        var logits = Array.ConvertAll(picture, p => Math.Clamp(p, 1.0 / 512, 511.0 / 512)).Select(p => Math.Log(p / (1 - p))).ToArray();
        var scale = Scale();
        var result = new float[2 * 3 * Height * Half];
        for (var c = 0; c < 3; c++)
        {
            var plane = new double[size];
            for (var k = 0; k < 3; k++)
                for (var i = 0; i < size; i++) plane[i] += inverse[c, k] * logits[(k * size) + i];
            Analyse(plane, scale, result, c);
        }

        return result;
    }

    private void Analyse(double[] plane, float[] scale, float[] result, int color)
    {
        var rows = new System.Numerics.Complex[Height * Half];
        for (var y = 0; y < Height; y++)
            for (var k = 0; k < Half; k++)
                for (var x = 0; x < Width; x++)
                    rows[(y * Half) + k] += plane[(y * Width) + x] * System.Numerics.Complex.FromPolarCoordinates(1, -Angle(k, x, Width));
        for (var ky = 0; ky < Height; ky++)
        {
            for (var k = 0; k < Half; k++)
            {
                var sum = System.Numerics.Complex.Zero;
                for (var y = 0; y < Height; y++) sum += rows[(y * Half) + k] * System.Numerics.Complex.FromPolarCoordinates(1, -Angle(ky, y, Height));
                var at = (ky * Half) + k;
                sum /= scale[at] * (double)(Height * Width);
                result[(color * Height * Half) + at] = (float)sum.Real;
                result[((3 + color) * Height * Half) + at] = (float)sum.Imaginary;
            }
        }
    }

    /// <summary>
    /// Lucid's scale, sqrt(w h) / max(f, 1/max(w, h))^decay / 4, with the 1 / (w h) of the inverse transform. Whatever
    /// the decay, noise has the same contrast.
    /// </summary>
    private float[] Scale()
    {
        var unit = Amplitudes(1);
        var wanted = Amplitudes(decay);
        var gain = Math.Sqrt(unit.Sum(a => a * a) / wanted.Sum(a => a * a)) / (Math.Sqrt(Height * (double)Width) * Magic);
        return Array.ConvertAll(wanted, a => (float)(a * gain));
    }

    private double[] Amplitudes(double power)
    {
        var lowest = 1.0 / Math.Max(Width, Height);
        return [.. Enumerable.Range(0, Height * Half).Select(i =>
        {
            var (ky, kx) = Math.DivRem(i, Half);
            var (fy, fx) = ((double)(ky <= (Height - 1) / 2 ? ky : ky - Height) / Height, (double)kx / Width);
            return Math.Pow(Math.Max(Math.Sqrt((fx * fx) + (fy * fy)), lowest), -power);
        })];
    }

    /// <summary>A frequency stands for itself and its mirror image, but for the first and, of even widths, the last.</summary>
    private double Multiplicity(int k) => k == 0 || 2 * k == Width ? 1 : 2;

    private static double Angle(long a, long b, int n) => 2 * Math.PI * (a * b % n) / n;

    private static float[] Matrix(int rows, int columns, Func<int, int, double> element)
    {
        var result = new float[rows * columns];
        for (var r = 0; r < rows; r++)
            for (var c = 0; c < columns; c++) result[(r * columns) + c] = (float)element(r, c);
        return result;
    }
}
