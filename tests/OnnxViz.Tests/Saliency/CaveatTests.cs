using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Models;
using OnnxViz.Objectives;
using OnnxViz.Onnx;
using OnnxViz.Runtime;
using OnnxViz.Saliency;
using OnnxViz.Saliency.Methods;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Saliency;

/// <summary>Attributions that say less than they seem to say so.</summary>
public sealed class CaveatTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_deconvnet_without_switches()
    {
        var run = CliRun.Of("saliency", "-i", "chelsea.png", "--method", "deconv", "--device", "cpu", "-o", _folder["d.png"], "--json");
        Assert.Equal("no-switches", (string)run.Json["results"]![0]!["caveats"]![0]!["kind"]!);
        var withPools = CliRun.Of("saliency", "-m", "vgg16-body", "--layer", "pool4", "--unit", "3", "-i", "chelsea.png", "--method", "deconv", "--device", "cpu", "-o", _folder["v.png"], "--json");
        Assert.Null(withPools.Json["results"]![0]!["caveats"]);
    }

    [Fact]
    public void Integrated_gradients_take_more_steps_where_few_are_not_enough()
    {
        using var model = Kinked();
        var taken = Explain(model, new IntegratedGradients());
        Assert.True(taken.Steps![0] > 50, $"{taken.Steps[0]}");
        Assert.True(Math.Abs(taken.CompletenessResiduals![0]) <= 0.05 * Math.Abs(taken.Scores[0] - taken.BaselineScores![0]));
        Assert.Equal(CaveatKind.MoreSteps, Assert.Single(taken.Caveats[0]).Kind);
    }

    [Fact]
    public void Steps_that_were_given_are_taken_and_what_they_miss_is_said()
    {
        using var model = Kinked();
        var taken = Explain(model, new IntegratedGradients { Steps = 4 });
        Assert.Equal(4, taken.Steps![0]);
        var caveat = Assert.Single(taken.Caveats[0], c => c.Kind == CaveatKind.Incomplete);
        Assert.Contains("after 4 steps", caveat.Text);
    }

    [Fact]
    public void A_saturated_probability_and_a_map_of_zeros()
    {
        using var model = Load(b => b.Node("Sigmoid", [b.Mul(b.ReduceMean(b.Input("image", ElementType.Float, 1, 3, 4, 4), [2, 3], keep: false), b.Constant(Tensor.Of([1000f], 1)))])[0]);
        var kinds = Explain(model, new Gradient()).Caveats[0].Select(c => c.Kind);
        Assert.Equal([CaveatKind.ConstantMap, CaveatKind.SaturatedScore], kinds);
    }

    private static SaliencyResult Explain(VisionModel model, SaliencyMethod method) => model.Explain(
        Tensor.Of([.. Enumerable.Repeat(1f, 48)], 1, 3, 4, 4), method, ScoreTarget.OfClass(model, 0), RuntimeOptions.Default with { Device = Device.Cpu });

    /// <summary>A score that rises on a tenth of the way only: relu(x - 0.47) - relu(x - 0.57) of the mean.</summary>
    private VisionModel Kinked() => Load(b =>
    {
        var mean = b.ReduceMean(b.Input("image", ElementType.Float, 1, 3, 4, 4), [2, 3], keep: false);
        Value Above(float kink) => b.Node("Relu", [b.Sub(mean, b.Constant(Tensor.Of([kink], 1)))])[0];
        return b.Sub(Above(0.47f), Above(0.57f));
    });

    private VisionModel Load(Func<GraphBuilder, Value> make)
    {
        var b = new GraphBuilder("m");
        b.Output("scores", make(b));
        OnnxFile.Save(b.Build(), _folder["m.onnx"]);
        return VisionModel.Load(_folder["m.onnx"], ModelCatalog.Open());
    }
}
