using OnnxViz.Features;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Models;
using OnnxViz.Objectives;
using OnnxViz.Onnx;
using OnnxViz.Runtime;
using OnnxViz.Saliency;
using OnnxViz.Saliency.Methods;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Saliency;

/// <summary>
/// Methods without gradients behind an operator of which nothing is known here, not even the shape of its result, but which ONNX
/// Runtime runs. The truth is the same network with the operator's formula in standard operators.
/// </summary>
public sealed class UnknownOperatorTests : IDisposable
{
    private static readonly RuntimeOptions Cpu = RuntimeOptions.Default with { Device = Device.Cpu };

    private readonly TemporaryFolder _folder = new();

    public static IEnumerable<object[]> Methods => new SaliencyMethod[]
    {
        new Occlusion { Window = new(4, 4), Stride = new(4, 4) }, new Rise { Masks = 10 },
        new ScoreCam { Layer = "features" }, new AblationCam { Layer = "features" }, new EigenCam { Layer = "features" }, new EigenCam(),
    }.Select(m => new object[] { m });

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Methods))]
    public void Methods_without_gradients_need_no_rule(SaliencyMethod method)
    {
        using var model = Load(isKnown: false);
        using var truth = Load(isKnown: true);
        var input = TinyTensors.Random(ElementType.Float, new Random(4), [2, 3, 8, 8]);
        var (expected, found) = (truth.Explain(input, method, null, Cpu), model.Explain(input, method, null, Cpu));
        Assert.Equal(expected.Units, found.Units);
        Near.Each(method.Word, expected.Attribution.ToDoubles(), found.Attribution.ToDoubles(), 1e-5);
    }

    [Fact]
    public void Scores_activations_and_peaks_need_no_shape()
    {
        using var model = Load(isKnown: false);
        using var truth = Load(isKnown: true);
        var input = TinyTensors.Random(ElementType.Float, new Random(4), [2, 3, 8, 8]);
        Near.Each("scores", Classification.Scores(truth, input, Cpu).ToDoubles(), Classification.Scores(model, input, Cpu).ToDoubles(), 1e-6);
        var scores = model.Layers.Find("scores");
        Near.Each("activations", Classification.Scores(truth, input, Cpu).ToDoubles(), FeatureMaps.Of(model, input, [scores], Cpu)[0].Maps.ToDoubles(), 1e-6);
        using var peaks = new UnitPeaks(model, scores, [2, 3, 8, 8], Cpu);
        Near.Each("peaks", Classification.Scores(truth, input, Cpu).ToDoubles(), peaks.Of(input).Activations.ToDoubles(), 1e-6);
        Assert.Equal([1, 5], ShapedModel.DimsOf(model, scores, [1, 3, 8, 8]));
    }

    [Fact]
    public void The_gradient_names_the_operator()
    {
        using var model = Load(isKnown: false);
        var input = TinyTensors.Random(ElementType.Float, new Random(4), [1, 3, 8, 8]);
        foreach (SaliencyMethod method in new SaliencyMethod[] { new Gradient(), new GradCam { Layer = "features" }, new IntegratedGradients() })
        {
            var error = Assert.Throws<OnnxVizException>(() => model.Explain(input, method, null, Cpu));
            Assert.Contains("'ai.onnx.ml.Scaler' (node 'scaler'", error.Message);
        }
    }

    private VisionModel Load(bool isKnown)
    {
        var path = _folder[$"{isKnown}.onnx"];
        var random = new Random(2);
        float[] offset = [0.5f, -1, 2, 0, 0.25f, 1], scale = [2f, 0.5f, -1, 3, 1, 1];
        var b = new GraphBuilder("scaled", domains: new Dictionary<string, int> { ["ai.onnx.ml"] = 1 });
        var x = b.Input("image", ElementType.Float, -1, 3, 8, 8);
        var features = b.Node("Relu", [b.Emit("Conv", [x, Weight(6, 3, 3, 3)], ("pads", new long[] { 1, 1, 1, 1 }))], name: "features")[0];
        var means = b.ReduceMean(features, [2, 3], keep: false);
        var scaled = isKnown
            ? b.Mul(b.Sub(means, b.Constant(Tensor.Of(offset, 6))), b.Constant(Tensor.Of(scale, 6)))
            : b.Node("Scaler", [means], new Dictionary<string, object> { ["offset"] = offset, ["scale"] = scale }, name: "scaler", domain: "ai.onnx.ml")[0];
        scaled.Type = ElementType.Float;
        var scores = b.Node("Relu", [b.MatMul(scaled, Weight(6, 5))], name: "scores")[0];
        scores.Type = ElementType.Float;
        b.Expose("scores", scores);
        OnnxFile.Save(b.Build(), path);
        return VisionModel.Load(path, ModelCatalog.Open());

        Value Weight(params long[] dims) => b.Constant(TinyTensors.Random(ElementType.Float, random, dims), $"weight{random.Next()}");
    }
}
