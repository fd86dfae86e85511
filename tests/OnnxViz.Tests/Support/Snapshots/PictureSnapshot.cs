using OnnxViz.Imaging;
using OnnxViz.Imaging.Compare;
using OnnxViz.Imaging.Files;
using OnnxViz.Imaging.Resample;

namespace OnnxViz.Tests.Support.Snapshots;

/// <summary>A picture, equal when it looks equal.</summary>
internal sealed class PictureSnapshot(string? variant, Image picture, ImageTolerance? tolerance = null) : SnapshotItem(variant, "png")
{
    private readonly ImageTolerance _tolerance = tolerance ?? ImageTolerance.Default;

    public override byte[] Encode() => PngWriter.Encode(picture);

    public override string? Compare(byte[] verified)
    {
        Image accepted = ImageFile.Decode(verified, "verified");
        if (!SameSize(accepted))
        {
            return $"Received: {picture.Width}x{picture.Height}, Verified: {accepted.Width}x{accepted.Height}";
        }

        if (accepted.Pixels.AsSpan().SequenceEqual(picture.Pixels))
        {
            return null;
        }

        ImageDifference difference = ImageComparison.Compare(accepted, picture);
        return difference.IsWithin(_tolerance) ? null : difference.Describe(_tolerance);
    }

    /// <summary>Verified, received and their difference side by side.</summary>
    public override byte[]? Difference(byte[] verified)
    {
        Image accepted = ImageFile.Decode(verified, "verified");
        if (!SameSize(accepted))
        {
            return null;
        }

        const int gap = 4;
        Image sheet = new((3 * picture.Width) + (2 * gap), picture.Height);
        Image[] panels = [accepted, picture, ImageComparison.Difference(accepted, picture)];
        for (int i = 0; i < panels.Length; i++)
        {
            ImageOps.Paste(sheet, panels[i], i * (picture.Width + gap), 0);
        }

        return PngWriter.Encode(sheet);
    }

    private bool SameSize(Image accepted) => (accepted.Width, accepted.Height) == (picture.Width, picture.Height);
}
