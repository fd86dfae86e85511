using System.IO.Compression;
using OnnxViz.Models;
using OnnxViz.Objectives;
using OnnxViz.Onnx;
using OnnxViz.Saliency;
using OnnxViz.Saliency.Methods;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Models;

/// <summary>Networks as PyTorch's new exporter writes them, against PyTorch's float64 gradients (../shared/models/dynamo).</summary>
public class DynamoGradientTests
{
    /// <summary>With a ReLU, rounding may flip one.</summary>
    private const double FlipLimit = 1e-2;

    private const double SmoothLimit = 2e-6;

    [SkippableTheory]
    [InlineData("test_byobnet", true)]
    [InlineData("test_convnext", false)]
    [InlineData("test_efficientnet", false)]
    [InlineData("test_efficientnet_ln", false)]
    [InlineData("test_resnet", true)]
    public void A_gradient_is_PyTorchs(string name, bool flips)
    {
        var folder = Repository.Shared("models/dynamo");
        using var unpacked = new TemporaryFolder();
        ZipFile.ExtractToDirectory(Path.Combine(folder, name + ".npz"), unpacked.Path);
        var model = VisionModel.Load(Path.Combine(folder, name + ".onnx"), ModelCatalog.Open(Repository.Carried("")));
        var chosen = (int)NpyFile.Load(unpacked["cls.npy"]).ToLongs()[0];
        var explanation = ScoreTarget.OfClass(model, chosen);
        var found = model.Explain(NpyFile.Load(Path.Combine(folder, "input.npy")), new Gradient(), explanation);

        var error = ReferenceAnswers.RelativeError(found.Attribution.As<float>(), NpyFile.Load(unpacked["grad.npy"]).As<float>());
        var limit = flips ? FlipLimit : Math.Max(SmoothLimit, 2 * NpyFile.Load(unpacked["torch_l2.npy"]).ToDoubles()[0]);
        Assert.True(error <= limit, $"{name}: relative L2 error {error:e2}, limit {limit:e2}");
    }
}
