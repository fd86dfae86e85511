using System.Security.Cryptography;
using System.Text;
using OnnxViz.Imaging.Files;

namespace OnnxViz.Datasets;

/// <summary>Pictures in files, each with its class.</summary>
/// <param name="files">The pictures.</param>
/// <param name="labels">Of each.</param>
/// <param name="channels">1 where all are gray.</param>
/// <param name="size">Where all have the same; else null.</param>
internal sealed class FolderSplit(IReadOnlyList<PictureFile> files, IReadOnlyList<int> labels, int channels, PixelSize? size) : LabelledPictures
{
    private readonly Lazy<string> _fingerprint = new(() =>
    {
        // Not their times: a copy of the folder is the same data.
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var i = 0; i < files.Count; i++) hash.AppendData(Encoding.UTF8.GetBytes($"{labels[i]}\0{files[i].Name}\0{files[i].Bytes}\n"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    });

    public override int Count => files.Count;

    public override string Fingerprint => _fingerprint.Value;

    public override int Channels => channels;

    public override PixelSize? Size => size;

    public override int LabelOf(int i) => labels[i];

    public override string NameOf(int i) => files[i].Name;

    public override Image Load(int i) => ImageFile.Load(files[i].Path);

    public override void Read(int i, Span<byte> chw)
    {
        var expected = size ?? throw new InvalidOperationException("The pictures have no common size.");
        var image = Load(i);
        if (new PixelSize(image.Height, image.Width) != expected)
            throw OnnxVizException.Input($"Picture '{files[i].Path}' is of {image.Height}x{image.Width} pixels now, not of {expected}: it changed while it was used.");
        var area = image.Width * image.Height;
        for (var p = 0; p < area; p++)
            for (var c = 0; c < channels; c++) chw[(c * area) + p] = image.Pixels[(3 * p) + c];
    }
}
