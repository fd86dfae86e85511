using System.Globalization;
using System.Security.Cryptography;
using OnnxViz.Datasets.Records;

namespace OnnxViz.Datasets;

/// <summary>Pictures of one size, stored as bytes.</summary>
/// <param name="split">Begins the pictures' names.</param>
/// <param name="pictures">Their samples, [C, H, W] each.</param>
/// <param name="labels">Of each picture.</param>
/// <param name="channels">1 or 3.</param>
/// <param name="size">Of every picture.</param>
internal sealed class FixedSizePictures(string split, IRecords pictures, byte[] labels, int channels, PixelSize size) : LabelledPictures
{
    private readonly Lazy<string> _fingerprint = new(() => Hash(pictures, labels, $"{channels}x{size.Height}x{size.Width}"));

    public override int Count => labels.Length;

    public override string Fingerprint => _fingerprint.Value;

    public override int Channels => channels;

    public override PixelSize? Size => size;

    public override int LabelOf(int i) => labels[i];

    public override string NameOf(int i) => string.Create(CultureInfo.InvariantCulture, $"{split}/{i:00000}");

    public override void Read(int i, Span<byte> chw) => pictures.Read(i, chw);

    public override Image Load(int i)
    {
        var area = size.Width * size.Height;
        var planes = new byte[channels * area];
        Read(i, planes);
        var image = new Image(size.Width, size.Height);
        for (var p = 0; p < area; p++)
            for (var c = 0; c < 3; c++) image.Pixels[(3 * p) + c] = planes[((channels == 1 ? 0 : c) * area) + p];
        return image;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) pictures.Dispose();
        base.Dispose(disposing);
    }

    private static string Hash(IRecords pictures, byte[] labels, string shape)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes(shape));
        hash.AppendData(labels);
        var record = new byte[pictures.Length];
        for (var i = 0; i < pictures.Count; i++)
        {
            pictures.Read(i, record);
            hash.AppendData(record);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
