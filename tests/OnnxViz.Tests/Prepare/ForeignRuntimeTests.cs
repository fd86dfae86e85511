using Microsoft.ML.OnnxRuntime;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Onnx;
using OnnxViz.Runtime;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Prepare;

/// <summary>Prepared graphs in an ONNX Runtime with its own defaults, in which the rewrite Pad_Fusion is on.</summary>
public sealed class ForeignRuntimeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ForeignRuntimeTests() => OrtLibrary.Start();

    public void Dispose() => _folder.Dispose();

    /// <summary>By itself it takes the zeros around a MaxPool's negative inputs for -infinity, and says that the largest is negative.</summary>
    [Theory]
    [InlineData("MaxPool")]
    [InlineData("Conv")]
    public void Zeros_stay_zeros(string consumer)
    {
        var b = new GraphBuilder();
        var x = b.Add(b.Input("image", ElementType.Float, 1, 3, 8, 8), b.Scalar(-5));
        var padded = b.Pad(x, [0, 0, 1, 1, 0, 0, 1, 1]);
        (string, object) kernel = ("kernel_shape", new long[] { 3, 3 });
        var weight = b.Constant(TinyTensors.Random(ElementType.Float, new Random(3), 4, 3, 3, 3), "weight");
        var y = consumer == "Conv"
            ? b.Emit("Conv", [padded, weight], kernel, ("pads", new long[4]))
            : b.Emit("MaxPool", [padded], kernel, ("pads", new long[4]));
        b.Expose("scores", b.Emit("Flatten", [b.ReduceMean(y, [2, 3])]));
        OnnxFile.Save(b.Build(), _folder["padded.onnx"]);
        CliRun.Text("prepare", _folder["padded.onnx"], "-o", _folder["prepared"]);

        var image = Tensor.Of(new float[3 * 64], 1, 3, 8, 8);
        using var ours = new Session(OnnxFile.Load(_folder["padded.onnx"]).Graph, RuntimeOptions.Default);
        var expected = ours.Run(new Dictionary<string, Tensor> { ["image"] = image })["scores"].ToFloats();
        Assert.Equal(expected, Run("forward.onnx", "scores", image));
        var seed = Tensor.Of(new float[expected.Length], 1, expected.Length);
        Assert.Equal(3 * 64, Run("gradient.Flatten.default.onnx", "gradient", image, seed).Length);
    }

    [Fact]
    public void Carried_classifier_loads()
    {
        CliRun.Text("prepare", "efficientnet-lite0", "-o", _folder["prepared"], "--rules", "default,guided,deconv");
        var image = Tensor.Of(new float[3 * 224 * 224], 1, 3, 224, 224);
        foreach (var rule in new[] { "default", "guided", "deconv" })
            Assert.Equal(image.Count, Run($"gradient.classifier.{rule}.onnx", "gradient", image, Tensor.Of(new float[1000], 1, 1000)).Length);
    }

    private float[] Run(string file, string output, params Tensor[] inputs)
    {
        using var session = new InferenceSession(_folder[$"prepared/{file}"]);
        var fed = session.InputNames.Zip(inputs, (name, t) => NamedOnnxValue.CreateFromTensor(
            name, new Microsoft.ML.OnnxRuntime.Tensors.DenseTensor<float>(t.ToFloats(), Array.ConvertAll(t.Dims, d => (int)d))));
        using var results = session.Run([.. fed], [output]);
        return [.. results[0].AsEnumerable<float>()];
    }
}
