using OnnxViz.Graphs.Emit;
using OnnxViz.Maximize;
using OnnxViz.Models;
using OnnxViz.Optimize.Parameterizations;
using OnnxViz.Runtime;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Maximize;

/// <summary>A model is not inlined again for a size that is known.</summary>
public sealed class InliningTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Once for the shapes, once for the memory where transforms show more than the picture, once for the steps, once for the result.</summary>
    [Theory]
    [InlineData(ParameterKind.Tensor, 3)]
    [InlineData(ParameterKind.Fourier, 4)]
    public void Shapes_are_found_once_for_each_size(ParameterKind param, int inlinings)
    {
        var model = VisionModel.Load(SmallClassifier.Save(_folder["small.onnx"]), ModelCatalog.Open(Repository.Carried("")));
        var layer = model.Layers.Find("second");
        Assert.Equal([1, 16, 8, 8], LayerShape.Of(model, layer, model.Conventions.InputDims(1, 32, 32)));
        Assert.Equal(1, ShapedModels.Inlinings(model));
        ActivationMaximization.Run(model, layer, [1, 2], MaximizeOptions.DefaultsFor(param) with { Height = 32, Width = 32, Steps = 2, RedirectSteps = 0, Restarts = 0 }, new RuntimeOptions(Device.Cpu, Threads: 1));
        Assert.Equal(inlinings, ShapedModels.Inlinings(model));
    }

    [Fact]
    public void Threads_share_what_one_of_them_made()
    {
        var model = VisionModel.Load(SmallClassifier.Save(_folder["small.onnx"]), ModelCatalog.Open(Repository.Carried("")));
        var layer = model.Layers.Find("second");
        var shaped = new ShapedModel[16];
        Parallel.For(0, shaped.Length, i => shaped[i] = ShapedModels.Of(model, [1, 3, 16 + (8 * (i % 2)), 16], layer));
        Assert.Equal(2, shaped.Distinct().Count());
        Assert.Equal(2, ShapedModels.Inlinings(model));
    }
}
