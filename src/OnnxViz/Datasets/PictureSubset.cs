using System.Security.Cryptography;
using System.Text;

namespace OnnxViz.Datasets;

/// <summary>Some pictures of a list, in an order of their own.</summary>
/// <param name="whole">Owned from now on.</param>
/// <param name="picked">Numbers there.</param>
internal sealed class PictureSubset(LabelledPictures whole, IReadOnlyList<int> picked) : LabelledPictures
{
    private readonly Lazy<string> _fingerprint = new(() =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{whole.Fingerprint} {string.Join(',', picked)}"))));

    public override int Count => picked.Count;

    public override string Fingerprint => _fingerprint.Value;

    public override int Channels => whole.Channels;

    public override PixelSize? Size => whole.Size;

    public override int LabelOf(int i) => whole.LabelOf(picked[i]);

    public override string NameOf(int i) => whole.NameOf(picked[i]);

    public override Image Load(int i) => whole.Load(picked[i]);

    public override void Read(int i, Span<byte> chw) => whole.Read(picked[i], chw);

    protected override void Dispose(bool disposing)
    {
        if (disposing) whole.Dispose();
        base.Dispose(disposing);
    }
}
