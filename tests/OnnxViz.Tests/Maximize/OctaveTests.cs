using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Imaging;
using OnnxViz.Imaging.Resample;
using OnnxViz.Maximize;
using OnnxViz.Models;
using OnnxViz.Optimize.Parameterizations;
using OnnxViz.Runtime;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Maximize;

/// <summary>Growing pictures: their sizes, and what is handed from one to the next.</summary>
public sealed class OctaveTests : IDisposable
{
    private static readonly RuntimeOptions OneThread = new(Device.Cpu, Threads: 1);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_octave_is_larger_by_the_scale_and_the_last_has_the_size()
    {
        Assert.Equal([(47, 93), (65, 131), (91, 183), (128, 256)], new MaximizeOptions { Octaves = 4, Height = 128, Width = 256 }.OctaveSizes());
        Assert.Equal([(8, 8)], new MaximizeOptions { Height = 8, Width = 8 }.OctaveSizes());
        Assert.Contains("fewer", Assert.Throws<OnnxVizException>(() => new MaximizeOptions { Octaves = 9 }.OctaveSizes()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ParameterKind.Tensor, -1)]
    [InlineData(ParameterKind.Pixel, -1)]
    [InlineData(ParameterKind.Fourier, -1)]
    [InlineData(ParameterKind.Tensor, 48)]
    [InlineData(ParameterKind.Fourier, 48)]
    public void Steps_count_for_every_octave_and_all_of_them_help(ParameterKind param, int side)
    {
        var model = Small(1, 3, side, side);
        var options = MaximizeOptions.DefaultsFor(param) with { Height = 48, Width = 48, Steps = 6, Octaves = 3 };
        var start = Run(model, options with { Steps = 0 });
        var steps = new List<(int Step, int Steps)>();
        var found = Run(model, options, new Steps(steps.Add));
        Assert.Equal([1, 3, 48, 48], found.Input.Dims);
        Assert.Equal(18, found.Steps);
        Assert.Equal(Enumerable.Range(1, 18).Select(i => (i, 18)), steps);
        Assert.True(found.Objective > start.Objective, $"from {start.Objective} to {found.Objective}");
    }

    [Theory]
    [InlineData(ParameterKind.Tensor)]
    [InlineData(ParameterKind.Pixel)]
    [InlineData(ParameterKind.Fourier)]
    public void A_smooth_picture_survives_all_sizes(ParameterKind param)
    {
        var picture = new Image(48, 48);
        for (var i = 0; i < picture.Pixels.Length; i++) picture.Pixels[i] = (byte)(128 + (60 * Math.Sin(i / 3 % 48 / 9.0) * Math.Cos(i / (3 * 48) / 11.0)));
        var options = MaximizeOptions.DefaultsFor(param) with
        {
            Height = 48,
            Width = 48,
            Steps = 0,
            Octaves = 3,
            OctaveScale = 1.3,
            Init = new Initialization { Picture = picture },
        };
        Near.Each("picture", [.. picture.Pixels.Select(p => (double)p)], [.. Run(Small(1, 3, -1, -1), options).Picture.Pixels.Select(p => (double)p)], 0.03);
    }

    [Fact]
    public void An_interruption_leaves_the_picture_of_the_octave_at_its_size()
    {
        using var cancellation = new CancellationTokenSource();
        var options = new MaximizeOptions { Height = 48, Width = 48, Steps = 5, Octaves = 3 };
        var progress = new Steps(s =>
        {
            if (s.Step == 7) cancellation.Cancel();
        });
        var found = Run(Small(1, 3, -1, -1), options, progress, cancellation.Token);
        Assert.Equal(7, found.Steps);
        Assert.Equal(48, found.Picture.Width);
        Assert.NotEqual(Run(Small(1, 3, -1, -1), options with { Steps = 0 }).Picture.Pixels, found.Picture.Pixels);
    }

    [Theory]
    [InlineData(20, 31, ResampleFilter.Bicubic)]
    [InlineData(31, 12, ResampleFilter.Bicubic)]
    [InlineData(7, 16, ResampleFilter.Bilinear)]
    public void A_graph_resizes_as_the_host_does(int from, int to, ResampleFilter filter)
    {
        var picture = TinyTensors.Random(ElementType.Float, new Random(3), 1, 2, from, from + 5);
        using var graph = new TinyGraph((b, xs) => [b.Resize(xs[0], to, to + 2, filter)], [picture]);
        var planes = picture.ToFloats();
        float[] expected = [.. Enumerable.Range(0, 2).SelectMany(c => MapResampler.Resize(planes.AsSpan(c * from * (from + 5), from * (from + 5)), from + 5, from, to + 2, to, filter))];
        Near.Each("resized", [.. expected.Select(v => (double)v)], graph.Forward([picture])[0], 1e-5);
    }

    private VisionModel Small(params long[] dims) => VisionModel.Load(SmallClassifier.Save(_folder[$"small{dims[2]}.onnx"], 1, dims), ModelCatalog.Open(Repository.Carried("")));

    private static Maximization Run(VisionModel model, MaximizeOptions options, IProgress<MaximizationProgress>? progress = null, CancellationToken token = default) =>
        ActivationMaximization.Run(model, model.Layers.Find("scores"), [4], options, OneThread, progress, token).Single();

    private sealed class Steps(Action<(int Step, int Steps)> action) : IProgress<MaximizationProgress>
    {
        public void Report(MaximizationProgress value) => action((value.Step, value.Steps));
    }
}
