using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Onnx;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Models;

/// <summary>Models that take bytes and make floats of them.</summary>
public sealed class ByteInputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The mean over a picture of one colour is that colour in 0..255, and a pixel's share of it is 1/N.</summary>
    [Fact]
    public void Bytes_come_as_they_are_and_have_gradients()
    {
        var b = new GraphBuilder();
        b.Output("scores", b.ReduceMean(b.Cast(b.Input("image", ElementType.UInt8, 1, 3, 8, 8), ElementType.Float), [2, 3], keep: false));
        OnnxFile.Save(b.Build(), _folder["bytes.onnx"]);
        var picture = new OnnxViz.Imaging.Image(8, 8);
        for (var i = 0; i < picture.Pixels.Length; i++) picture.Pixels[i] = (byte)(10 * (1 + (i % 3)));
        var file = _folder.Write("flat.png", OnnxViz.Imaging.Files.PngWriter.Encode(picture));

        Assert.Equal(0, CliRun.Of("predict", "-m", _folder["bytes.onnx"], "-i", file, "--raw", _folder["scores.npy"], "--quiet").Exit);
        Assert.Equal([10, 20, 30], NpyFile.Load(_folder["scores.npy"]).ToFloats());
        Assert.Equal(0, CliRun.Of("saliency", "-m", _folder["bytes.onnx"], "-i", file, "--class", "1", "--raw", _folder["g.npy"], "--quiet").Exit);
        var gradient = NpyFile.Load(_folder["g.npy"]).ToFloats();
        Assert.All(gradient[64..128], g => Assert.Equal(1f / 64, g, 6));
        Assert.All(gradient[..64], g => Assert.Equal(0, g));
    }
}
