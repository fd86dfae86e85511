using System.Reflection;
using OnnxViz.Maximize;
using OnnxViz.Models;
using OnnxViz.Objectives;
using OnnxViz.Saliency.Methods;
using Xunit;

namespace OnnxViz.RealNetworks;

/// <summary>ResNet-18 with ImageNet weights as CNTK exported it in 2018 (opset 8), without its classifier.</summary>
public sealed class ResNet18Tests : IDisposable
{
    private const string Layer = "ReLU353";

    private readonly VisionModel _model = VisionModel.Open(File);

    private static string File => typeof(ResNet18Tests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "ResNet18").Value!;

    private static string Picture => Path.Combine(AppContext.BaseDirectory, "onnx-models", "images", "chelsea.png");

    public void Dispose() => _model.Dispose();

    [Fact]
    public void It_is_known_by_its_content()
    {
        Assert.True(_model.Conventions is { Bgr: true, Low: 0, High: 255, Channels: 3 });
        Assert.Equal(103.06262f, _model.Conventions.Mean[0], 3);
    }

    /// <summary>Gradients along the way from black add up to what the score gains on it.</summary>
    [Fact]
    public void Gradients_add_up()
    {
        var target = ScoreTarget.OfUnit(_model, Layer, 162, Reduction.Mean);
        var explained = _model.Explain(Picture, new IntegratedGradients { Steps = 100 }, target);
        var (atBaseline, residual) = explained.Completeness!.Value;
        Assert.NotEqual(atBaseline, explained.Score);
        Assert.InRange(Math.Abs(residual), 0, 0.03 * Math.Abs(explained.Score - atBaseline));
    }

    /// <summary>What it likes best excites it far more than photographs of anything.</summary>
    [Fact]
    public void A_maximised_unit_is_beyond_all_photographs()
    {
        var found = _model.Maximize(Layer, 162, new MaximizeOptions { Steps = 48, Height = 128, Width = 128 });
        var photographs = Directory.GetFiles(Path.GetDirectoryName(Picture)!, "*.png").Select(Mean);
        Assert.True(found.Objective > 5 * photographs.Max());
    }

    private float Mean(string picture)
    {
        var maps = _model.Activations(picture, Layer).Maps;
        var count = (int)(maps.Count / maps.Dims[1]);
        return maps.ToFloats().AsSpan(162 * count, count).ToArray().Average();
    }
}
