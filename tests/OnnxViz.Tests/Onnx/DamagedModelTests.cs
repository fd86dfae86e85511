using OnnxViz.Autodiff.Rules;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Onnx;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Onnx;

/// <summary>A model with a damaged byte: an answer or one line, never an internal error nor the end of the process.</summary>
public sealed class DamagedModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string[]> Verbs => new(
        ["summary"], ["predict"], ["saliency", "--layer", "conv", "--unit", "1"], ["maximize", "--class", "1", "--steps", "2", "--size", "16"]);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Single_bytes(string[] verb)
    {
        var model = Model();
        string[] input = verb[0] is "predict" or "saliency" ? ["--input-tensor", Picture()] : [];
        string[] output = verb[0] is "saliency" or "maximize" ? ["-o", _folder["out.png"]] : [];
        string[] threads = verb[0] == "summary" ? [] : ["--threads", "1"];
        string[] Command(string file) => [.. verb, "-m", file, .. input, .. output, .. threads, "--quiet"];
        Assert.Equal(0, CliRun.Of(Command(_folder.Write("whole.onnx", model))).Exit);

        var random = new Random(7);
        for (var i = 0; i < 75; i++)
        {
            var bytes = model.ToArray();
            var at = random.Next(bytes.Length);
            bytes[at] ^= (byte)(1 << random.Next(8));
            var run = CliRun.Of(Command(_folder.Write("damaged.onnx", bytes)));
            var where = $"Byte {at} as {bytes[at]}: exit {run.Exit}, {run.Error}";
            Assert.True(run.Exit is 0 or 3, where);
            Assert.False(run.Error.Contains("internal error", StringComparison.Ordinal), where);
            Assert.True(run.Error.Count(c => c == '\n') == (run.Exit == 0 ? 0 : 1), where);
        }
    }

    private string Picture() => _folder.Write("x.npy", NpyFile.Encode([.. Enumerable.Range(0, 768).Select(i => (i % 17) / 17f)], 1, 3, 16, 16));

    /// <summary>Small, so that most bytes are structure.</summary>
    private static byte[] Model()
    {
        var b = new GraphBuilder();
        var weight = b.Constant(Tensor.Of([.. Enumerable.Range(0, 12).Select(i => (i - 5) / 6f)], 4, 3, 1, 1), "weight");
        var conv = b.Emit("Conv", [b.Input("image", ElementType.Float, -1, 3, -1, -1), weight], ("kernel_shape", new long[] { 1, 1 }));
        conv.Name = "conv";
        var pool = b.Emit("MaxPool", [b.Relu(conv)], ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 }));
        b.Output("scores", b.ReduceMean(pool, [2, 3], keep: false));
        return OnnxFile.Serialize(b.Build());
    }
}
