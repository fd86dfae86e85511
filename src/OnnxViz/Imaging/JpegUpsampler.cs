namespace OnnxViz.Imaging;

/// <summary>
/// Brings a component to the frame's full size, row by row, as libjpeg does by default: halves are filled in by a
/// triangle filter (a sample's nearer neighbour counts 3, the farther 1, roundings alternating), other ratios by
/// repeating samples.
/// </summary>
internal sealed class JpegUpsampler
{
    private readonly JpegComponent _component;
    private readonly int _across;
    private readonly int _down;
    private readonly bool _smoothAcross;
    private readonly bool _smoothDown;
    private readonly int[] _sums;
    private readonly byte[] _row;

    public JpegUpsampler(JpegComponent component, JpegFrame frame)
    {
        _component = component;
        _across = frame.MaxHorizontal / component.Horizontal;
        _down = frame.MaxVertical / component.Vertical;
        bool isWide = component.Width > 2;
        _smoothAcross = _across == 2 && _down <= 2 && isWide;
        _smoothDown = _down == 2 && (_across == 1 || _smoothAcross);
        _sums = new int[component.Width];
        _row = new byte[component.Width * _across];
    }

    /// <summary>The samples of row <paramref name="y"/> of the picture; valid until the next call.</summary>
    public ReadOnlySpan<byte> Row(int y)
    {
        int source = y / _down;
        ReadOnlySpan<byte> samples = Source(source);
        if (_across == 1 && !_smoothDown)
        {
            return samples;
        }

        if (!_smoothDown)
        {
            if (_smoothAcross)
            {
                Across(samples);
            }
            else
            {
                Repeat(samples);
            }

            return _row;
        }

        // The nearer row of the other side: above for the upper half of a sample, below for the lower.
        bool isUpper = y % 2 == 0;
        int other = Math.Clamp(isUpper ? source - 1 : source + 1, 0, _component.Height - 1);
        Down(samples, Source(other));
        if (_smoothAcross)
        {
            AcrossSums();
        }
        else
        {
            ScaleSums(isUpper ? 1 : 2);
        }

        return _row;
    }

    private ReadOnlySpan<byte> Source(int row) => _component.Plane.AsSpan(row * _component.Stride, _component.Width);

    private void Repeat(ReadOnlySpan<byte> samples)
    {
        for (int x = 0; x < samples.Length; x++)
        {
            _row.AsSpan(x * _across, _across).Fill(samples[x]);
        }
    }

    private void Across(ReadOnlySpan<byte> samples)
    {
        Span<byte> row = _row;
        int last = samples.Length - 1;
        row[0] = samples[0];
        for (int x = 0; x < last; x++)
        {
            row[(2 * x) + 1] = (byte)(((3 * samples[x]) + samples[x + 1] + 2) >> 2);
            row[(2 * x) + 2] = (byte)(((3 * samples[x + 1]) + samples[x] + 1) >> 2);
        }

        row[(2 * last) + 1] = samples[last];
    }

    private void Down(ReadOnlySpan<byte> near, ReadOnlySpan<byte> far)
    {
        Span<int> sums = _sums;
        far = far[..near.Length];
        for (int x = 0; x < near.Length && x < sums.Length; x++)
        {
            sums[x] = (3 * near[x]) + far[x];
        }
    }

    private void ScaleSums(int rounding)
    {
        for (int x = 0; x < _sums.Length; x++)
        {
            _row[x] = (byte)((_sums[x] + rounding) >> 2);
        }
    }

    private void AcrossSums()
    {
        ReadOnlySpan<int> sums = _sums;
        Span<byte> row = _row;
        int last = sums.Length - 1;
        row[0] = (byte)(((4 * sums[0]) + 8) >> 4);
        for (int x = 0; x < last; x++)
        {
            row[(2 * x) + 1] = (byte)(((3 * sums[x]) + sums[x + 1] + 7) >> 4);
            row[(2 * x) + 2] = (byte)(((3 * sums[x + 1]) + sums[x] + 8) >> 4);
        }

        row[(2 * last) + 1] = (byte)(((4 * sums[last]) + 7) >> 4);
    }
}
