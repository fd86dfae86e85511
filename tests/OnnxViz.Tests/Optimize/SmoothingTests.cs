using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Maximize;
using OnnxViz.Models;
using OnnxViz.Optimize;
using OnnxViz.Optimize.Parameterizations;
using OnnxViz.Runtime;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Optimize;

/// <summary>Blur, bounds, and the penalty on the border.</summary>
public sealed class SmoothingTests : IDisposable
{
    private static readonly RuntimeOptions OneThread = new(Device.Cpu, Threads: 1);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_blurred_point_is_a_Gaussian_and_what_is_flat_stays()
    {
        var point = new float[21 * 21];
        point[(10 * 21) + 10] = 1;
        var blurred = Forward((b, x) => b.Blur(x, 1.5), Tensor.Of(point, 1, 1, 21, 21));
        Assert.Equal(1, blurred.Sum(), 1e-6);
        Assert.Equal(Math.Exp(-((2 * 2) + (3 * 3)) / (2 * 1.5 * 1.5)), blurred[(12 * 21) + 13] / blurred[(10 * 21) + 10], 1e-6);
        Assert.All(Forward((b, x) => b.Blur(x, 3), Tensor.Of([.. Enumerable.Repeat(0.3f, 9 * 4)], 1, 1, 9, 4)), v => Assert.Equal(0.3, v, 1e-6));
    }

    [Fact]
    public void A_blurred_spectrum_is_that_of_the_blurred_picture()
    {
        var fourier = new FourierParameterization(32, 32, 1);
        // A wave of 4 periods falls by exp(-2 (pi s f)^2) wherever it is.
        float[] wave = [.. Enumerable.Range(0, 3 * 32 * 32).Select(i => (float)(1 / (1 + Math.Exp(-Math.Cos(2 * Math.PI * 4 * (i % 32) / 32)))))];
        var parameter = Tensors.Join([fourier.FromPicture(wave)], fourier.Dims);
        var picture = Forward((b, x) => fourier.Picture(b, fourier.Blurred(b, x, 2)), parameter);
        var gain = Math.Exp(-2 * Math.Pow(Math.PI * 2 * 4 / 32, 2));
        Near.Each("picture", [.. Enumerable.Range(0, picture.Length).Select(i => 1 / (1 + Math.Exp(-gain * Math.Cos(2 * Math.PI * 4 * (i % 32) / 32))))], picture, 1e-5);
    }

    [Fact]
    public void The_border_is_charged_for_detail_and_the_middle_is_not()
    {
        var regularization = new Regularization { Boundary = 2 };
        var picture = new float[16 * 16];
        Array.Fill(picture, 0.5f);
        picture[(8 * 16) + 8] = 1;
        Assert.Equal(0, Penalty(), 1e-9);
        picture[(8 * 16) + 8] = 0.5f;
        picture[(8 * 16) + 2] = 0.9f;
        // The point itself: (0.4 - 0.4/25)^2 + 0.8 0.4^2; its neighbours in the border, columns 0 to 4 of five rows: (0.4/25)^2 each.
        Assert.Equal(2 * (Math.Pow(0.4 - 0.016, 2) + (0.8 * 0.16) + (9 * 0.016 * 0.016) + (5 * 0.4 * 0.4 * ((1 / 400.0) + (1 / 225.0))) + (5 * 0.016 * 0.016)), Penalty(), 2e-5);

        double Penalty() => Forward((b, x) => b.Penalty(x, regularization)!, Tensor.Of(picture, 1, 1, 16, 16)).Single();
    }

    [Theory]
    [InlineData(1, 6)]
    [InlineData(3, 2)]
    [InlineData(7, 0)]
    public void The_blur_comes_every_so_many_steps(int every, int times)
    {
        // With no step to speak of the picture is its start, blurred so many times.
        var options = MaximizeOptions.DefaultsFor(ParameterKind.Tensor) with { Height = 32, Width = 32, Steps = 6, LearningRate = 1e-12, Optimizer = OptimizerKind.Sgd };
        var start = Run(options with { Steps = 0 });
        var expected = Enumerable.Range(0, times).Aggregate(start, (x, _) => Tensor.Of(Array.ConvertAll(Forward((b, v) => b.Blur(v, 1.2), x), v => (float)v), x.Dims));
        Near.Each("picture", expected.ToDoubles(), Run(options with { Blur = 1.2, BlurEvery = every }).ToDoubles(), 1e-5);
    }

    [Fact]
    public void A_bounded_tensor_stays_a_picture()
    {
        var options = MaximizeOptions.DefaultsFor(ParameterKind.Tensor) with { Height = 32, Width = 32, Steps = 8, LearningRate = 1 };
        // ImageNet's mean and deviation: red lies between these.
        var (low, high) = ((0 - 0.485f) / 0.229f, (1 - 0.485f) / 0.229f);
        Assert.Contains(Red(Run(options)), v => v < low - 0.1f || v > high + 0.1f);
        Assert.All(Red(Run(options with { Bounds = true })), v => Assert.InRange(v, low, high));

        static float[] Red(Tensor input) => input.ToFloats()[..(32 * 32)];
    }

    private Tensor Run(MaximizeOptions options)
    {
        var model = VisionModel.Load(SmallClassifier.Save(_folder["small.onnx"]), ModelCatalog.Open(Repository.Carried("")));
        return ActivationMaximization.Run(model, model.Layers.Find("scores"), [4], options, OneThread).Single().Input;
    }

    private static double[] Forward(Func<GraphBuilder, Value, Value> function, Tensor x)
    {
        var b = new GraphBuilder();
        b.Output("y", function(b, b.Input("x", ElementType.Float, x.Dims)));
        using var session = new Session(b.Build(), OneThread);
        return session.Run(new Dictionary<string, Tensor> { ["x"] = x })["y"].ToDoubles();
    }
}
