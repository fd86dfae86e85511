using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Invert;
using OnnxViz.Optimize.Parameterizations;
using OnnxViz.Runtime;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Invert;

/// <summary>The papers' recipes written a second time, with plain loops and derivatives by hand, for a network that only mixes colours.</summary>
public sealed class RecipeTests : IDisposable
{
    private const int Height = 4;
    private const int Width = 5;
    private const int Pixels = Height * Width;

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Ijcv2016_goes_step_by_step_as_written_down()
    {
        const double Rate = 0.05 * 80 * 80 / 6 * Pixels;
        var (squares, momentum) = (new double[3 * Pixels], new double[3 * Pixels]);
        // 6/7 of the steps in the first phase; in the second, data count twice, which is ours.
        Check(InversionRecipe.Ijcv2016, 14, (u, slope, t) =>
        {
            var rate = t < 12 ? Rate : 0.1 * Rate;
            if (t is 0 or 12)
            {
                Array.Clear(squares);
                Array.Clear(momentum);
            }

            var gradient = slope(t < 12 ? 300 : 600, 1 / Math.Pow(80, 6) / Pixels, Math.Pow(6.5 / 80, 2) / Pixels, true);
            for (var i = 0; i < u.Length; i++)
            {
                squares[i] = (0.9 * squares[i]) + (gradient[i] * gradient[i]);
                momentum[i] = (0.9 * momentum[i]) - (gradient[i] / ((1 / rate) + Math.Sqrt(squares[i])));
                u[i] += momentum[i];
            }

            for (var p = 0; p < Pixels; p++)
            {
                var norm = Math.Sqrt((u[p] * u[p]) + (u[Pixels + p] * u[Pixels + p]) + (u[(2 * Pixels) + p] * u[(2 * Pixels) + p]));
                for (var c = 0; c < 3; c++) u[(c * Pixels) + p] *= Math.Min(1, 160 / norm);
            }
        });
    }

    [Fact]
    public void Cvpr2015_goes_step_by_step_as_written_down()
    {
        var momentum = new double[3 * Pixels];
        var sigma = 27098.1157 / Math.Sqrt(227 * 227 * 3.0);
        Check(InversionRecipe.Cvpr2015, 8, (u, slope, t) =>
        {
            var rate = t < 2 ? 0.004 : t < 6 ? 0.0004 : 0.00004;
            if (t is 0 or 2 or 6) Array.Clear(momentum);
            var gradient = slope(sigma * sigma * 3 * Pixels, 8e-10 / 2, 1.0 / 2, false);
            for (var i = 0; i < u.Length; i++)
            {
                momentum[i] = (0.9 * momentum[i]) - (rate * gradient[i]);
                u[i] += momentum[i];
            }
        });
    }

    [Theory]
    [InlineData(1, 4, 300)]
    [InlineData(2, 8, 100)]
    [InlineData(4, 16, 20)]
    [InlineData(8, 32, 20)]
    public void Jitter_and_weight_follow_the_stride(int jitter, int stride, double weight)
    {
        var model = ColorMixer.Save(_folder["mixer.onnx"]);
        var plan = InversionPlan.Of(new InvertOptions().Resolved(), model, stride, Height, Width);
        Assert.Equal(weight, plan.DataWeight);
        Assert.Equal((Height + jitter - 1, Width + jitter - 1), (plan.Canvas.Height, plan.Canvas.Width));
        Assert.Equal([(300, true), (50, false)], plan.Phases.Select(p => (p.Steps, p.Moves)));
        Assert.Equal(0.1, plan.Phases[1].LearningRate / plan.Phases[0].LearningRate, 1e-9);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(349)]
    [InlineData(4000)]
    public void Phases_add_up_to_the_steps(int steps) =>
        Assert.Equal(steps, RatePhase.Scaled([new(100, 1), new(200, 0.1), new(100, 0.01)], steps).Sum(p => p.Steps));

