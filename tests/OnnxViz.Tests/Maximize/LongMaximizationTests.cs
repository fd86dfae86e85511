using OnnxViz.Maximize;
using OnnxViz.Optimize.Parameterizations;
using OnnxViz.Optimize.Transforms;
using OnnxViz.Runtime;
using OnnxViz.Tests.Support.Networks;
using Xunit;
using Xunit.Abstractions;

namespace OnnxViz.Tests.Maximize;

/// <summary>
/// After many steps rounding has moved the pixels, so a long run is judged by what it reaches: without transforms, although it was
/// found under Lucid's.
/// </summary>
public class LongMaximizationTests(ITestOutputHelper output)
{
    /// <summary>Other rounding may reach this much less.</summary>
    private const float Share = 0.85f;

    private const float Growth = 10;

    private static readonly MaximizeOptions Options = new()
    {
        Param = ParameterKind.Fourier,
        LearningRate = 0.05,
        Steps = 32,
        Height = 32,
        Width = 32,
        Transforms = Transforms.Lucid,
    };

    [Fact]
    public void Many_steps_reach_their_objective()
    {
        int[] units = [5, 20];
        // What the run reached when this was written.
        float[] expected = [3984, 1514];
        var model = ReferenceAnswers.OpenModel("vgg16-body.onnx");
        var layer = model.Layers.Find("conv3_3");

        var start = ActivationMaximization.Run(model, layer, units, Options with { Steps = 0 }, RuntimeOptions.Default);
        var end = ActivationMaximization.Run(model, layer, units, Options, RuntimeOptions.Default);

        foreach (var (i, found) in end.Index())
        {
            var says = $"Unit {found.Unit}: from {start[i].Objective} to {found.Objective}, expected about {expected[i]}";
            output.WriteLine(says);
            Assert.True(found.Objective >= Share * expected[i], says);
            Assert.True(found.Objective >= Growth * Math.Abs(start[i].Objective), says);
        }
    }
}
