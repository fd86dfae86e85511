using System.Buffers;
using OnnxViz.Datasets;
using OnnxViz.Imaging.Resample;

namespace OnnxViz.Training;

/// <summary>
/// Labelled pictures as rows of a network's input: the numbers that every other use of the network computes of the same
/// picture, where nothing is changed at random. May be used from several threads at once.
/// </summary>
internal sealed class PictureRows
{
    private readonly LabelledPictures _pictures;
    private readonly PictureConventions _conventions;
    private readonly Augmentation _augmentation;
    private readonly ulong _seed;
    private readonly PixelSize _size;

    /// <summary>Whether the bytes are of the network's size as they are stored.</summary>
    private readonly bool _fits;

    /// <summary>Null where gray is made of colours.</summary>
    private readonly ByteRows? _rows;

    /// <param name="pictures">The pictures.</param>
    /// <param name="conventions">What becomes of them.</param>
    /// <param name="augmentation">What is changed at random.</param>
    /// <param name="seed">Of that.</param>
    public PictureRows(LabelledPictures pictures, PictureConventions conventions, Augmentation augmentation = Augmentation.None, ulong seed = 0)
    {
        (_pictures, _conventions, _augmentation, _seed) = (pictures, conventions, augmentation, seed);
        _size = new PixelSize(conventions.Height, conventions.Width);
        _fits = pictures.Size == _size && augmentation != Augmentation.ResizedCrop && conventions.Fit == PictureFit.Stretch;
        // Whatever has to be cut or resized has been before.
        _rows = ByteRows.For(conventions with { Fit = PictureFit.Stretch }, pictures.Channels, _size);
    }

    /// <summary>Numbers of a row.</summary>
    public int Length => _conventions.Channels * Area;

    /// <summary>Dimensions of a batch.</summary>
    public long[] Dims(int batch) => _conventions.InputDims(batch, _size.Height, _size.Width);

    private int Area => _size.Height * _size.Width;

    private int ByteCount => _pictures.Channels * Area;

    /// <param name="i">The picture's number.</param>
    /// <param name="epoch">Another one changes it in another way.</param>
    /// <param name="row"><see cref="Length"/> numbers, all of which are written.</param>
    /// <exception cref="OnnxVizException">It cannot be read.</exception>
    public void Write(int i, int epoch, Span<float> row)
    {
        var rented = ArrayPool<byte>.Shared.Rent(2 * ByteCount);
        try
        {
            var bytes = rented.AsSpan(0, ByteCount);
            var scratch = rented.AsSpan(ByteCount, ByteCount);
            // Each picture has numbers of its own: in which batch it is does not matter.
            var random = _augmentation == Augmentation.None ? null : new CounterRandom(_seed, ((ulong)(uint)epoch << 32) | (uint)i);
            Read(i, random, bytes);
            if (random is not null) PictureAugmentation.Apply(bytes, scratch, _size, _augmentation, random);
            Normalize(bytes, row);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>The picture's bytes at the network's size, [C, H, W] with the channels of the data.</summary>
    /// <param name="i">The picture's number.</param>
    /// <param name="random">Chooses the part of a resized crop; null for the whole picture.</param>
    /// <param name="chw">All of it is written.</param>
    public void Read(int i, CounterRandom? random, Span<byte> chw)
    {
        if (_fits)
        {
            _pictures.Read(i, chw);
            return;
        }

        var image = _pictures.Load(i);
        var framed = _augmentation == Augmentation.ResizedCrop && random is not null ? ResizedCrop(image, random) : _conventions.Frame(image);
        for (var c = 0; c < _pictures.Channels; c++)
            for (var p = 0; p < Area; p++) chw[(c * Area) + p] = framed.Pixels[(3 * p) + c];
    }

    private Image ResizedCrop(Image image, CounterRandom random)
    {
        var (x, y, w, h) = PictureAugmentation.Part(image.Width, image.Height, random);
        return Resampler.Resize(ImageOps.Crop(image, x, y, w, h), _size.Width, _size.Height, _conventions.Filter);
    }

    private void Normalize(ReadOnlySpan<byte> bytes, Span<float> row)
    {
        if (_rows is not null)
        {
            _rows.Fill(bytes, row);
            return;
        }

        var image = new Image(_size.Width, _size.Height);
        for (var p = 0; p < Area; p++)
            for (var k = 0; k < 3; k++) image.Pixels[(3 * p) + k] = bytes[(k * Area) + p];
        _conventions.ToTensor(image).As<float>().CopyTo(row);
    }
}
