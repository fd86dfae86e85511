using OnnxViz.Autodiff.Rules;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Invert;
using OnnxViz.Models;
using OnnxViz.Runtime;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Invert;

/// <summary>Inversions of a network that can be undone by hand.</summary>
public sealed class InversionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void What_can_be_undone_is_found_again()
    {
        var picture = ColorMixer.Picture(1, 6, 5);
        var found = Run(picture, new() { Recipe = InversionRecipe.Plain, LearningRate = 0.05, Steps = 500 })[0];

        Near.Each("picture", picture.ToDoubles(), found.Input.ToDoubles(), 2e-3);
        Assert.InRange(found.Error, 0, 1e-6);
    }

    [Theory]
    [InlineData(InversionRecipe.Ijcv2016)]
    [InlineData(InversionRecipe.Cvpr2015)]
    public void With_next_to_no_prior_the_papers_find_it_again_too(InversionRecipe recipe)
    {
        var picture = ColorMixer.Picture(1, 6, 5, 0.5);
        var found = Run(picture, new() { Recipe = recipe, DataWeight = recipe == InversionRecipe.Ijcv2016 ? 1e5 : 10 })[0];

        Assert.InRange(found.Error, 0, 1e-2);
        Assert.InRange(ReferenceAnswers.RelativeError(found.Input.As<float>(), picture.As<float>()), 0, 0.1);
    }

    [Fact]
    public void Error_and_cosine_are_those_of_the_picture_found()
    {
        var picture = ColorMixer.Picture(1, 6, 5);
        var found = Run(picture, new() { Steps = 7 })[0];

        var (f, w) = (ColorMixer.Mixed(found.Input.ToDoubles()), ColorMixer.Mixed(picture.ToDoubles()));
        var error = f.Zip(w, (a, b) => (a - b) * (a - b)).Sum() / w.Sum(b => b * b);
        var cosine = f.Zip(w, (a, b) => a * b).Sum() / Math.Sqrt(f.Sum(a => a * a) * w.Sum(b => b * b));
        Assert.True(error > 1e-3);
        Assert.Equal(error, found.Error, error * 1e-4);
        Assert.Equal(cosine, found.Cosine, 1e-5);
    }

    [Fact]
    public void Of_several_starts_the_best_comes_first_and_each_is_another()
    {
        var found = Run(ColorMixer.Picture(1, 6, 5), new() { Steps = 5, Restarts = 4 });

        Assert.Equal(found.OrderBy(f => f.Error).Select(f => f.Restart), found.Select(f => f.Restart));
        Assert.Equal([0, 1, 2, 3], found.Select(f => f.Restart).Order());
        Assert.Equal(4, found.Select(f => f.Error).Distinct().Count());
    }

    [Fact]
    public void A_code_of_numbers_is_inverted_like_a_code_of_maps()
    {
        var model = ColorMixer.Save(_folder["sums.onnx"], (b, x) => b.ReduceMean(x, [2, 3], keep: false));
        var found = Run(ColorMixer.Picture(1, 6, 5), new() { Recipe = InversionRecipe.Plain, LearningRate = 0.02, Steps = 300 }, model)[0];
        Assert.InRange(found.Error, 0, 1e-4);
    }

    [Fact]
    public void A_caricature_says_the_same_louder()
    {
        var model = ColorMixer.Save(_folder["rectified.onnx"], (b, x) => b.Relu(x));
        var picture = ColorMixer.Picture(1, 32, 32, 0.4);
        var found = Run(picture, new() { Recipe = InversionRecipe.Caricature, Steps = 60 }, model)[0];

        double[] f = [.. ColorMixer.Mixed(found.Input.ToDoubles()).Select(a => Math.Max(a, 0))], w = [.. ColorMixer.Mixed(picture.ToDoubles()).Select(a => Math.Max(a, 0))];
        Assert.True(found.Cosine > 0.8, $"cosine {found.Cosine}");
        Assert.True(f.Zip(w, (a, b) => a * b).Sum() > w.Sum(b => b * b), "It is not louder.");
    }

    [Fact]
    public void A_code_that_is_zero_is_refused()
    {
        var model = ColorMixer.Save(_folder["silent.onnx"], (b, x) => b.Relu(b.Sub(x, b.Scalar(1000))));
        var e = Assert.Throws<OnnxVizException>(() => Run(ColorMixer.Picture(1, 6, 5), new(), model));
        Assert.Contains("zero everywhere", e.Message, StringComparison.Ordinal);
        Assert.Equal(Fault.Input, e.Fault);
    }

    [Fact]
    public void An_interruption_keeps_what_is_done_or_else_what_there_is()
    {
        Assert.Equal([(0, 9, true)], Interrupted(layer: 1, step: 4));
        Assert.Equal([(0, 4, false)], Interrupted(layer: 0, step: 4));
    }

    public void Dispose() => _folder.Dispose();

    private (int Layer, int Steps, bool IsDone)[] Interrupted(int layer, int step)
    {
        using var source = new CancellationTokenSource();
        var model = ColorMixer.Save(_folder["mixer.onnx"]);
        var progress = new Watch(p =>
        {
            if (p.Layer == layer && p.Step == step) source.Cancel();
        });
        var code = model.Layers.Find("code");
        var found = Inversion.Run(
            model, ColorMixer.Picture(1, 6, 5), ["picture"], [code, code], new() { Steps = 9 }, RuntimeOptions.Default, progress, source.Token);
        return [.. found.Select(f => (f.Layer, f.Steps, f.IsDone))];
    }

    private IReadOnlyList<Inverted> Run(Tensor picture, InvertOptions options, VisionModel? model = null)
    {
        model ??= ColorMixer.Save(_folder["mixer.onnx"]);
        return Inversion.Run(model, picture, ["picture"], [model.Layers.Find("code")], options, RuntimeOptions.Default);
    }

    private sealed class Watch(Action<InversionProgress> action) : IProgress<InversionProgress>
    {
        public void Report(InversionProgress value) => action(value);
    }
}
