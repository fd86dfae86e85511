using System.Numerics;

namespace OnnxViz.Imaging.Compare;

/// <summary>
/// SSIM of Wang, Bovik, Sheikh and Simoncelli (2004): an 11x11 Gaussian window of sigma 1.5 wherever it fits wholly into the picture,
/// K1 = 0.01, K2 = 0.03, on each of the three channels, averaged. Of pictures smaller than the window, a smaller window.
/// </summary>
internal static class StructuralSimilarity
{
    private const int Window = 11;
    private const double Sigma = 1.5;
    private const double C1 = 0.01 * 255 * 0.01 * 255;
    private const double C2 = 0.03 * 255 * 0.03 * 255;

    /// <summary>Of two pictures of one size.</summary>
    public static double Of(Image a, Image b) => Enumerable.Range(0, 3).Average(channel => OfChannel(a, b, channel));

    private static double OfChannel(Image a, Image b, int channel)
    {
        double[] x = Channel(a, channel), y = Channel(b, channel);
        double[] meanX = Smooth(x, a), meanY = Smooth(y, a);
        double[] squareX = Smooth(Product(x, x), a), squareY = Smooth(Product(y, y), a), cross = Smooth(Product(x, y), a);
        double sum = 0;
        for (int i = 0; i < meanX.Length; i++)
        {
            double xx = meanX[i] * meanX[i], yy = meanY[i] * meanY[i], xy = meanX[i] * meanY[i];
            double varianceX = squareX[i] - xx, varianceY = squareY[i] - yy, covariance = cross[i] - xy;
            sum += ((2 * xy) + C1) * ((2 * covariance) + C2) / ((xx + yy + C1) * (varianceX + varianceY + C2));
        }

        return sum / meanX.Length;
    }

    private static double[] Channel(Image image, int channel)
    {
        double[] values = new double[image.Width * image.Height];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = image.Pixels[(3 * i) + channel];
        }

        return values;
    }

    private static double[] Product(double[] a, double[] b)
    {
        double[] product = new double[a.Length];
        for (int i = 0; i < product.Length; i++)
        {
            product[i] = a[i] * b[i];
        }

        return product;
    }

    /// <summary>The window's weighted means, one for each place where it fits, row by row.</summary>
    private static double[] Smooth(double[] values, Image size)
    {
        double[] across = Gaussian(size.Width), down = Gaussian(size.Height);
        int width = size.Width - across.Length + 1, height = size.Height - down.Length + 1;
        double[] rows = new double[width * size.Height], result = new double[width * height];
        for (int y = 0; y < size.Height; y++)
        {
            for (int k = 0; k < across.Length; k++)
            {
                AddScaled(rows.AsSpan(y * width, width), values.AsSpan((y * size.Width) + k, width), across[k]);
            }
        }

        for (int k = 0; k < down.Length; k++)
        {
            AddScaled(result, rows.AsSpan(k * width, result.Length), down[k]);
        }

        return result;
    }

    private static void AddScaled(Span<double> sum, ReadOnlySpan<double> values, double factor)
    {
        int lanes = Vector<double>.Count, i = 0;
        for (; i + lanes <= sum.Length; i += lanes)
        {
            (new Vector<double>(sum[i..]) + (factor * new Vector<double>(values[i..]))).CopyTo(sum[i..]);
        }

        for (; i < sum.Length; i++)
        {
            sum[i] += factor * values[i];
        }
    }

    private static double[] Gaussian(int side)
    {
        double[] weights = new double[Math.Min(Window, side)];
        for (int i = 0; i < weights.Length; i++)
        {
            double away = i - ((weights.Length - 1) / 2.0);
            weights[i] = Math.Exp(-away * away / (2 * Sigma * Sigma));
        }

        double sum = weights.Sum();
        return [.. weights.Select(weight => weight / sum)];
    }
}
