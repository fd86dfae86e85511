using System.Text;
using OnnxViz.Graphs.Emit;
using OnnxViz.Onnx;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Onnx;

public sealed class NpyFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_written_is_read()
    {
        var found = NpyFile.Load(_folder.Write("a.npy", NpyFile.Encode([1, 2, 3, 4, 5, 6], 2, 3)));
        Assert.Equal([2, 3], found.Dims);
        Assert.Equal([1, 2, 3, 4, 5, 6], found.ToFloats());
    }

    [Theory]
    [InlineData("<f8", "(1,)", 8, 1)]
    [InlineData("|b1", "()", 1, 2)]
    [InlineData("<i2", "(2, 0, 7)", 0, 3)]
    [InlineData("<u2", "(3,)", 6, 1)]
    [InlineData("<u4", "(3,)", 12, 1)]
    [InlineData("<u8", "(3,)", 24, 1)]
    public void Other_types_shapes_and_versions_are_read(string type, string shape, int bytes, int version) =>
        Assert.Equal(bytes, NpyFile.Load(File(type, "False", shape, bytes, (byte)version)).ByteLength);

    [Theory]
    [InlineData("<f4", "False", "(1000000000,)", 4, "holds 4 bytes where its shape [1000000000] needs 4000000000")]
    [InlineData("<f4", "False", "(1,)", 5, "holds 5 bytes where its shape [1] needs 4")]
    [InlineData("<f4", "False", "(4294967296, 4294967296)", 0, "is not possible")]
    [InlineData("<f4", "False", "(99999999999999999999,)", 4, "has the dimension '99999999999999999999'")]
    [InlineData("<f4", "False", "(-1,)", 4, "has the dimension '-1'")]
    [InlineData("<f4", "True", "(2, 2)", 16, "Fortran order")]
    [InlineData(">f4", "False", "(1,)", 4, "holds '>f4'")]
    [InlineData("|O", "False", "(1,)", 8, "holds '|O'")]
    [InlineData("<f4", "Maybe", "(1,)", 4, "no numpy.save writes")]
    public void Headers_that_lie_are_refused(string type, string order, string shape, int bytes, string says) =>
        Assert.Contains(says, Refused(File(type, order, shape, bytes)));

    [Fact]
    public void A_rank_without_end_is_refused() =>
        Assert.Contains("65 dimensions", Refused(File("<f4", "False", $"({string.Join(", ", Enumerable.Repeat(1, 65))})", 4)));

    [Theory]
    [InlineData(uint.MaxValue)]
    [InlineData(int.MaxValue)]
    [InlineData(70_000)]
    public void A_header_longer_than_its_file_or_than_any_is_refused(uint length) =>
        Assert.Contains("ends within its header", Refused(_folder.Write("a.npy", [0x93, .. "NUMPY"u8, 2, 0, .. BitConverter.GetBytes(length), .. new byte[80_000]])));

    [Fact]
    public void Every_truncation_is_refused()
    {
        var whole = NpyFile.Encode([1, 2, 3], 3);
        for (var length = 0; length < whole.Length; length++) Refused(_folder.Write("a.npy", whole[..length]));
        Assert.Contains("There is no file", Refused(_folder["none.npy"]));
        Assert.Contains("is a folder", Refused(_folder.Path));
    }

    private string File(string type, string order, string shape, int bytes, byte version = 1)
    {
        var header = Encoding.ASCII.GetBytes($"{{'descr': '{type}', 'fortran_order': {order}, 'shape': {shape}, }}\n");
        byte[] length = version == 1 ? BitConverter.GetBytes((ushort)header.Length) : BitConverter.GetBytes(header.Length);
        return _folder.Write("a.npy", [0x93, .. "NUMPY"u8, version, 0, .. length, .. header, .. new byte[bytes]]);
    }

    private static string Refused(string path)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var refused = Assert.Throws<OnnxVizException>(() => NpyFile.Load(path));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        Assert.Equal(Fault.Input, refused.Fault);
        return refused.Message;
    }
}
