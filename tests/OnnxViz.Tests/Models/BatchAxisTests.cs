using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Onnx;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Models;

/// <summary>Networks for one picture, without an axis of pictures: what they answer and its gradient are those of the same network with one.</summary>
public sealed class BatchAxisTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("chw", false)]
    [InlineData("hwc", false)]
    [InlineData("chw", true)]
    [InlineData("hwc", true)]
    public void An_input_without_pictures_is_one_picture(string axes, bool bytes)
    {
        var last = axes == "hwc";
        long[] dims = last ? [8, 6, 3] : [3, 8, 6];
        Save("with", [1, .. dims], last, bytes, unsqueezes: false);
        Save("without", dims, last, bytes, unsqueezes: true);
        var random = new Random(1);
        float[] numbers = [.. Enumerable.Range(0, 3 * 8 * 6).Select(_ => (float)random.Next(256))];
        _folder.Write("row.npy", NpyFile.Encode(numbers, [1, .. dims]));
        _folder.Write("bare.npy", NpyFile.Encode(numbers, dims));

        foreach (var (verb, raw) in new[] { ("predict", "scores"), ("saliency", "gradient") })
        {
            var expected = Raw(verb, "with", "row.npy", raw);
            foreach (var input in new[] { "row.npy", "bare.npy" }) Assert.Equal(expected, Raw(verb, "without", input, raw));
            Assert.Contains(expected, x => x != 0);
        }

        Assert.Equal(0, CliRun.Of("maximize", "-m", _folder["without.onnx"], "--class", "0,1", "--steps", "2", "-o", _folder["m.png"]).Exit);
        Assert.Equal(0, CliRun.Of("saliency", "-m", _folder["without.onnx"], "-i", Repository.Carried("images/chelsea.png"), "--method", "occlusion", "-o", _folder["o.png"]).Exit);
    }

    [Fact]
    public void A_row_of_numbers_without_pictures_is_one_picture()
    {
        foreach (var (name, dims) in new (string, long[])[] { ("with", [1, 3 * 8 * 6]), ("without", [3 * 8 * 6]) })
        {
            var b = new GraphBuilder();
            var x = b.Emit("Reshape", [b.Input("numbers", ElementType.Float, dims), b.Longs(1, 3, 8, 6)]);
            b.Output("scores", Scores(b, x));
            OnnxFile.Save(b.Build(), _folder[$"{name}.onnx"]);
        }

        float[] numbers = [.. Enumerable.Range(0, 3 * 8 * 6).Select(i => MathF.Sin(i))];
        _folder.Write("row.npy", NpyFile.Encode(numbers, [1, numbers.Length]));
        _folder.Write("bare.npy", NpyFile.Encode(numbers, [numbers.Length]));
        foreach (var (verb, raw) in new[] { ("predict", "scores"), ("saliency", "gradient") })
        {
            var expected = Raw(verb, "with", "row.npy", raw);
            foreach (var input in new[] { "row.npy", "bare.npy" }) Assert.Equal(expected, Raw(verb, "without", input, raw));
            Assert.Contains(expected, value => value != 0);
        }
    }

    private float[] Raw(string verb, string model, string input, string raw)
    {
        string[] target = verb == "saliency" ? ["--class", "1"] : [];
        CliRun.Text([verb, "-m", _folder[$"{model}.onnx"], "--input-tensor", _folder[input], "--raw", _folder[$"{raw}.npy"], "--device", "cpu", .. target]);
        return NpyFile.Load(_folder[$"{raw}.npy"]).ToFloats();
    }

    private void Save(string name, long[] dims, bool last, bool bytes, bool unsqueezes)
    {
        var b = new GraphBuilder();
        var x = b.Input("image", bytes ? ElementType.UInt8 : ElementType.Float, dims);
        if (unsqueezes) x = b.Emit("Unsqueeze", [x, b.Longs(0)]);
        if (last) x = b.Transpose(x, 0, 3, 1, 2);
        if (bytes) x = b.Cast(x, ElementType.Float);
        b.Output("scores", Scores(b, x));
        OnnxFile.Save(b.Build(), _folder[$"{name}.onnx"]);
    }

    /// <summary>Of pictures [N, 3, H, W].</summary>
    private static Value Scores(GraphBuilder b, Value x)
    {
        var random = new Random(2);
        var weight = Tensor.Of([.. Enumerable.Range(0, 4 * 3 * 9).Select(_ => (float)(random.NextDouble() - 0.5))], 4, 3, 3, 3);
        var maps = b.Relu(b.Emit("Conv", [x, b.Constant(weight)]));
        return b.Emit("Flatten", [b.Emit("GlobalAveragePool", [maps])]);
    }
}
