using Microsoft.ML.OnnxRuntime;
using OnnxViz.Imaging;
using OnnxViz.Imaging.Files;
using OnnxViz.Models;
using OnnxViz.Objectives;
using OnnxViz.Onnx;
using OnnxViz.Runtime;
using OnnxViz.Saliency;
using OnnxViz.Saliency.Methods;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Models;

/// <summary>What ONNX Runtime's own offline optimiser makes of a network has the same gradient.</summary>
public sealed class OptimizedModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("alexnet-like", 9)]
    [InlineData("alexnet-like", 17)]
    [InlineData("mobilenet-like", 9)]
    [InlineData("mobilenet-like", 13)]
    [InlineData("googlenet-like", 11)]
    [InlineData("efficientnet-like", 13)]
    public void Fused_operators_have_the_gradient_of_what_was_fused(string network, int opset)
    {
        var entry = ReferenceAnswers.All.Gradients.First(e => e.Method == "gradient" && e.Models[0].StartsWith($"tiny/{network}", StringComparison.Ordinal));
        var optimized = Optimize(Repository.Fixture($"reference/tiny/{network}.opset{opset}.onnx"), GraphOptimization.Extended);
        Assert.Contains(OnnxFile.Load(optimized).Graph.Nodes, n => n.Domain == "com.microsoft");

        var model = VisionModel.Load(optimized, ModelCatalog.Open(Repository.Carried("")));
        var found = model.Explain(entry.Input.ToTensor(), new Gradient(), ScoreTarget.OfClass(model, entry.Class));
        var error = ReferenceAnswers.RelativeError(found.Attribution.As<float>(), ReferenceAnswers.Load(entry.Expected).As<float>());
        Assert.True(error <= 2e-6, $"relative L2 error {error:e2}");
    }

    [Fact]
    public void What_suits_one_processor_only_is_named()
    {
        var optimized = Optimize(Repository.Fixture("reference/tiny/googlenet-like.opset17.onnx"), GraphOptimization.All);
        if (!OnnxFile.Load(optimized).Graph.Nodes.Exists(n => n.Domain == "com.microsoft.nchwc")) return;
        var picture = _folder.Write("gray.png", PngWriter.Encode(new Image(25, 23)));
        var run = CliRun.Of("predict", "-m", optimized, "-i", picture);
        Assert.Equal(3, run.Exit);
        Assert.Contains("is an operator of the domain 'com.microsoft.nchwc' (version 1)", run.Error);
        Assert.Contains("optimise it at the level extended or below", run.Error);
    }

    private string Optimize(string model, GraphOptimization level)
    {
        using var options = (RuntimeOptions.Default with { Optimization = level }).ToSessionOptions();
        options.OptimizedModelFilePath = _folder["optimized.onnx"];
        using var session = new InferenceSession(model, options);
        return options.OptimizedModelFilePath;
    }
}
