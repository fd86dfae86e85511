using System.Security.Cryptography;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Onnx;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Onnx;

public sealed class WeightsFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Models_share_it_and_come_back_as_they_were()
    {
        Graph[] graphs = [Chain(7, 7, 8), Chain(8, 9)];
        using (var weights = new WeightsFile(_folder["weights.bin"]))
        {
            for (var i = 0; i < graphs.Length; i++) OnnxFile.Save(graphs[i], _folder[$"{i}.onnx"], weights);
            Assert.Equal(new FileInfo(_folder["weights.bin"]).Length, weights.Length);
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(_folder["weights.bin"]))), weights.Sha256);
        }

        // Three different contents of 4100 bytes, each from the beginning of a page on; the small ones stay in the models.
        Assert.Equal((2 * 8192) + 4100, new FileInfo(_folder["weights.bin"]).Length);
        for (var i = 0; i < graphs.Length; i++) Assert.Null(GraphDifference.Between(graphs[i], OnnxFile.Load(_folder[$"{i}.onnx"]).Graph));
    }

    /// <summary>Sums of contents may be equal without the contents being so.</summary>
    [Fact]
    public void Contents_that_differ_in_one_bit_are_two()
    {
        using var weights = new WeightsFile(_folder["weights.bin"]);
        var bytes = new byte[2048];
        var offsets = new HashSet<long>();
        for (var i = 0; i < 64; i++)
        {
            bytes[i * 32] ^= 1;
            offsets.Add(weights.PlaceOf(Tensor.Of(bytes, bytes.Length))!.Offset);
        }

        Assert.Equal(64, offsets.Count);
        Assert.All(offsets, o => Assert.Equal(0, o % 64));
        Assert.Equal(weights.Length - 2048, weights.PlaceOf(Tensor.Of(bytes, 2, 1024))!.Offset);
    }

    /// <summary>A weight goes through memory; it does not stay.</summary>
    [Fact]
    public void Elements_are_read_once_and_not_kept()
    {
        var reads = 0;
        var tensor = new Tensor(ElementType.Float, [1024], () =>
        {
            reads++;
            return new byte[4096];
        });
        using var weights = new WeightsFile(_folder["weights.bin"]);
        Assert.Equal(weights.PlaceOf(tensor)!.Offset, weights.PlaceOf(tensor)!.Offset);
        Assert.Equal(1, reads);
        _ = tensor.Read();
        Assert.Equal(2, reads);
    }

    [Fact]
    public void Nothing_to_hold_is_no_file()
    {
        using (var weights = new WeightsFile(_folder["weights.bin"])) OnnxFile.Save(Chain(), _folder["m.onnx"], weights);
        Assert.False(File.Exists(_folder["weights.bin"]));
        using var nowhere = new WeightsFile(_folder["none/weights.bin"]);
        Assert.Equal(Fault.Machine, Assert.Throws<OnnxVizException>(() => OnnxFile.Save(Chain(1), _folder["m.onnx"], nowhere)).Fault);
    }

    /// <summary>Adds a small constant and then a large one filled with each of the numbers.</summary>
    private static Graph Chain(params float[] fillings)
    {
        var b = new GraphBuilder();
        var x = b.Add(b.Input("x", ElementType.Float, 1025), b.Scalar(2));
        for (var i = 0; i < fillings.Length; i++) x = b.Add(x, b.Constant(Tensor.Of(Enumerable.Repeat(fillings[i], 1025).ToArray(), 1025), $"w{i}"));
        b.Output("y", x);
        return b.Build();
    }
}
