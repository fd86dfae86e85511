using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Onnx;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Models;

/// <summary>Networks of float32 that make doubles of what depends on the picture: what they answer and its gradient are those of the network without.</summary>
public sealed class DoublesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("inside")]
    [InlineData("to the end")]
    [InlineData("computed constants")]
    public void Doubles_are_computed_as_floats(string where)
    {
        Save("none");
        Save(where);
        var input = _folder.Write("x.npy", NpyFile.Encode([.. Enumerable.Range(0, 3 * 8 * 8).Select(i => MathF.Sin(i))], 1, 3, 8, 8));
        foreach (var (verb, more) in new[] { ("predict", Array.Empty<string>()), ("saliency", ["--class", "1"]) })
        {
            float[] Raw(string model)
            {
                CliRun.Text([verb, "-m", _folder[$"{model}.onnx"], "--input-tensor", input, "--raw", _folder["raw.npy"], "--device", "cpu", .. more]);
                return NpyFile.Load(_folder["raw.npy"]).ToFloats();
            }

            var expected = Raw("none");
            Assert.Contains(expected, x => x != 0);
            Assert.Equal(expected, Raw(where));
        }
    }

    private void Save(string where)
    {
        var b = new GraphBuilder();
        Value Number(double number) => where is "none" ? b.Scalar((float)number) : b.Constant(Tensor.Scalar(number));
        float[] Waves(int count) => [.. Enumerable.Range(0, count).Select(i => MathF.Cos(i))];

        var value = b.Relu(b.Emit("Conv", [b.Input("image", ElementType.Float, -1, 3, 8, 8), b.Constant(Tensor.Of(Waves(4 * 3 * 9), 4, 3, 3, 3))]));
        if (where != "none") value = b.Cast(value, ElementType.Double);
        // What is divided by is a constant that the graph computes.
        var divisor = where == "computed constants" ? b.Cast(b.Cast(b.Scalar(3), ElementType.Double), ElementType.Double) : Number(3);
        value = b.Div(b.Mul(value, Number(2)), divisor);
        if (where is not ("none" or "to the end")) value = b.Cast(value, ElementType.Float);
        var pooled = b.Reshape(b.ReduceMean(value, [2, 3]), -1, 4);
        var weights = Tensor.Of(Waves(8), 4, 2);
        b.Output("scores", b.Emit("MatMul", [pooled, b.Constant(where == "to the end" ? OnnxViz.Graphs.Folding.Casting.To(weights, ElementType.Double) : weights)]));
        OnnxFile.Save(b.Build(), _folder[$"{where}.onnx"]);
    }
}