    [Fact]
    public void A_gradient_behind_the_jitter_goes_back_to_where_it_was_seen()
    {
        var jitter = new Jitter(3, 2, 4);
        var b = new GraphBuilder();
        var crop = jitter.Crop(b, b.Input("canvas", ElementType.Float, 1, 2, 4, 6));
        b.Output("crop", crop);
        b.Output("spread", jitter.Adjoint(b, b.Input("gradient", ElementType.Float, 1, 2, 2, 4)));
        using var session = new Session(b.Build(), RuntimeOptions.Default);
        var (x, y) = (Random(1, 1, 2, 4, 6), Random(2, 1, 2, 2, 4));
        var result = session.Run(new Dictionary<string, Tensor>
        {
            ["canvas"] = x,
            ["gradient"] = y,
            ["jitter_start"] = Tensor.Longs(2, 1),
            ["jitter_end"] = Tensor.Longs(4, 5),
            ["jitter_pads"] = Tensor.Longs(0, 0, 2, 1, 0, 0, 0, 1),
        });

        Assert.Equal(x.As<float>()[(2 * 6) + 1], result["crop"].As<float>()[0]);
        Assert.Equal(Dot(result["crop"], y), Dot(x, result["spread"]), 1e-5);
    }

    public void Dispose() => _folder.Dispose();

    private static double Dot(Tensor a, Tensor b) => a.ToDoubles().Zip(b.ToDoubles(), (x, y) => x * y).Sum();

    private static Tensor Random(int seed, params long[] dims) => TinyTensors.Random(ElementType.Float, new Random(seed), dims);

    /// <param name="recipe">Which.</param>
    /// <param name="steps">How many.</param>
    /// <param name="step">Moves u, given its gradient as a function of the three weights and whether colours count as vectors.</param>
    private void Check(InversionRecipe recipe, int steps, Action<double[], Func<double, double, double, bool, double[]>, int> step)
    {
        var model = ColorMixer.Save(_folder["mixer.onnx"]);
        // Some of the colours to start from lie beyond the bound.
        var (picture, start) = (ColorMixer.Picture(1, Height, Width), ColorMixer.Picture(2, Height, Width, 1.4));
        var code = ColorMixer.Mixed(picture.ToDoubles());
        var scale = Array.ConvertAll(model.Conventions.Std, s => s * 255.0);
        double[] u = [.. start.ToDoubles().Select((x, i) => x * scale[i / Pixels])];
        for (var t = 0; t < steps; t++) step(u, (data, alpha, tv, colors) => Gradient(u, code, scale, data, alpha, tv, colors), t);

        var found = Inversion.Run(
            model, picture, ["picture"], [model.Layers.Find("code")],
            new() { Recipe = recipe, Steps = steps, Init = new Initialization { Array = start } }, RuntimeOptions.Default)[0];
        Near.Each("u", u, [.. found.Input.ToDoubles().Select((x, i) => x * scale[i / Pixels])], 1e-4);
    }

    private static double[] Gradient(double[] u, double[] code, double[] scale, double data, double alpha, double tv, bool colors)
    {
        var miss = ColorMixer.Mixed([.. u.Select((x, i) => x / scale[i / Pixels])]).Zip(code, (f, w) => f - w).ToArray();
        var size = code.Sum(w => w * w);
        var gradient = new double[u.Length];
        for (var i = 0; i < u.Length; i++)
        {
            var (c, p) = Math.DivRem(i, Pixels);
            for (var k = 0; k < 3; k++) gradient[i] += data * 2 * miss[(k * Pixels) + p] * ColorMixer.Weights[k, c] / size / scale[c];
            var square = colors ? Enumerable.Range(0, 3).Sum(k => u[(k * Pixels) + p] * u[(k * Pixels) + p]) : u[i] * u[i];
            gradient[i] += alpha * 6 * Math.Pow(square, 2) * u[i];
            var (y, x) = Math.DivRem(p, Width);
            if (x + 1 < Width) gradient[i] += tv * 2 * (u[i] - u[i + 1]);
            if (x > 0) gradient[i] += tv * 2 * (u[i] - u[i - 1]);
            if (y + 1 < Height) gradient[i] += tv * 2 * (u[i] - u[i + Width]);
            if (y > 0) gradient[i] += tv * 2 * (u[i] - u[i - Width]);
        }

        return gradient;
    }
}
