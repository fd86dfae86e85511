using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Models;
using OnnxViz.Objectives;
using OnnxViz.Saliency;
using OnnxViz.Saliency.Methods;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Saliency;

/// <summary>Which layers class activation maps are made of.</summary>
public sealed class MapLayerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_last_layer_with_positions_is_behind_its_activation()
    {
        var lite0 = VisionModel.Load("efficientnet-lite0", ModelCatalog.Open());
        var layer = LayerMethod.DefaultLayer(lite0, [1, 3, 224, 224], ScoreTarget.OfClass(lite0, 0));
        Assert.Equal("Clip", layer.Producer!.OpType);
        Assert.Equal(lite0.Graph.Nodes.FindLast(n => n.OpType == "Clip")!.Outputs[0], layer);
    }

    /// <summary>A detector's anchors of two maps, one behind the other in one tensor: what explains an anchor lies in front of its own map.</summary>
    [Theory]
    [InlineData(3, "near")]
    [InlineData(15, "near")]
    [InlineData(16, "far")]
    [InlineData(19, "far")]
    public void Of_an_element_it_lies_before_the_map_that_the_element_was_in(int anchor, string expected)
    {
        using var model = ToyModels.Load(_folder, b =>
        {
            var near = Layer(b.Input("image", ElementType.Float, 1, 3, 8, 8), 3, "near");
            var far = Layer(near, 4, "far");
            b.Output("scores", b.Emit("Sigmoid", [b.Concat(2, b.Reshape(Head(near), 1, 7, -1), b.Reshape(Head(far), 1, 7, -1))]));

            Value Layer(Value x, int channels, string name) => b.Node("Relu", [b.Emit("Conv", [x, ToyNetworks.Filled(b, 0.1f, 4, channels, 2, 2)], ("strides", new[] { 2L, 2L }))], name: name)[0];
            Value Head(Value x) => b.Emit("Conv", [x, ToyNetworks.Filled(b, 0.1f, 7, 4, 1, 1)]);
        });
        var target = ScoreTarget.OfUnit(model, "scores", 4, Reduction.Mean) with { Position = new(anchor) };
        Assert.Equal(model.Layers.Find(expected), LayerMethod.DefaultLayer(model, [1, 3, 8, 8], target));
    }

    [Theory]
    [InlineData("pool5", "relu5_3")]
    [InlineData("relu5_3", "relu5_2")]
    [InlineData("conv5_1", "pool4")]
    public void It_lies_before_what_is_explained(string explained, string expected)
    {
        var vgg = VisionModel.Load("vgg16-body", ModelCatalog.Open());
        Assert.Equal(vgg.Layers.Find(expected), LayerMethod.DefaultLayer(vgg, [1, 3, 224, 224], ScoreTarget.OfUnit(vgg, explained, 0, Reduction.Mean)));
    }

    /// <summary>A segmentation: the scores of the classes, and the same resized.</summary>
    [Fact]
    public void The_map_of_the_scores_themselves_is_passed_over()
    {
        var model = ToyModels.Load(_folder, b =>
        {
            var x = b.Input("image", ElementType.Float, -1, 1, 8, 8);
            var features = b.Node("Relu", [b.Emit("Conv", [x, ToyNetworks.Filled(b, 1, 4, 1, 3, 3)], ("strides", new long[] { 2, 2 }))], name: "features")[0];
            var scores = b.Node("Conv", [features, ToyNetworks.Filled(b, 1, 2, 4, 1, 1)], name: "scores")[0];
            b.Output("resized", b.Emit("Resize", [scores, null, b.Constant(Tensor.Of([1f, 1, 2, 2], 4))], ("mode", "linear")));
        });
        Assert.Equal(model.Layers.Find("features"), LayerMethod.DefaultLayer(model, [1, 1, 8, 8], ScoreTarget.OfClass(model, 1)));
    }

    [Theory]
    [InlineData("grad-cam")]
    [InlineData("eigen-cam")]
    [InlineData("score-cam")]
    [InlineData("ablation-cam")]
    public void Channels_may_be_last(string word)
    {
        var model = ReferenceAnswers.OpenModel("exporters/keras.onnx");
        var picture = new PatternPicture([2, 13, 12, 3], 1 / 64f).ToTensor();
        var method = (LayerMethod)SaliencyMethod.Parse(word);
        SaliencyResult Of(string layer) => model.Explain(picture, method with { Layer = layer }, ScoreTarget.OfClass(model, 1));
        var (first, last) = (Of("net/dw/depthwise"), Of("net/dw/depthwise__14"));
        Assert.Equal([2, 1, 5, 2], first.Attribution.Dims);
        Near.Each(word, first.Attribution.ToDoubles(), last.Attribution.ToDoubles(), 1e-6);
    }

    [Theory]
    [InlineData("integrated-gradients")]
    [InlineData("guided-grad-cam")]
    [InlineData("occlusion")]
    [InlineData("rise")]
    public void Attributions_have_the_layout_of_the_input(string word)
    {
        var model = ReferenceAnswers.OpenModel("exporters/keras.onnx");
        var picture = new PatternPicture([1, 13, 12, 3], 1 / 64f).ToTensor();
        var result = model.Explain(picture, ToyModels.Method(word, ("steps", "600"), ("masks", "5"), ("window", "4")), ScoreTarget.OfClass(model, 1));
        Assert.Equal(picture.Dims, result.Attribution.Dims);
        Assert.Contains(result.Attribution.ToFloats(), v => v != 0);
        if (result.CompletenessResiduals is not [var residual]) return;
        var gain = Math.Abs(result.Scores[0] - result.BaselineScores![0]);
        Assert.InRange(residual, -0.02 * gain, 0.02 * gain);
    }

    /// <summary>The maps of a layer that the picture also goes around.</summary>
    [Fact]
    public void Ablation_keeps_other_ways_open()
    {
        var model = ToyModels.Load(_folder, b =>
        {
            var x = b.Input("image", ElementType.Float, -1, 1, 4, 4);
            var maps = b.Node("Conv", [x, b.Constant(Tensor.Of([1f, 2], 2, 1, 1, 1))], name: "conv")[0];
            b.Output("scores", b.ReduceSum(b.Add(maps, x), [2, 3], keep: false));
        });
        // Class 1 is 120 of the picture and 240 of the second map: without it 120 are left.
        var found = ToyModels.Explain(model, ToyModels.Ramp, ScoreTarget.OfClass(model, 1), new AblationCam { Layer = "conv" });
        Near.Each("ablation", [.. ToyNetworks.Ramp.Select(v => 240.0 / 360 * 2 * v)], found, 1e-6);
    }

    [Fact]
    public void Without_positions_there_is_no_map()
    {
        var perceptron = ToyModels.Perceptron(_folder);
        var none = Assert.Throws<OnnxVizException>(() =>
            ToyModels.Explain(perceptron, Tensor.Of([1f, 2, 3], 1, 1, 1, 3), ScoreTarget.OfClass(perceptron, 0), new GradCam()));
        Assert.Contains("no layer with more than one position", none.Message);
        var flat = Assert.Throws<OnnxVizException>(() => ToyModels.Explain(
            perceptron, Tensor.Of([1f, 2, 3], 1, 1, 1, 3), ScoreTarget.OfClass(perceptron, 0), new EigenCam { Layer = "hidden" }));
        Assert.Contains("[1,4]", flat.Message);
    }
}
