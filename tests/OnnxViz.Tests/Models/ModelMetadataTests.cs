using OnnxViz.Graphs;
using OnnxViz.Imaging;
using OnnxViz.Imaging.Files;
using OnnxViz.Imaging.Resample;
using OnnxViz.Models;
using OnnxViz.Runs;
using OnnxViz.Tests.Support;
using OnnxViz.Training;
using Xunit;

namespace OnnxViz.Tests.Models;

/// <summary>A model that says of itself what it expects of pictures.</summary>
public sealed class ModelMetadataTests : IDisposable
{
    private static readonly PictureConventions _gray = new() { Channels = 1, Mean = [0.286f], Std = [0.353f], Height = 28, Width = 28 };

    private static readonly string[] _labels = [.. Enumerable.Range(0, 10).Select(i => $"thing {i}, \"ä\"")];

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Verbs =>
    [
        "summary MODEL", "predict -m MODEL -i PICTURE", "activations -m MODEL -i PICTURE --layer conv1 -o OUT", "kernels -m MODEL --layer conv2 -o OUT",
        "saliency -m MODEL -i PICTURE -o OUT", "saliency -m MODEL -i PICTURE --method grad-cam -o OUT", "segment -m MODEL -i PICTURE -o OUT",
        "maximize -m MODEL --layer conv1 --unit 0 --steps 3 -o OUT", "invert -m MODEL -i PICTURE --layer conv1 --steps 3 -o OUT",
        "deconv -m MODEL -i PICTURE --layer conv2 --top 2 -o OUT", "top PICTURES -m MODEL --layer conv1 --unit 0 --steps 2 -o OUT",
        "prepare MODEL --layers conv1 -o OUT/", "check-grad MODEL --layers conv1",
    ];

