using System.Text;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Imaging.Files;
using OnnxViz.Imaging.Resample;
using OnnxViz.Models;
using OnnxViz.Onnx;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Models;

/// <summary>What exporters write of pictures and classes is read before anything is guessed.</summary>
public sealed class ImageMetadataTests : IDisposable
{
    private const string Format = "Image.BitmapPixelFormat", Range = "Image.NominalPixelRange", Gamma = "Image.ColorSpaceGamma";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Bgr8", "NominalRange_0_255", true, 0, 255)]
    [InlineData("Rgb8", "Normalized_0_1", false, 0, 1)]
    [InlineData("Bgra8", "Normalized_1_1", true, -1, 1)]
    [InlineData("Rgba8", "NominalRange_16_235", false, 16, 235)]
    [InlineData("Bgr8", null, true, 0, 255)]
    [InlineData(null, "Normalized_0_1", false, 0, 1)]
    public void Onnx_has_words_of_its_own(string? format, string? range, bool isBgr, float low, float high)
    {
        using var model = Open(Said((Format, format), (Range, range)));
        var c = model.Conventions;
        Assert.Equal((isBgr, low, high), (c.Bgr, c.Low, c.High));
        Assert.Equal([0, 0, 0], c.Mean);
        Assert.Equal([1, 1, 1], c.Std);
        Assert.True(model.IsDescribed);
        Assert.Null(model.MetadataFault);
        Assert.Contains("its metadata Image.", model.Source, StringComparison.Ordinal);
    }

    /// <summary>The mean of each channel is the score: what becomes of a gray of 128 in each range.</summary>
    [Theory]
    [InlineData("NominalRange_0_255", "SRGB", 128)]
    [InlineData("Normalized_0_1", "SRGB", 0.501961)]
    [InlineData("Normalized_1_1", "SRGB", 0.003922)]
    [InlineData("NominalRange_16_235", "SRGB", 125.929412)]
    [InlineData("Normalized_0_1", "Linear", 0.215861)]
    public void Values_are_what_the_words_say(string range, string gamma, double expected)
    {
        var gray = new OnnxViz.Imaging.Image(8, 8);
        gray.Pixels.AsSpan().Fill(128);
        var picture = _folder.Write("gray.png", PngWriter.Encode(gray));
        var model = Save(Said((Range, range), (Gamma, gamma)));
        Assert.Equal(0, CliRun.Of("predict", "-m", model, "-i", picture, "--raw", _folder["s.npy"], "--device", "cpu").Exit);
        Assert.All(NpyFile.Load(_folder["s.npy"]).ToDoubles(), s => Assert.Equal(expected, s, 1e-5 * Math.Max(1, expected)));
        // Options override.
        Assert.Equal(0, CliRun.Of("predict", "-m", model, "-i", picture, "--range", "0,510", "--raw", _folder["s.npy"], "--device", "cpu").Exit);
        Assert.All(NpyFile.Load(_folder["s.npy"]).ToDoubles(), s => Assert.Equal(gamma == "Linear" ? 510 * expected : 256, s, 1e-2));
    }

