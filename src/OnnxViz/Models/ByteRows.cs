namespace OnnxViz.Models;

/// <summary>
/// Rows of a model's input from 8-bit samples that have its size already: a table of what each sample becomes takes the place of
/// the arithmetic, with the same numbers.
/// </summary>
internal sealed class ByteRows
{
    private const int Levels = 256;

    private readonly PictureConventions _conventions;
    private readonly int _channels;
    private readonly float[] _table;

    private ByteRows(PictureConventions conventions, int channels)
    {
        (_conventions, _channels) = (conventions, channels);
        var levels = new Image(Levels, 1);
        for (var i = 0; i < levels.Pixels.Length; i++) levels.Pixels[i] = (byte)(i / 3);
        _table = (conventions with { ChannelsLast = false }).ToTensor(levels).ToFloats();
    }

    /// <param name="conventions">What the model expects.</param>
    /// <param name="channels">Of the samples: 1 or 3.</param>
    /// <param name="size">Of the pictures.</param>
    /// <returns>Null where the pictures would have to be resized, or colours made gray.</returns>
    public static ByteRows? For(PictureConventions conventions, int channels, PixelSize size) =>
        conventions.HasRgb && conventions.Fit == PictureFit.Stretch && (size.Height, size.Width) == (conventions.Height, conventions.Width) && channels <= conventions.Channels
            ? new ByteRows(conventions, channels)
            : null;

    /// <param name="chw">[channels, H, W], red before green before blue.</param>
    /// <param name="row">As many numbers as the model's input has for one picture, in its layout.</param>
    public void Fill(ReadOnlySpan<byte> chw, Span<float> row)
    {
        var pixels = chw.Length / _channels;
        for (var c = 0; c < _conventions.Channels; c++)
        {
            var plane = chw.Slice(_channels == 1 ? 0 : _conventions.RgbOrder[c] * pixels, pixels);
            var table = _table.AsSpan(c * Levels, Levels);
            if (_conventions.ChannelsLast)
            {
                for (var i = 0; i < plane.Length; i++) row[(i * _conventions.Channels) + c] = table[plane[i]];
                continue;
            }

            var to = row.Slice(c * pixels, pixels);
            for (var i = 0; i < plane.Length; i++) to[i] = table[plane[i]];
        }
    }
}
