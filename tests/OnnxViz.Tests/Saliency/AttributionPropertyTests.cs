using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Models;
using OnnxViz.Models.Inputs;
using OnnxViz.Objectives;
using OnnxViz.Saliency;
using OnnxViz.Saliency.Methods;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Saliency;

/// <summary>What must hold on any network.</summary>
public sealed class AttributionPropertyTests : IDisposable
{
    private const int Side = 24;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Methods() => [.. SaliencyMethod.All.Select(m => m.Word)];

    private static SaliencyMethod Few(string word) => ToyModels.Method(word, ("steps", "4"), ("samples", "3"), ("masks", "10"), ("window", "8"));

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_batch_is_so_many_pictures(string method)
    {
        var model = Small(1);
        var batch = Pictures(3, 5);
        var explanation = ScoreTarget.OfClass(model, null);
        var together = model.Explain(batch, Few(method), explanation);
        for (var row = 0; row < 3; row++)
        {
            var alone = model.Explain(Tensors.Rows(batch, row, 1), Few(method), explanation);
            Assert.Equal(together.Units[row], alone.Units[0]);
            Near.Each($"{method}, picture {row}", alone.Attribution.ToDoubles(), Tensors.Rows(together.Attribution, row, 1).ToDoubles(), 1e-4);
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_model_for_one_picture_at_a_time_gives_the_same(string method)
    {
        var (open, one) = (Small(2), Small(2, 1, 3, Side, Side));
        var picture = Pictures(1, 6);
        var expected = ToyModels.Explain(open, picture, ScoreTarget.OfClass(open, 3), Few(method));
        Assert.Contains(expected, v => v != 0);
        Near.Each(method, expected, ToyModels.Explain(one, picture, ScoreTarget.OfClass(one, 3), Few(method)), 1e-4);
    }

    [Theory]
    [InlineData(Quadrature.GaussLegendre, null)]
    [InlineData(Quadrature.Midpoint, null)]
    [InlineData(Quadrature.GaussLegendre, 4)]
    public void Integrated_gradients_add_up_to_what_the_score_gained(Quadrature quadrature, int? minus)
    {
        var model = Small(3);
        var (input, baseline) = (Pictures(2, 7), Pictures(1, 8));
        var method = new IntegratedGradients { Steps = 600, Quadrature = quadrature, Baseline = Baseline.Of(baseline) };
        var result = model.Explain(input, method, ScoreTarget.OfClass(model, 2) with { Minus = minus });
        for (var row = 0; row < 2; row++)
        {
            // Every ReLU that opens on the way is a jump of the gradient, whose place a quadrature misses by part of a step.
            var all = Tensors.Row(result.Attribution, row).ToArray().Sum(a => Math.Abs((double)a));
            Assert.True(Math.Abs(result.Scores[row] - result.BaselineScores![row]) > 0.001 * all, "The case shows nothing.");
            Assert.InRange(result.CompletenessResiduals![row], -3e-4 * all, 3e-4 * all);
        }
    }

    [Theory]
    [InlineData("gradient")]
    [InlineData("integrated-gradients")]
    [InlineData("occlusion")]
    public void A_contrast_is_the_difference_of_two(string method)
    {
        var model = Small(4);
        var picture = Pictures(1, 9);
        double[] Of(int unit, int? minus = null) => ToyModels.Explain(model, picture, ScoreTarget.OfClass(model, unit) with { Minus = minus }, Few(method));
        Near.Each(method, [.. Of(1).Zip(Of(5), (a, b) => a - b)], Of(1, 5), 1e-4);
    }

    [Fact]
    public void Square_is_variance_and_mean()
    {
        var model = Small(5);
        var picture = Pictures(1, 10);
        double[] Of(NoisyGradients method, ulong seed = 3) => ToyModels.Explain(model, picture, ScoreTarget.OfClass(model, 1), method with { Samples = 6, Seed = seed });
        var (mean, variance) = (Of(new SmoothGrad()), Of(new VarGrad()));
        Near.Each("squaregrad", [.. mean.Zip(variance, (m, v) => (m * m) + v)], Of(new SquareGrad()), 1e-5);
        Assert.Equal(mean, Of(new SmoothGrad()));
        Assert.NotEqual(mean, Of(new SmoothGrad(), seed: 4));
    }

    /// <summary>What noise there is can be read off a network that has the gradient 2x: its variance is 4 of the noise's.</summary>
    [Fact]
    public void Noise_is_a_share_of_the_pictures_range()
    {
        var model = ToyModels.Load(_folder, b =>
        {
            var x = b.Input("image", ElementType.Float, -1, 1, 32, 32);
            b.Output("scores", b.ReduceSum(b.Mul(x, x), [2, 3], keep: false));
        });
        var picture = Tensor.Of([.. Enumerable.Range(0, 1024).Select(i => (i % 64) - 10f)], 1, 1, 32, 32);
        var found = ToyModels.Explain(model, picture, ScoreTarget.OfClass(model, 0), new VarGrad { Samples = 200, Noise = 0.1 });
        Assert.Equal(4 * 6.3 * 6.3, found.Average(), 4 * 6.3 * 6.3 * 0.02);
    }

    [Theory]
    [InlineData(InputAxes.Nchw, 1, 11)]
    [InlineData(InputAxes.Nhwc, 1, 11)]
    [InlineData(InputAxes.Ncdhw, 4, 5)]
    [InlineData(InputAxes.Ndchw, 4, 5)]
    [InlineData(InputAxes.Ntc, 1, 1)]
    public void A_crop_has_an_adjoint(InputAxes axes, int depth, int height)
    {
        var layout = new InputLayout(axes, 3, depth, height, 14);
        var random = new Random(11);
        float[] Numbers() => [.. TinyTensors.Numbers(random, layout.Size).Select(n => (float)n)];
        for (var number = 0; number < 4; number++)
        {
            var crop = RandomCrop.Draw(1, number, layout);
            var (x, y, cropped, back) = (Numbers(), Numbers(), new float[layout.Size], new double[layout.Size]);
            crop.Apply(x, cropped);
            crop.AddAdjoint(y, back);
            Assert.Equal(cropped.Zip(y, (a, b) => (double)a * b).Sum(), back.Zip(x, (a, b) => a * b).Sum(), 4);
            Assert.NotEqual(x, cropped);
        }
    }

    /// <summary>More channels than positions or fewer: the same component by the other matrix.</summary>
    [Fact]
    public void Silent_channels_change_no_component()
    {
        var maps = TinyTensors.Numbers(new Random(12), 3 * 10).Select(n => (float)n).ToArray();
        var few = EigenCam.Component(maps, 3);
        var many = EigenCam.Component([.. maps, .. new float[9 * 10]], 12);
        Near.Each("component", Array.ConvertAll(few, v => (double)v), Array.ConvertAll(many, v => (double)v), 1e-5);
        Assert.Contains(few, v => Math.Abs(v) > 0.1);
    }

    [Fact]
    public void The_work_stops_when_asked()
    {
        using var source = new CancellationTokenSource();
        var model = Small(6);
        var runs = 0;
        var progress = new Counter(() =>
        {
            if (++runs == 2) source.Cancel();
        });
        Assert.Throws<OperationCanceledException>(() => model.Explain(
            Pictures(1, 1), new Rise { Masks = 100_000 }, ScoreTarget.OfClass(model, 1), progress: progress, token: source.Token));
        Assert.Equal(2, runs);
    }

    private static Tensor Pictures(int count, int seed) => TinyTensors.Random(ElementType.Float, new Random(seed), count, 3, Side, Side);

    private VisionModel Small(int seed, params long[] dims) =>
        VisionModel.Load(SmallClassifier.Save(_folder[$"small{seed}{dims.Length}.onnx"], seed, dims), ModelCatalog.Open());

    private sealed class Counter(Action count) : IProgress<double>
    {
        public void Report(double value) => count();
    }
}