    [Fact]
    public void What_was_written_is_read()
    {
        foreach (var conventions in new[]
                 {
                     _gray,
                     PictureConventions.ImageNet with { Bgr = true, Low = -1, Height = 30, Width = 40, Fit = PictureFit.ShortSideCrop, ShortSide = 50, Filter = ResampleFilter.Bilinear },
                 })
        {
            using var model = VisionModel.Open(Save(ModelMetadata.Of(conventions, _labels), conventions));
            Assert.True(model.IsDescribed);
            Assert.Equal(conventions.Texts, model.Conventions.Texts);
            Assert.Equal((conventions.Filter, conventions.ShortSide), (model.Conventions.Filter, model.Conventions.ShortSide));
            Assert.Equal(_labels, model.Labels);
            Assert.Null(model.MetadataFault);
        }
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Every_verb_knows_what_the_file_says(string command)
    {
        Save(ModelMetadata.Of(_gray, _labels));
        foreach (var i in new[] { 1, 2 }) _folder.Write($"pictures/{i}.png", PngWriter.Encode(Noise(40, 30 + i)));
        var words = command.Replace("MODEL", _folder["net.onnx"]).Replace("PICTURES", _folder["pictures"])
            .Replace("PICTURE", _folder["pictures/1.png"]).Replace("OUT", _folder["out"] + (command.Contains("OUT/") ? "" : ".png")).Split(' ');
        var run = CliRun.Of([.. words, .. words[0] is "summary" or "prepare" or "kernels" ? Array.Empty<string>() : ["--device", "cpu"]]);
        Assert.True(run.Exit == 0, run.Error);
        if (words[0] is not ("summary" or "kernels"))
            Assert.Contains("net.onnx: gray, range 0,1, mean 0.286, std 0.353, 28x28, from the model's own metadata.", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("no known model", run.Error, StringComparison.Ordinal);
        if (command.StartsWith("predict", StringComparison.Ordinal)) Assert.Contains("thing ", run.Out, StringComparison.Ordinal);
        if (!command.StartsWith("prepare", StringComparison.Ordinal)) return;
        using var prepared = VisionModel.Open(_folder["out"]);
        Assert.Equal(_gray.Texts, prepared.Conventions.Texts);
        Assert.Equal(_labels, prepared.Labels);
    }

    [Theory]
    [InlineData("", "onnxviz.preprocessing")]
    [InlineData("null", "is null")]
    [InlineData("[]", "onnxviz.preprocessing")]
    [InlineData("{}", "onnxviz.preprocessing")]
    [InlineData("{\"input\":null,\"mean\":[0],\"std\":[1],\"picture\":{\"resize\":\"stretch\",\"size\":28}}", "onnxviz.preprocessing")]
    [InlineData("mean [0.286]|mean [NaN]", "onnxviz.preprocessing")]
    [InlineData("mean [0.286]|mean [1e999]", "'mean[0]' is 1e999, and has to be a finite number")]
    [InlineData("mean [0.286]|mean [0,0,0]", "'mean' has 3 numbers, and 1 are needed")]
    [InlineData("mean [0.286]|mean []", "'mean' has 0 numbers, and 1 are needed")]
    [InlineData("mean [0.286]|mean null", "onnxviz.preprocessing")]
    [InlineData("std [0.353]|std [-1]", "'std' has to be above 0")]
    [InlineData("std [0.353]|std [0]", "'std' has to be above 0")]
    [InlineData("range [0,1]|range [1,0]", "the smaller one first")]
    [InlineData("range [0,1]|range [0]", "'input.range' has to be two numbers")]
    [InlineData("color \"gray\"|color \"rgb\"", "rgb, which does not have 1 channels")]
    [InlineData("color \"gray\"|color \"cmyk\"", "none of rgb, bgr and gray")]
    [InlineData("layout \"nchw\"|layout \"nhwc\"", "gray, which does not have 28 channels")]
    [InlineData("layout \"nchw\"|layout \"\"", "'input.layout' is empty")]
    [InlineData("shape [-1,1,28,28]|shape []", "4 dimensions")]
    [InlineData("shape [-1,1,28,28]|shape [-1,3,28,28]", "gray, which does not have 3 channels")]
    [InlineData("shape [-1,1,28,28]|shape [-1,9223372036854775807,28,28]", "whole number from -1")]
    [InlineData("height 28|height 32", "says 32 where the input's shape says 28")]
    [InlineData("height 28|height 2000000000", "whole number from 1 to 16384")]
    [InlineData("height 28|height -1", "whole number from 1 to 16384")]
    [InlineData("height 28|height 1e400", "onnxviz.preprocessing")]
    [InlineData("resize \"stretch\"|resize \"magic\"", "stretch or short-side or letterbox")]
    public void What_makes_no_sense_is_not_believed_and_said(string change, string said)
    {
        var metadata = ModelMetadata.Of(_gray, _labels).ToDictionary();
        var good = metadata["onnxviz.preprocessing"];
        metadata["onnxviz.preprocessing"] = change.Split('|') is [var before, var after] ? good.Replace(Json(before), Json(after)) : change;
        Assert.NotEqual(good, metadata["onnxviz.preprocessing"]);
        Refuses(metadata, said);

        static string Json(string text) => $"\"{text.Replace(" ", "\":", StringComparison.Ordinal)}";
    }

