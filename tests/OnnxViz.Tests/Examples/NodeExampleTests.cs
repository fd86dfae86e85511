using System.Globalization;
using System.Text.Json.Nodes;
using OnnxViz.Models;
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

    [SkippableFact]
    public void A_trained_network_is_right_as_often()
    {
        var node = new NodeProgram("node", "onnxruntime-node");
        log.WriteLine(node.Origin);
        var data = Repository.Carried("data/fashion-mnist-small");
        var json = JsonNode.Parse(CliRun.Text("train", "--arch", "lenet", "--data", data, "--epochs", "3", "--device", "cpu", "-o", _folder["run"], "--json"))!;
        var accuracy = json["test_accuracy"]!.GetValue<double>();
        // A tenth would be chance.
        Assert.InRange(accuracy, 0.5, 1);
        using var model = VisionModel.Open(_folder["run/epoch-0003.onnx"]);
        var printed = node.Run("accuracy.mjs", [
            _folder["run/epoch-0003.onnx"], Path.Combine(data, "t10k-images-idx3-ubyte.gz"), Path.Combine(data, "t10k-labels-idx1-ubyte.gz"),
            Number(model.Conventions.Mean[0]), Number(model.Conventions.Std[0])]);
        log.WriteLine(printed);
        Assert.Equal(accuracy, JsonNode.Parse(printed)!["accuracy"]!.GetValue<double>(), 1e-9);

        static string Number(float value) => value.ToString("r", CultureInfo.InvariantCulture);
    }
}