    [Theory]
    [InlineData(Format, "Yuv", "'Yuv' is none of")]
    [InlineData(Format, "Gray8", "does not fit an input of 3 channels")]
    [InlineData(Range, "0..255", "is none of NominalRange_0_255")]
    [InlineData(Gamma, "2.2", "neither SRGB nor Linear")]
    [InlineData("names", "{0: 'a', 2: 'b'}", "a name for each number")]
    [InlineData("names", "{0: 'a', ", "ends too early")]
    [InlineData("names", "[[[[[[[[[[[[[[[[[[[[[[[", "too deep")]
    [InlineData("names", "0", "a dictionary or a list")]
    [InlineData("pretrained_cfg", "{\"mean\": [1, 2], \"std\": [1]}", "as many numbers")]
    [InlineData("pretrained_cfg", "{\"mean\": [1], \"std\": [0]}", "positive")]
    [InlineData("pretrained_cfg", "{", "ends too early")]
    [InlineData("pretrained_cfg", "{\"mean\": nan, \"std\": 1}", "no Python value")]
    public void What_makes_no_sense_is_ignored_with_one_line(string key, string value, string fault)
    {
        using var model = Open(Said((key, value), ("stride", "32")));
        Assert.False(model.IsDescribed);
        Assert.Equal(PictureConventions.ImageNet.Mean, model.Conventions.Mean);
        Assert.Contains(fault, model.MetadataFault, StringComparison.Ordinal);
        Assert.Contains(key, model.MetadataFault, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_alone_are_names_and_say_nothing_of_pictures()
    {
        using var model = Open(Said(("names", "{0: 'cat', 1: 'dog', 2: 'bird'}")));
        Assert.Equal(["cat", "dog", "bird"], model.Labels);
        Assert.False(model.IsDescribed);
        using var other = Open(Said(("names", "of people")));
        Assert.Null(other.Labels);
        Assert.Null(other.MetadataFault);
    }

    [Fact]
    public void Ultralytics_writes_a_python_dictionary()
    {
        using var model = Open(Said(("names", "{0: 'person', 1: \"it's a \\u00e9\", 2: 'fire hydrant'}"), ("stride", "32"), ("imgsz", "[96, 128]"), ("task", "classify")), -1);
        Assert.Equal(["person", "it's a é", "fire hydrant"], model.Labels);
        Assert.Equal((96, 128, 0f, 1f), (model.Conventions.Height, model.Conventions.Width, model.Conventions.Low, model.Conventions.High));
        Assert.Equal((PictureFit.ShortSideCrop, 128, ResampleFilter.Bilinear), (model.Conventions.Fit, model.Conventions.ShortSide, model.Conventions.Filter));
        using var detector = Open(Said(("names", "['a', 'b', 'c']"), ("stride", "32"), ("task", "detect")));
        Assert.Equal(PictureFit.Letterbox, detector.Conventions.Fit);
        var wide = new OnnxViz.Imaging.Image(16, 4);
        wide.Pixels.AsSpan().Fill(200);
        var framed = detector.Conventions.Frame(wide);
        Assert.Equal([114, 114, 114, 200, 200, 114, 114, 114], Enumerable.Range(0, 8).Select(y => (int)framed.Pixels[framed.Offset(4, y)]));
    }

    [Fact]
    public void Timm_has_its_configuration_beside_the_model()
    {
        const string Config = "{\"architecture\": \"x\", \"label_names\": [\"a\", \"b\", \"c\"], \"pretrained_cfg\": {\"mean\": [0.5, 0.4, 0.3], \"std\": [0.2, 0.3, 0.4], \"input_size\": [3, 224, 224], \"crop_pct\": 0.95, \"interpolation\": \"bilinear\"}}";
        _folder.Write("config.json", Encoding.UTF8.GetBytes(Config));
        using (var model = Open([], -1))
        {
            Assert.Equal([0.5f, 0.4f, 0.3f], model.Conventions.Mean);
            Assert.Equal((PictureFit.ShortSideCrop, 235, ResampleFilter.Bilinear, 224), (model.Conventions.Fit, model.Conventions.ShortSide, model.Conventions.Filter, model.Conventions.Height));
            Assert.Equal(["a", "b", "c"], model.Labels);
            Assert.Equal("config.json beside it", model.Source);
        }

        // Of another model.
        _folder.Write("config.json", Encoding.UTF8.GetBytes(Config.Replace("[3, 224", "[1, 224", StringComparison.Ordinal).Replace("\"a\", ", "", StringComparison.Ordinal)));
        using var other = Open([]);
        Assert.False(other.IsDescribed);
        Assert.Null(other.Labels);
    }

    [Fact]
    public void Transformers_has_a_preprocessor()
    {
        _folder.Write("preprocessor_config.json", "{\"image_mean\": [0.5, 0.5, 0.5], \"image_std\": [0.5, 0.5, 0.5], \"size\": {\"shortest_edge\": 256}, \"crop_size\": {\"height\": 224, \"width\": 224}, \"do_center_crop\": true, \"resample\": 2}"u8.ToArray());
        _folder.Write("config.json", "{\"id2label\": {\"0\": \"x\", \"1\": \"y\", \"2\": \"z\"}}"u8.ToArray());
        using var model = Open([], -1);
        Assert.Equal((224, 256, PictureFit.ShortSideCrop, ResampleFilter.Bilinear), (model.Conventions.Height, model.Conventions.ShortSide, model.Conventions.Fit, model.Conventions.Filter));
        Assert.Equal(["x", "y", "z"], model.Labels);
        Assert.Equal("config.json beside it", model.LabelSource);
    }

    [Theory]
    [InlineData("cat\r\ndog\r\nbird\r\n", 3, null)]
    [InlineData("cat\n\nbird\n", 0, "a line is empty")]
    [InlineData("cat\ndog\n", 0, null)]
    public void Custom_Vision_has_its_labels_beside_the_model(string text, int count, string? fault)
    {
        _folder.Write("labels.txt", Encoding.UTF8.GetBytes(text));
        using var model = Open(Said((Format, "Bgr8")));
        Assert.Equal(count, model.Labels?.Count ?? 0);
        if (fault is null) Assert.Null(model.MetadataFault);
        else Assert.Contains(fault, model.MetadataFault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_graph_may_have_a_table_of_names()
    {
        using var model = Open([], withTable: true);
        Assert.Equal(["p", "q", "r"], model.Labels);
        Assert.Equal("the ZipMap of its graph", model.LabelSource);
    }

    [Fact]
    public void The_line_says_from_where()
    {
        var picture = _folder.Write("p.png", PngWriter.Encode(new OnnxViz.Imaging.Image(8, 8)));
        var run = CliRun.Of("predict", "-m", Save(Said((Format, "Bgr8"), (Range, "NominalRange_0_255"))), "-i", picture, "--device", "cpu");
        Assert.Contains("net.onnx: BGR, range 0,255, mean 0,0,0, std 1,1,1, 8x8, from its metadata Image.BitmapPixelFormat, Image.NominalPixelRange.", run.Error, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Said(params (string Key, string? Value)[] entries) => entries.Where(e => e.Value is not null).ToDictionary(e => e.Key, e => e.Value!);

    private VisionModel Open(Dictionary<string, string> metadata, int side = 8, bool withTable = false) => VisionModel.Open(Save(metadata, side, withTable));

    /// <summary>The mean of each channel is a score.</summary>
    private string Save(Dictionary<string, string> metadata, int side = 8, bool withTable = false)
    {
        var b = new GraphBuilder();
        var scores = b.ReduceMean(b.Input("image", ElementType.Float, -1, 3, side, side), [2, 3], keep: false);
        b.Output("scores", scores);
        var graph = b.Build();
        if (withTable)
        {
            var table = new Node("ZipMap", "zip", [graph.Outputs[0]], [new Value("named")], new Dictionary<string, object> { ["classlabels_strings"] = new[] { "p", "q", "r" } }, "ai.onnx.ml");
            graph = new Graph
            {
                Opset = graph.Opset,
                Domains = new Dictionary<string, int>(graph.Domains) { ["ai.onnx.ml"] = 1 },
                Inputs = graph.Inputs,
                Outputs = graph.Outputs,
                Nodes = [.. graph.Nodes, table],
            };
        }

        OnnxFile.Save(graph, _folder["net.onnx"], metadata);
        return _folder["net.onnx"];
    }
}
