using OnnxViz.Graphs;
using OnnxViz.Imaging.Files;
using OnnxViz.Models;
using OnnxViz.Models.Inputs;
using OnnxViz.Objectives;
using OnnxViz.Onnx;
using OnnxViz.Saliency;
using OnnxViz.Saliency.Methods;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Saliency;

/// <summary>Volumes, signals, any number of channels, undeclared shapes: the numbers of PyTorch, and pictures of them.</summary>
public sealed class OtherInputTests : IDisposable
{
    private const double Tolerance = 2e-6;

    private static readonly Dictionary<string, Tensor> _arrays = NpzFile.Load(Repository.Fixture("inputs/inputs.npz"));

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, InputAxes, int> Networks => new()
    {
        { "nchw2", InputAxes.Nchw, 2 }, { "nchw4", InputAxes.Nchw, 4 }, { "nchw12", InputAxes.Nchw, 12 }, { "nhwc5", InputAxes.Nhwc, 5 }, { "nhw", InputAxes.Nhw, 1 },
        { "ncdhw1", InputAxes.Ncdhw, 1 }, { "ndhwc2", InputAxes.Ndhwc, 2 }, { "ndchw3", InputAxes.Ndchw, 3 },
        { "nct3", InputAxes.Nct, 3 }, { "ntc3", InputAxes.Ntc, 3 }, { "ntc3-2d", InputAxes.Ntc, 3 }, { "nt", InputAxes.Nt, 1 },
        { "open-nchw6", InputAxes.Nchw, 6 }, { "open-nhwc3", InputAxes.Nhwc, 3 }, { "open-ncdhw1", InputAxes.Ncdhw, 1 },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Networks))]
    public void Axes_and_channels_are_found_and_gradients_are_right(string name, InputAxes axes, int channels)
    {
        using var model = Open(name);
        Assert.Equal((axes, channels), (model.Conventions.Axes, model.Conventions.Channels));
        var found = model.Explain(_arrays[$"{name}/x"], new Gradient(), ScoreTarget.OfClass(model, 1));
        var expected = _arrays[$"{name}/gradient"];
        Assert.Equal(expected.Dims, found.Attribution.Dims);
        Near.Each(name, expected.ToDoubles(), found.Attribution.ToDoubles(), Tolerance);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Class_activation_maps_are_right(string name, InputAxes axes, int channels)
    {
        using var model = Open(name);
        Assert.Equal((axes, channels), (model.Conventions.Axes, model.Conventions.Channels));
        var found = model.Explain(_arrays[$"{name}/x"], new GradCam(), ScoreTarget.OfClass(model, 1));
        Near.Each(name, _arrays[$"{name}/cam"].ToDoubles(), found.Attribution.ToDoubles(), 1e-5);
    }

    /// <summary>Finite numbers, in the shape of the input where they are of the input.</summary>
    [Theory]
    [MemberData(nameof(Networks))]
    public void Every_method_takes_every_input(string name, InputAxes axes, int channels)
    {
        using var model = Open(name);
        Assert.Equal((axes, channels), (model.Conventions.Axes, model.Conventions.Channels));
        var x = Rows(_arrays[$"{name}/x"]);
        foreach (var word in new[] { "occlusion", "rise", "score-cam", "ablation-cam", "eigen-cam", "guided-grad-cam", "integrated-gradients", "smoothgrad" })
        {
            var method = ToyModels.Method(word, ("masks", "8"), ("samples", "3"), ("steps", "8"));
            var found = model.Explain(x, method, ScoreTarget.OfClass(model, 1));
            Assert.All(found.Attribution.ToFloats(), v => Assert.True(float.IsFinite(v)));
            if (!method.IsLayerMap) Assert.Equal(x.Dims, found.Attribution.Dims);
        }
    }

    /// <summary>Lengths of 20, 4 and 2 would be lines, columns and channels.</summary>
    [Fact]
    public void Onnx_words_for_axes_are_believed_and_options_override_them()
    {
        using var model = Open("denoted");
        Assert.Equal((InputAxes.Nchw, 20), (model.Conventions.Axes, model.Conventions.Channels));
        var expected = _arrays["denoted/gradient"].ToDoubles();
        Near.Each("denoted", expected, model.Explain(_arrays["denoted/x"], new Gradient(), ScoreTarget.OfClass(model, 1)).Attribution.ToDoubles(), Tolerance);
        using var other = model.With(new ConventionOptions { Layout = InputAxes.Nhwc }.Of(model));
        Assert.Equal((2, 20, 4), (other.Conventions.Channels, other.Conventions.Height, other.Conventions.Width));
        Near.Each("nhwc", expected, other.Explain(_arrays["denoted/x"], new Gradient(), ScoreTarget.OfClass(other, 1)).Attribution.ToDoubles(), Tolerance);
    }

    [Fact]
    public void A_number_has_its_place_in_every_order_of_the_axes()
    {
        var layout = new InputLayout(InputAxes.Ndhwc, 2, 4, 5, 6);
        Assert.Equal(240, layout.Size);
        Assert.Equal(Enumerable.Range(0, 240), Enumerable.Range(0, 240).Select(i => layout.At(layout.ChannelAt(i), layout.PixelAt(i))));
        var clip = layout with { Axes = InputAxes.Ndchw };
        Assert.Equal(Enumerable.Range(0, 240), Enumerable.Range(0, 240).Select(i => clip.At(clip.ChannelAt(i), clip.PixelAt(i))));
        // Slice 1, line 2, column 3, channel 1, by hand.
        Assert.Equal((((((1 * 5) + 2) * 6) + 3) * 2) + 1, layout.At(1, (((1 * 5) + 2) * 6) + 3));
        Assert.Equal((((((1 * 2) + 1) * 5) + 2) * 6) + 3, clip.At(1, (((1 * 5) + 2) * 6) + 3));
    }

    [Theory]
    [InlineData("ncdhw1", "saliency --class 1")]
    [InlineData("ncdhw1", "saliency --class 1 --slice max --method grad-cam")]
    [InlineData("ndhwc2", "saliency --class 1 --slice 1,2 --channels each --method occlusion --window 2x2x2")]
    [InlineData("nct3", "saliency --class 1 --method occlusion --window 4")]
    [InlineData("nct3", "saliency --class 1 --channels 2 --method integrated-gradients --baseline black")]
    [InlineData("nchw12", "saliency --class 1 --channels 3,2,1")]
    [InlineData("nchw4", "saliency --class 1 --channels 3")]
    [InlineData("nchw2", "saliency --class 1 --crops 2")]
    [InlineData("ndchw3", "activations --layer second")]
    [InlineData("nct3", "activations --layer second")]
    [InlineData("ndchw3", "invert --layer first --steps 3")]
    [InlineData("ntc3", "invert --layer first --steps 3 --recipe plain")]
    public void Pictures_are_drawn(string name, string command)
    {
        NpyFileOf(name);
        var picture = CliRun.Picture([.. command.Split(' '), "-m", Model(name), "--input-tensor", _folder["x.npy"]]);
        Assert.True(picture.Width > 20 && picture.Pixels.Distinct().Count() > 8);
    }

    [Theory]
    [InlineData("ndhwc2", "fourier", new long[] { 2, 4, 5, 6, 2 })]
    [InlineData("ndchw3", "tensor", new long[] { 2, 4, 3, 5, 6 })]
    [InlineData("ntc3", "pixel", new long[] { 2, 20, 3 })]
    [InlineData("nhwc5", "fourier", new long[] { 2, 6, 7, 5 })]
    [InlineData("nhw", "fourier", new long[] { 2, 6, 7 })]
    public void Units_are_maximised(string name, string param, long[] dims)
    {
        var run = CliRun.Of("maximize", "-m", Model(name), "--layer", "second", "--unit", "0,1", "--param", param, "--steps", "4", "--size", Size(name), "--raw", _folder["x.npy"], "-o", _folder["x.png"], "--device", "cpu");
        Assert.True(run.Exit == 0, run.Error);
        Assert.Equal(dims, NpyFile.Load(_folder["x.npy"]).Dims);
        Assert.True(ImageFile.Load(_folder["x.png"]).Width > 20);
    }

    [Theory]
    [InlineData("nchw4", "saliency --class 1 --channels 4", "no channel 4; its 4 channels are 0 to 3")]
    [InlineData("nchw4", "saliency --class 1 --slice 1", "only volumes have slices")]
    [InlineData("ncdhw1", "saliency --class 1 --slice 7", "no slice 7; its 4 slices are 0 to 3")]
    [InlineData("ncdhw1", "deconv --layer second --top 1", "saliency --method deconv draws those")]
    [InlineData("nct3", "segment", "takes signals")]
    public void What_an_input_has_not_is_said_in_one_line(string name, string command, string message)
    {
        NpyFileOf(name);
        var run = CliRun.Of([.. command.Split(' '), "-m", Model(name), "--input-tensor", _folder["x.npy"], "--device", "cpu", "-o", _folder["x.png"]]);
        Assert.Equal(3, run.Exit);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["x.png"]));
    }

    [Fact]
    public void A_picture_is_not_fed_to_what_takes_none()
    {
        var picture = _folder.Write("p.png", PngWriter.Encode(new OnnxViz.Imaging.Image(8, 8)));
        foreach (var (name, kind) in new[] { ("nct3", "signals"), ("ncdhw1", "volumes"), ("nchw12", "12 channels") })
        {
            foreach (var command in new[] { "predict", "saliency -o x.png", "top --layer first -o x.png" })
            {
                var run = CliRun.Of([.. command.Replace("x.png", _folder["x.png"], StringComparison.Ordinal).Split(' '), "-m", Model(name), "-i", picture, "--device", "cpu"]);
                Assert.Equal(3, run.Exit);
                Assert.Contains(kind, run.Error, StringComparison.Ordinal);
                Assert.Contains("feed it a tensor (--input-tensor)", run.Error, StringComparison.Ordinal);
            }
        }
    }

    /// <summary>Whatever numbers a file holds.</summary>
    [Fact]
    public void Tensors_of_any_number_type_are_fed()
    {
        using var model = Open("nct3");
        var numbers = Enumerable.Range(0, 60).Select(i => (i * 7 % 11) - 5).ToArray();
        Save("f.npy", Tensor.Of(Array.ConvertAll(numbers, n => (float)n), 1, 3, 20));
        Save("i.npy", Tensor.Of(numbers, 1, 3, 20));
        Save("d.npy", Tensor.Of(Array.ConvertAll(numbers, n => (double)n), 1, 3, 20));
        foreach (var file in new[] { "f", "i", "d" })
            Assert.Equal(0, CliRun.Of("predict", "-m", Model("nct3"), "--input-tensor", _folder[$"{file}.npy"], "--raw", _folder[$"{file}-scores.npy"], "--device", "cpu").Exit);
        Assert.Equal(NpyFile.Load(_folder["f-scores.npy"]).ToFloats(), NpyFile.Load(_folder["i-scores.npy"]).ToFloats());
        Assert.Equal(NpyFile.Load(_folder["f-scores.npy"]).ToFloats(), NpyFile.Load(_folder["d-scores.npy"]).ToFloats());
    }

    private static string Model(string name) => Repository.Fixture($"inputs/{name}.onnx");

    private static VisionModel Open(string name) => VisionModel.Open(Model(name));

    private static Tensor Rows(Tensor x) => Tensor.Of(x.ToFloats().AsSpan(0, (int)(x.Count / x.Dims[0])).ToArray(), [1, .. x.Dims[1..]]);

    private static string Size(string name) => name switch { "ndhwc2" or "ndchw3" => "4x5x6", "ntc3" => "20", _ => "6x7" };

    private void NpyFileOf(string name) => Save("x.npy", _arrays[$"{name}/x"]);

    private void Save(string name, Tensor tensor)
    {
        using var stream = File.Create(_folder[name]);
        NpyFile.Write(stream, tensor);
    }
}
