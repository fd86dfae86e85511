using System.IO.Compression;
using OnnxViz.Graphs;
using OnnxViz.Onnx;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Onnx;

public sealed class NpzFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private readonly Dictionary<string, Tensor> _tensors = new()
    {
        ["conv1.weight"] = Tensor.Of([1f, 2, 3, 4, 5, 6], 2, 3),
        ["conv1.weight/m"] = Tensor.Of([0.5], 1),
        ["step"] = Tensor.Scalar(7L),
        ["text"] = Tensor.Of("{}"u8.ToArray(), 2),
    };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_written_is_read()
    {
        NpzFile.Save(_folder["a.npz"], _tensors);
        var found = NpzFile.Load(_folder["a.npz"]);
        Assert.Equal(_tensors.Keys.Order(StringComparer.Ordinal), found.Keys);
        Assert.All(_tensors, t => Assert.Equal((t.Value.ToString(), Convert.ToHexString(t.Value.Bytes)), (found[t.Key].ToString(), Convert.ToHexString(found[t.Key].Bytes))));
    }

    [Fact]
    public void Equal_tensors_make_equal_files_that_hold_them_as_they_are()
    {
        NpzFile.Save(_folder["a.npz"], _tensors);
        var first = File.ReadAllBytes(_folder["a.npz"]);
        Thread.Sleep(2100);
        NpzFile.Save(_folder["a.npz"], _tensors.Reverse().ToDictionary());
        Assert.Equal(first, File.ReadAllBytes(_folder["a.npz"]));
        using var zip = ZipFile.OpenRead(_folder["a.npz"]);
        Assert.All(zip.Entries, e => Assert.Equal(e.Length, e.CompressedLength));
        Assert.Equal(["a.npz"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void Every_truncation_and_every_flipped_byte_of_a_tensor_is_refused()
    {
        NpzFile.Save(_folder["a.npz"], new Dictionary<string, Tensor> { ["x"] = Tensor.Of([1f, 2, 3], 3) });
        var whole = File.ReadAllBytes(_folder["a.npz"]);
        for (var length = 0; length < whole.Length; length++) Refused(whole[..length]);
        var data = whole.AsSpan().IndexOf(BitConverter.GetBytes(2f));
        foreach (var at in Enumerable.Range(data - 64, 72))
        {
            var damaged = whole.ToArray();
            damaged[at] ^= 1;
            Assert.Contains("is damaged: its checksum is not that of its bytes", Refused(damaged));
        }
    }

    [Fact]
    public void What_is_no_such_file_is_refused()
    {
        Assert.Contains("is truncated or no .npz file", Refused(NpyFile.Encode([1], 1)));
        Assert.Contains("There is no file", Assert.Throws<OnnxVizException>(() => NpzFile.Load(_folder["none.npz"])).Message);
        using (var zip = ZipFile.Open(_folder["small.npz"], ZipArchiveMode.Create))
        using (var place = zip.CreateEntry("x.npy", CompressionLevel.SmallestSize).Open())
            place.Write(NpyFile.Encode(new float[1000], 1000));
        Assert.Contains("is compressed", Assert.Throws<OnnxVizException>(() => NpzFile.Load(_folder["small.npz"])).Message);
    }

    private string Refused(byte[] bytes)
    {
        var refused = Assert.Throws<OnnxVizException>(() => NpzFile.Load(_folder.Write("b.npz", bytes)));
        Assert.Equal(Fault.Input, refused.Fault);
        Assert.Contains("b.npz", refused.Message);
        return refused.Message;
    }
}
