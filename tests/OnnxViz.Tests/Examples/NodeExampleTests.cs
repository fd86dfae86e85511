using OnnxViz.Onnx;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;
using Xunit.Abstractions;

namespace OnnxViz.Tests.Examples;

/// <summary>examples/node: the same numbers from JavaScript.</summary>
public sealed class NodeExampleTests(ITestOutputHelper log) : IDisposable
{
    private const double Tolerance = 1e-5;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData("efficientnet-lite0", "image", "classifier", null, "default", "gradient")]
    [InlineData("efficientnet-lite0", "image", "classifier", 285, "guided", "guided")]
    [InlineData("vgg16-body", "data", "pool3", 25, "deconv", "deconv")]
    public void Gradient_is_that_of_the_program(string model, string input, string layer, int? unit, string rule, string method)
    {
        var node = new NodeProgram("node", "onnxruntime-node");
        log.WriteLine(node.Origin);
        string[] picture = ["-i", Repository.Carried("images/chelsea.png"), "--device", "cpu"];
        CliRun.Text("prepare", model, "-o", _folder["prepared"], "--layers", layer, "--rules", rule);
        CliRun.Text(["activations", "-m", model, .. picture, "--layer", input, "--raw", _folder["picture.npy"]]);
        string[] what = unit is null ? ["--class", "top"] : ["--layer", layer, "--unit", $"{unit}"];
        CliRun.Text(["saliency", "-m", model, .. picture, .. what, "--method", method, "--raw", _folder["expected.npy"]]);

        var printed = node.Run("gradient.mjs", [_folder["prepared"], _folder["picture.npy"], _folder["found.npy"], layer, unit is null ? "top" : $"{unit}", rule]);
        log.WriteLine(printed);
        var (expected, found) = (NpyFile.Load(_folder["expected.npy"]), NpyFile.Load(_folder["found.npy"]));
        Assert.Equal(expected.Dims, found.Dims);
        var error = ReferenceAnswers.RelativeError(found.As<float>(), expected.As<float>());
        Assert.True(error <= Tolerance, $"Relative L2 {error:e2}, allowed {Tolerance:e0}.");
        if (unit is null) Assert.Contains("tiger cat", printed);
    }
}
