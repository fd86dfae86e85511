using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace OnnxViz.Imaging;

/// <summary>
/// Dequantisation and the inverse cosine transform, by Loeffler, Ligtenberg and Moschytz's method ("Practical fast 1-D
/// DCT algorithms with 11 multiplications", ICASSP 1989) in 13-bit fixed point: first down the columns, keeping two more
/// bits, then along the rows. Scaling and rounding are those of libjpeg's "islow", so that samples are the same.
/// </summary>
internal sealed class JpegIdct
{
    private const int ConstantBits = 13;
    private const int ExtraBits = 2;

    private readonly Vector256<int>[] _quantization = new Vector256<int>[8];

    /// <param name="quantization">64 factors, row by row.</param>
    public JpegIdct(int[] quantization)
    {
        for (int row = 0; row < 8; row++)
        {
            _quantization[row] = Vector256.Create(quantization, 8 * row);
        }
    }

    /// <summary>The samples of a block whose only coefficient is <paramref name="dc"/>.</summary>
    public void TransformFlat(short dc, Span<byte> samples, int stride)
    {
        int level = ((dc * _quantization[0][0]) + 4) >> 3;
        byte sample = (byte)Math.Clamp(level + 128, 0, 255);
        for (int row = 0; row < 8; row++)
        {
            samples.Slice(row * stride, 8).Fill(sample);
        }
    }

    /// <param name="block">64 coefficients, row by row.</param>
    /// <param name="samples">Where the block's first sample goes.</param>
    /// <param name="stride">From one row of samples to the next.</param>
    public void Transform(ReadOnlySpan<short> block, Span<byte> samples, int stride)
    {
        Span<Vector256<int>> lines = stackalloc Vector256<int>[8];
        for (int row = 0; row < 8; row++)
        {
            lines[row] = Vector256.WidenLower(Vector128.Create(block.Slice(8 * row, 8)).ToVector256Unsafe()) * _quantization[row];
        }

        Pass(lines, ConstantBits - ExtraBits);
        Transpose(lines);
        Pass(lines, ConstantBits + ExtraBits + 3);
        Transpose(lines);
        for (int row = 0; row < 8; row++)
        {
            Vector256<int> line = Vector256.Min(lines[row] + Vector256.Create(128), Vector256.Create(255));
            line = Vector256.Max(line, Vector256<int>.Zero);
            Vector128<ushort> words = Vector128.Narrow(line.GetLower().AsUInt32(), line.GetUpper().AsUInt32());
            Vector128.Narrow(words, words).GetLower().CopyTo(samples.Slice(row * stride, 8));
        }
    }

    /// <summary>Eight transforms of eight values at once: a lane is one of them, a line holds one value of each.</summary>
    /// <param name="x">The values; replaced by the results.</param>
    /// <param name="shift">By how much to scale the results down, with rounding.</param>
    private static void Pass(Span<Vector256<int>> x, int shift)
    {
        Vector256<int> turn = (x[2] + x[6]) * 4433;                     // sqrt(2) cos(6 pi/16)
        Vector256<int> even2 = turn - (x[6] * 15137);                   // sqrt(2) (cos(2 pi/16) + cos(6 pi/16))
        Vector256<int> even3 = turn + (x[2] * 6270);                    // sqrt(2) (cos(2 pi/16) - cos(6 pi/16))
        Vector256<int> rounding = Vector256.Create(1 << (shift - 1));
        Vector256<int> sum = ((x[0] + x[4]) << ConstantBits) + rounding;
        Vector256<int> difference = ((x[0] - x[4]) << ConstantBits) + rounding;
        Vector256<int> even0 = sum + even3;
        Vector256<int> even1 = difference + even2;
        even2 = difference - even2;
        even3 = sum - even3;

        Vector256<int> z1 = (x[7] + x[1]) * -7373;                      // figure 1 of the paper, mirrored
        Vector256<int> z2 = (x[5] + x[3]) * -20995;
        Vector256<int> z3 = x[7] + x[3];
        Vector256<int> z4 = x[5] + x[1];
        Vector256<int> z5 = (z3 + z4) * 9633;
        z3 = z5 - (z3 * 16069);
        z4 = z5 - (z4 * 3196);
        Vector256<int> odd0 = (x[7] * 2446) + z1 + z3;
        Vector256<int> odd1 = (x[5] * 16819) + z2 + z4;
        Vector256<int> odd2 = (x[3] * 25172) + z2 + z3;
        Vector256<int> odd3 = (x[1] * 12299) + z1 + z4;

        x[0] = (even0 + odd3) >> shift;
        x[7] = (even0 - odd3) >> shift;
        x[1] = (even1 + odd2) >> shift;
        x[6] = (even1 - odd2) >> shift;
        x[2] = (even2 + odd1) >> shift;
        x[5] = (even2 - odd1) >> shift;
        x[3] = (even3 + odd0) >> shift;
        x[4] = (even3 - odd0) >> shift;
    }

    private static void Transpose(Span<Vector256<int>> lines)
    {
        Span<int> flat = MemoryMarshal.Cast<Vector256<int>, int>(lines);
        for (int row = 0; row < 7; row++)
        {
            for (int column = row + 1; column < 8; column++)
            {
                int above = (8 * row) + column;
                int below = (8 * column) + row;
                (flat[above], flat[below]) = (flat[below], flat[above]);
            }
        }
    }
}
