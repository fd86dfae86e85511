using System.Numerics;
using MathNet.Numerics.IntegralTransforms;

namespace OnnxViz.Optimize.Parameterizations;

/// <summary>
/// The discrete Fourier transform of real pictures of one size, of which half of the frequencies say everything
/// (numpy's rfft2). In a graph the inverse is two products with cosine and sine matrices, which run on every provider.
/// </summary>
internal sealed class RealFourier(int height, int width)
{
    /// <summary>Frequencies along a row: W/2 + 1.</summary>
    public int Half { get; } = (width / 2) + 1;

    /// <summary>From [N, C, H, W/2 + 1], real and imaginary part, to H W times the picture, [N, C, H, W].</summary>
    public Value Inverse(IEmitter e, Value re, Value im)
    {
        var (cosY, sinY) = (Matrix(height, height, (y, k) => Math.Cos(Angle(y, k, height))), Matrix(height, height, (y, k) => Math.Sin(Angle(y, k, height))));
        var columnsRe = e.Sub(e.MatMul(Constant(cosY, height, height), re), e.MatMul(Constant(sinY, height, height), im));
        var columnsIm = e.Add(e.MatMul(Constant(sinY, height, height), re), e.MatMul(Constant(cosY, height, height), im));
        var cosX = Matrix(Half, width, (k, x) => Multiplicity(k) * Math.Cos(Angle(k, x, width)));
        var sinX = Matrix(Half, width, (k, x) => -Multiplicity(k) * Math.Sin(Angle(k, x, width)));
        return e.Add(e.MatMul(columnsRe, Constant(cosX, Half, width)), e.MatMul(columnsIm, Constant(sinX, Half, width)));

        Value Constant(float[] elements, long rows, long columns) => e.Builder.Constant(Tensor.Of(elements, rows, columns));
    }

    /// <summary>The spectrum of one plane, [H, W/2 + 1], not divided by anything.</summary>
    public Complex[] Forward(double[] plane)
    {
        var spectrum = new Complex[height * Half];
        for (var y = 0; y < height; y++)
        {
            var row = Array.ConvertAll(plane.AsSpan(y * width, width).ToArray(), v => new Complex(v, 0));
            Fourier.Forward(row, FourierOptions.AsymmetricScaling);
            row.AsSpan(0, Half).CopyTo(spectrum.AsSpan(y * Half));
        }

        var column = new Complex[height];
        for (var k = 0; k < Half; k++)
        {
            for (var y = 0; y < height; y++) column[y] = spectrum[(y * Half) + k];
            Fourier.Forward(column, FourierOptions.AsymmetricScaling);
            for (var y = 0; y < height; y++) spectrum[(y * Half) + k] = column[y];
        }

        return spectrum;
    }

    /// <summary>For every frequency of the half its distance from 0 in cycles per pixel.</summary>
    public double[] Frequencies() => [.. Enumerable.Range(0, height * Half).Select(i =>
    {
        var (ky, kx) = Math.DivRem(i, Half);
        var (fy, fx) = ((double)(ky <= (height - 1) / 2 ? ky : ky - height) / height, (double)kx / width);
        return Math.Sqrt((fx * fx) + (fy * fy));
    })];

    /// <summary>A frequency stands for itself and its mirror image, but for the first and, of even widths, the last.</summary>
    private double Multiplicity(int k) => k == 0 || 2 * k == width ? 1 : 2;

    private static double Angle(long a, long b, int n) => 2 * Math.PI * (a * b % n) / n;

    private static float[] Matrix(int rows, int columns, Func<int, int, double> element)
    {
        var result = new float[rows * columns];
        for (var r = 0; r < rows; r++)
            for (var c = 0; c < columns; c++) result[(r * columns) + c] = (float)element(r, c);
        return result;
    }
}
