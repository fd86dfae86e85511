using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Models;
using OnnxViz.Objectives;
using OnnxViz.Runtime;
using OnnxViz.Saliency;
using OnnxViz.Saliency.Methods;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Saliency;

/// <summary>Every method on networks whose answers Captum, pytorch-grad-cam and pencil and paper agree upon.</summary>
public sealed class ToyAttributionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("gradient", null, "0 1 1 1  0 1 1 1  0 1 1 1  0 0 0 0")]
    [InlineData("input-x-gradient", null, "0 1 2 3  0 5 6 7  0 9 10 11  0 0 0 0")]
    [InlineData("guided", null, "0 1 1 1  1 3 3 2  1 3 3 2  1 2 2 1")]
    [InlineData("deconv", null, "2 3 3 1  3 5 5 2  3 5 5 2  1 2 2 1")]
    [InlineData("guided-grad-cam", null, "0 0 4 4  0 0 12 8  28 84 97.5 65  28 56 65 32.5")]
    [InlineData("grad-cam", "conv", "11.25 13.5  20.25 22.5")]
    [InlineData("grad-cam", null, "0 4  28 32.5")]
    [InlineData("xgrad-cam", null, "0 4  25 25")]
    [InlineData("hires-cam", null, "0 4  25 25")]
    [InlineData("layer-cam", null, "0 4  31 40")]
    [InlineData("grad-cam++", null, "0 .20779  1.87126 2.73010")]
    [InlineData("eigen-cam", null, "-19.4419 -15.6549  11.8392 23.2577")]
    public void One_convolution(string word, string? layer, string expected)
    {
        var model = ToyModels.OneConvolution(_folder);
        var method = SaliencyMethod.Parse(word);
        if (method is LayerMethod map) method = map with { Layer = layer };
        var result = model.Explain(ToyModels.Ramp, method, ScoreTarget.OfClass(model, 0));

        Assert.Equal([54f], result.Scores);
        Assert.Equal(method.IsLayerMap ? [1, 1, 2, 2] : [1, 1, 4, 4], result.Attribution.Dims);
        Near.Each(word, ToyNetworks.Parse(expected), result.Attribution.ToDoubles(), 1e-5);
    }

    /// <summary>Behind global average pooling the gradients of small scores have squares far below any constant that could be added to them.</summary>
    [Theory]
    [InlineData(1e-6)]
    [InlineData(0.01)]
    [InlineData(1)]
    [InlineData(100)]
    public void Grad_cam_plus_plus_is_the_paper_s_formula_for_small_and_large_scores(double scale)
    {
        double[] channels = [1, 3, 2], weights = [2, 1, -4];
        var model = ToyModels.Load(_folder, b =>
        {
            var maps = b.Relu(b.Emit("Conv", [b.Input("image", ElementType.Float, -1, 1, 4, 4), b.Constant(Tensor.Of([.. channels.Select(c => (float)c)], 3, 1, 1, 1))]));
            var head = Tensor.Of([.. weights.Select(w => (float)(w * scale))], 1, 3, 1, 1);
            b.Output("scores", b.Emit("Flatten", [b.Emit("Conv", [b.Emit("GlobalAveragePool", [maps]), b.Constant(head)])]));
        });
        var found = ToyModels.Explain(model, ToyModels.Ramp, ScoreTarget.OfClass(model, 0), new GradCamPlusPlus());

        var picture = ToyModels.Ramp.ToDoubles();
        var shares = channels.Zip(weights, (channel, weight) =>
        {
            var gradient = weight * scale / 16;
            return 16 * Math.Max(gradient, 0) / (2 + channel * picture.Sum() * gradient) * channel;
        });
        var factor = shares.Sum();
        Near.Each("grad-cam++", [.. picture.Select(x => factor * x)], found, 1e-6);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void Occlusion_is_the_mean_over_the_windows_that_cover_a_pixel(long batch)
    {
        var model = ToyModels.OneConvolution(_folder, batch);
        var found = ToyModels.Explain(
            model, ToyModels.Ramp, ScoreTarget.OfClass(model, 0), new Occlusion { Window = new(2, 2), Stride = new(1, 1) });
        Near.Each("occlusion", ToyNetworks.Parse("7 8 6.5 4  15.5 20.75 22.25 18.5  30 39.25 44.25 40  36 45 50.5 47"), found, 1e-6);
    }

    [Theory]
    [InlineData(Quadrature.Midpoint)]
    [InlineData(Quadrature.GaussLegendre)]
    public void Integrated_gradients_of_one_convolution(Quadrature quadrature)
    {
        var model = ToyModels.OneConvolution(_folder);
        var result = model.Explain(ToyModels.Ramp, new IntegratedGradients { Steps = 1000, Quadrature = quadrature }, ScoreTarget.OfClass(model, 0));

        const string limit = "0 .0741 .1481 .2222  1.2346 3.3025 3.9630 2.4630  2.4691 5.9444 6.6049 3.8704  3.7037 7.6235 8.2099 4.1667";
        Near.Each("integrated gradients", ToyNetworks.Parse(limit), result.Attribution.ToDoubles(), 5e-3);
        Assert.Equal([0f], result.BaselineScores!);
        Assert.InRange(result.CompletenessResiduals![0], -0.1, 0.1);
        Assert.Equal(result.Attribution.ToDoubles().Sum() - 54, result.CompletenessResiduals[0], 5);
    }

    /// <summary>Weights that add up to (n - 1)/n, as in Captum's trapezoid rule, would give 51.48.</summary>
    [Theory]
    [InlineData(Quadrature.GaussLegendre, 53.33)]
    [InlineData(Quadrature.Midpoint, 53.82)]
    public void Fifty_steps_give_what_Captum_gives(Quadrature quadrature, double sum)
    {
        var model = ToyModels.OneConvolution(_folder);
        var found = ToyModels.Explain(
            model, ToyModels.Ramp, ScoreTarget.OfClass(model, 0), new IntegratedGradients { Quadrature = quadrature });
        Assert.Equal(sum, found.Sum(), 0.005);
    }

    [Theory]
    [InlineData(0, 392)]
    [InlineData(1, 394)]
    public void Perceptron(int logit, float score)
    {
        var model = ToyModels.Perceptron(_folder);
        var result = model.Explain(Tensor.Of([0f, 100, 0], 1, 1, 1, 3), new IntegratedGradients { Quadrature = Quadrature.Midpoint }, ScoreTarget.OfClass(model, logit));
        Assert.Equal([score], result.Scores);
        // The path leaves ReLU's flat part at a tenth of its length, between two of the 50 midpoints.
        Near.Each("IG", [0, 390, 0], result.Attribution.ToDoubles(), 1e-6);
        Assert.Equal(0, result.CompletenessResiduals![0], 4);
    }

    [Fact]
    public void Perceptron_hidden_unit()
    {
        var model = ToyModels.Perceptron(_folder);
        var hidden = ScoreTarget.OfUnit(model, "hidden", 0, Reduction.Mean);
        var path = new IntegratedGradients { Quadrature = Quadrature.Midpoint };
        Near.Each("IG", [0, 3, 7], ToyModels.Explain(model, Tensor.Of([0f, 6, 14], 1, 1, 1, 3), hidden, path), 1e-6);
    }

    [Fact]
    public void Perceptron_occlusion()
    {
        var model = ToyModels.Perceptron(_folder);
        var found = ToyModels.Explain(
            model, Tensor.Of([20f, 50, 30], 1, 1, 1, 3), ScoreTarget.OfClass(model, 0), new Occlusion { Window = new(1, 1), Stride = new(1, 1) });
        Near.Each("occlusion", [80, 200, 120], found, 1e-6);
    }

    [Fact]
    public void Ablation_weights_are_the_shares_of_the_score_that_channels_hold()
    {
        var model = ToyModels.OneConvolution(_folder);
        var maps = FeatureMaps.Of(model, ToyModels.Ramp, [model.Layers.Find("relu")], RuntimeOptions.Default)[0].Maps.ToDoubles();
        double[] row = [1, 1, 1, 1, 1, -1, -1, -1];
        double Without(int channel) => Math.Max(0, maps.Select((m, i) => i / 4 == channel ? 0 : m * row[i]).Sum());
        var expected = Enumerable.Range(0, 4)
            .Select(i => Math.Max(0, Enumerable.Range(0, 2).Sum(c => (54 - Without(c)) / 54 * maps[(4 * c) + i]))).ToArray();
        Near.Each("ablation", expected, ToyModels.Explain(model, ToyModels.Ramp, ScoreTarget.OfClass(model, 0), new AblationCam()), 1e-6);
    }
}
