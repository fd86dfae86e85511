using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Models;
using OnnxViz.Objectives;
using OnnxViz.Runtime;
using OnnxViz.Saliency;
using OnnxViz.Saliency.Methods;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Models;

/// <summary>A network as tf2onnx writes it: [N, H, W, C] outside and here and there inside.</summary>
public class ChannelsLastTests
{
    private const string First = "net/dw/depthwise";

    private const string Last = "net/dw/depthwise__14";

    private static readonly Tensor Picture = new PatternPicture([2, 13, 12, 3], 1 / 64f).ToTensor();

    private readonly VisionModel _model = ReferenceAnswers.OpenModel("exporters/keras.onnx");

    [Fact]
    public void Units_are_channels_wherever_the_channels_are()
    {
        var forward = ShapedModel.Start(_model, Picture.Dims, _model.Layers.Find(First), _model.Layers.Find(Last), _model.Layers.Find("net/gap/Mean"));
        Assert.Equal([2, 8, 5, 2], forward.Units(_model.Layers.Find(First)).StaticDims());
        Assert.Equal([2, 5, 2, 8], forward[_model.Layers.Find(Last)].StaticDims());
        Assert.Equal([2, 8, 5, 2], forward.Units(_model.Layers.Find(Last)).StaticDims());
    }

    [Theory]
    [InlineData(Reduction.Mean, 3)]
    [InlineData(Reduction.Rms, 3)]
    [InlineData(Reduction.Max, 3)]
    public void A_unit_has_one_gradient_in_both_layouts(Reduction objective, int unit)
    {
        var expected = Explain(First);
        Assert.Contains(expected.Attribution.ToFloats(), g => g != 0);
        Assert.Equal(expected.Attribution.ToFloats(), Explain(Last).Attribution.ToFloats());
        Assert.Equal(expected.Scores, Explain(Last).Scores);

        SaliencyResult Explain(string layer) =>
            _model.Explain(Picture, new Gradient(), ScoreTarget.OfUnit(_model, layer, unit, objective));
    }

    [Fact]
    public void Activations_are_shown_by_channel_and_kept_as_they_are()
    {
        var maps = FeatureMaps.Of(_model, Picture, [_model.Layers.Find(First), _model.Layers.Find(Last)], RuntimeOptions.Default);
        Assert.Equal([2, 5, 2, 8], maps[1].Raw.Dims);
        Assert.Equal([2, 8, 5, 2], maps[1].Maps.Dims);
        Assert.Equal(maps[0].Raw.ToFloats(), maps[1].Maps.ToFloats());
        Assert.Same(maps[0].Raw, maps[0].Maps);
    }
}