    [Theory]
    [InlineData("[\"a\",\"b\"]", "2 names of classes do not fit the output")]
    [InlineData("[]", "every class needs a name")]
    [InlineData("[null,\"b\",\"c\",\"d\",\"e\",\"f\",\"g\",\"h\",\"i\",\"j\"]", "every class needs a name")]
    [InlineData("{\"a\":1}", "onnxviz.labels")]
    [InlineData("[1,2]", "onnxviz.labels")]
    [InlineData("MANY", "3000000 names of classes do not fit the output")]
    public void Names_that_do_not_fit_are_not_believed_either(string labels, string said)
    {
        var metadata = ModelMetadata.Of(_gray, null).ToDictionary();
        metadata["onnxviz.labels"] = labels == "MANY" ? $"[{string.Join(',', Enumerable.Repeat("\"a\"", 3_000_000))}]" : labels;
        using var model = VisionModel.Open(Save(metadata));
        Assert.Contains(said, model.MetadataFault, StringComparison.Ordinal);
        Assert.Null(model.Labels);
        Assert.Equal(_gray.Texts, model.Conventions.Texts);
    }

    [Fact]
    public void A_runs_model_is_named_by_run_and_epoch()
    {
        var run = new RunFolder(_folder["run"]);
        Save(ModelMetadata.Of(_gray, _labels));
        foreach (var name in new[] { "epoch-0000.onnx", "epoch-0001.onnx", "epoch-0002.onnx", "step-000005.onnx" }) _folder.Write($"run/{name}", File.ReadAllBytes(_folder["net.onnx"]));
        RunFile.Save(run.DescriptionFile, new RunDescription(
            RunDescription.CurrentFormat, "test", "", new RunNetwork("lenet", null, null, null), new RunData("mnist", "mnist", new RunSplit(1, ""), new RunSplit(1, "")), _labels, 10, new Dictionary<string, string>()));
        RunFile.Save(run.MetricsFile, RunMetrics.New() with { Epochs = [new EpochMetrics(1, 10, 1, 1, 1, 0.9, 1, 1, 1), new EpochMetrics(2, 20, 1, 1, 1, 0.9, 1, 1, 1)] });
        _folder.Write("1.png", PngWriter.Encode(Noise(28, 28)));
        foreach (var (asked, name) in new[] { ("run/@0", "run/@0"), ("run/@s5", "run/@s5"), ("run/@best", "run/@1"), ("run/@last", "run/@2"), ("run/", "run/@2"), ("run", "run/@2") })
        {
            var result = CliRun.Of("kernels", "-m", $"{_folder.Path}/{asked}", "--layer", "conv1", "-o", _folder["out/"]);
            Assert.True(result.Exit == 0, result.Error);
            Assert.Equal(asked != name, result.Error.Contains($"{_folder.Path}/{asked} is {_folder.Path}/{name}:", StringComparison.Ordinal));
            var file = Assert.Single(Directory.GetFiles(_folder["out"]));
            Assert.StartsWith(name.Replace("/@", "-", StringComparison.Ordinal) + "_conv1", Path.GetFileName(file), StringComparison.Ordinal);
            Assert.Contains($"\"name\":\"{name}\"", Assert.Single(PngText.Read(File.ReadAllBytes(file), file), t => t.Key == "onnxviz").Value, StringComparison.Ordinal);
            File.Delete(file);
        }

        var unknown = CliRun.Of("predict", "-m", $"{_folder.Path}/run/@7", "-i", _folder["1.png"]);
        Assert.Equal(3, unknown.Exit);
        Assert.Contains("has no model @7. There are @0, @s5, @1, @2, @best and @last.", unknown.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static Image Noise(int width, int height)
    {
        var (image, random) = (new Image(width, height), new CounterRandom(4, 4));
        for (var i = 0; i < image.Pixels.Length; i += 3) image.Pixels.AsSpan(i, 3).Fill((byte)random.Next(256));
        return image;
    }

    private void Refuses(Dictionary<string, string> metadata, string said)
    {
        var file = Save(metadata);
        using (var model = VisionModel.Open(file))
        {
            Assert.False(model.IsDescribed);
            Assert.Contains(said, model.MetadataFault, StringComparison.Ordinal);
            Assert.Equal((1, 28, 28), (model.Conventions.Channels, model.Conventions.Height, model.Conventions.Width));
        }

        var run = CliRun.Of("predict", "-m", file, "-i", _folder.Write("1.png", PngWriter.Encode(Noise(28, 28))), "--device", "cpu");
        Assert.True(run.Exit == 0, run.Error);
        Assert.Contains(said, run.Error, StringComparison.Ordinal);
        Assert.Contains("is no known model: taken as gray", run.Error, StringComparison.Ordinal);
    }

    private string Save(IReadOnlyDictionary<string, string> metadata, PictureConventions? conventions = null)
    {
        Architectures.Build("lenet", conventions ?? _gray, 10, 1).Save(_folder["net.onnx"], new Dictionary<string, Tensor>(), metadata);
        return _folder["net.onnx"];
    }
}
