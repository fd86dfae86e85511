using System.Text.Json.Nodes;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Imaging;
using OnnxViz.Imaging.Files;
using OnnxViz.Onnx;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Models;

public sealed class QuantizedModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("int8.qdq.onnx", true)]
    [InlineData("uint8.qoperator.onnx", true)]
    [InlineData("keras.onnx", false)]
    public void Results_say_how_gradients_passed_the_rounding(string file, bool isQuantized)
    {
        var model = Repository.Fixture("reference/exporters/" + file);
        var picture = _folder.Write("gray.png", PngWriter.Encode(new Image(8, 8)));
        foreach (string[] verb in new[] { new[] { "saliency", "-i", picture, "--class", "1" }, ["maximize", "--class", "1", "--steps", "1"] })
        {
            var run = CliRun.Of([.. verb, "-m", model, "-o", _folder["out.png"], "--json"]);
            Assert.True(run.Exit == 0, run.Error);
            Assert.Equal(isQuantized ? "straight-through" : null, run.Json["quantized"]?.GetValue<string>());
            var manifest = JsonNode.Parse(PngText.Read(File.ReadAllBytes(_folder["out.png"])).Single(t => t.Key == "onnxviz").Value)!;
            Assert.Equal(isQuantized ? "straight-through" : null, manifest["quantized"]?.GetValue<string>());
        }

        var summary = CliRun.Of("summary", model, "--json");
        Assert.Null(summary.Json["quantized"]);
    }

    /// <summary>Bytes that are dequantised first of all are as good as floats: there is a gradient.</summary>
    [Fact]
    public void Models_of_quantised_pictures_have_a_gradient()
    {
        var x = new Value("x") { Type = ElementType.UInt8, Dims = [1, 3, 2, 2] };
        var real = new Node("DequantizeLinear", "dequantize", [x, Constant("scale", Tensor.Scalar(0.5f)), Constant("zero", Tensor.Scalar((byte)3))], [new Value("real") { Type = ElementType.Float }]);
        var mean = new Node("GlobalAveragePool", "mean", [real.Outputs[0]], [new Value("mean") { Type = ElementType.Float, Dims = [1, 3, 1, 1] }]);
        var graph = new Graph { Opset = 13, Inputs = [x], Nodes = [real, mean], Outputs = [mean.Outputs[0]] };
        OnnxFile.Save(graph, _folder["bytes.onnx"]);
        var picture = _folder.Write("gray.png", PngWriter.Encode(new Image(2, 2)));
        CliRun.Text("saliency", "-m", _folder["bytes.onnx"], "-i", picture, "--class", "1", "--raw", _folder["g.npy"]);
        Assert.Equal([0, 0, 0, 0, 0.125f, 0.125f, 0.125f, 0.125f, 0, 0, 0, 0], NpyFile.Load(_folder["g.npy"]).ToFloats());
    }

    private static Value Constant(string name, Tensor tensor) => new(name) { Type = tensor.Type, Dims = tensor.Dims, Constant = tensor };
}
