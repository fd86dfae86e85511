using System.Text.Json.Nodes;
using OnnxViz.Autodiff.Rules;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Imaging.Files;
using OnnxViz.Onnx;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Cli;

/// <summary>What verbs print and write.</summary>
public sealed class OutputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static string Cat => Repository.Carried("images/chelsea.png");

    [Theory]
    [InlineData("chelsea.png", 282, 0.387, 285, 0.355, 281, 0.169)]
    [InlineData("rocket.jpg", 657, 0.300, 744, 0.202, 540, 0.086)]
    public void Predict_sees_what_the_exporter_saw(string picture, int first, double p1, int second, double p2, int third, double p3)
    {
        var json = CliRun.Of("predict", "-i", Repository.Carried($"images/{picture}"), "--json", "--top", "3").Json;
        var classes = json["pictures"]![0]!["classes"]!.AsArray();
        Assert.Equal([first, second, third], classes.Select(c => c!["id"]!.GetValue<int>()));
        Assert.All(classes.Zip([p1, p2, p3]), c => Assert.Equal(c.Second, c.First!["probability"]!.GetValue<float>(), 0.01));
    }

    [Fact]
    public void Json_is_one_object_and_nothing_else()
    {
        string[][] commands =
        [
            ["summary", "efficientnet-lite0"],
            ["predict", "-i", Cat],
            ["activations", "-i", Cat, "--layer", "conv1_1", "--unit", "3", "-o", _folder["a.png"]],
            ["kernels", "-o", _folder["k.png"]],
            ["saliency", "-i", Cat, "-o", _folder["s.png"]],
            ["maximize", "--layer", "conv1_1", "--unit", "3", "--steps", "1", "--size", "16", "-o", _folder["m.png"]],
            ["compare", Cat, Cat],
            ["replay", _folder["m.png"], "-o", _folder["again.png"]],
            ["verify", _folder.Path],
            ["models"],
            ["doctor"],
        ];
        foreach (var command in commands)
        {
            var run = CliRun.Of([.. command, "--json"]);
            Assert.Equal((0, ""), (run.Exit, run.Error));
            Assert.Equal(command[0], run.Json["verb"]!.GetValue<string>());
        }
    }

    [Fact]
    public void Quiet_is_quiet()
    {
        var run = CliRun.Of("saliency", "-i", Cat, "-o", _folder["s.png"], "--quiet");
        Assert.Equal((0, "", ""), (run.Exit, run.Out, run.Error));
        Assert.True(File.Exists(_folder["s.png"]));
    }

    [Fact]
    public void Tables_in_pipes_are_plain()
    {
        var run = CliRun.Of("summary", "vgg16-body");
        Assert.DoesNotContain('\u001b', run.Out);
        Assert.Contains(run.Out.Split('\n'), line => line.StartsWith("conv5_3", StringComparison.Ordinal) && line.Contains("2,359,808"));
    }

    [Fact]
    public void Raw_alone_makes_no_picture()
    {
        Assert.Equal(0, CliRun.Of("saliency", "-i", Cat, "--raw", _folder["g.npy"]).Exit);
        Assert.Equal([_folder["g.npy"]], Directory.GetFiles(_folder.Path));
        Assert.Equal([1L, 3, 224, 224], NpyFile.Load(_folder["g.npy"]).Dims);
    }

    [Fact]
    public void A_folder_takes_one_file_for_each_result_and_a_file_takes_a_sheet()
    {
        string[] command = ["maximize", "--layer", "conv1_1", "--unit", "3,1", "--steps", "1", "--size", "16", "--quiet"];
        CliRun.Of([.. command, "-o", _folder["units/"]]);
        Assert.Equal(
            [_folder["units/vgg16-body_conv1_1_1.png"], _folder["units/vgg16-body_conv1_1_3.png"]], Directory.GetFiles(_folder["units"]).Order());
        Assert.Equal(16, ImageFile.Load(_folder["units/vgg16-body_conv1_1_1.png"]).Width);
        CliRun.Of([.. command, "-o", _folder["sheet.png"]]);
        Assert.True(ImageFile.Load(_folder["sheet.png"]).Width > 32);
    }

    [Fact]
    public void Equal_runs_give_equal_bytes()
    {
        string[] command = ["maximize", "--layer", "conv2_1", "--unit", "random:2", "--steps", "3", "--size", "32", "--seed", "5", "--quiet", "--device", "cpu"];
        CliRun.Of([.. command, "-o", _folder["a/x.png"]]);
        CliRun.Of([.. command, "-o", _folder["b/y.png"]]);
        Assert.Equal(File.ReadAllBytes(_folder["a/x.png"]), File.ReadAllBytes(_folder["b/y.png"]));
        CliRun.Of([.. command[..^4], "6", "--quiet", "-o", _folder["c.png"]]);
        Assert.NotEqual(File.ReadAllBytes(_folder["a/x.png"]), File.ReadAllBytes(_folder["c.png"]));
    }

    [Fact]
    public void A_manifest_tells_how_but_not_where()
    {
        var cat = _folder.Write("private/cat.png", File.ReadAllBytes(Cat));
        CliRun.Of("saliency", "-m", Repository.Carried("efficientnet-lite0.onnx"), "-i", cat, "--method", "guided", "-o", _folder["s.png"]);
        var text = PngText.Read(File.ReadAllBytes(_folder["s.png"])).Single(t => t.Key == "onnxviz").Value;
        Assert.DoesNotContain(_folder.Path, text);
        Assert.DoesNotContain(Repository.Root, text);
        Assert.DoesNotContain("private", text);
        var manifest = JsonNode.Parse(text)!;
        Assert.Equal("saliency", manifest["verb"]!.GetValue<string>());
        Assert.Equal("guided", manifest["options"]!["method"]!.GetValue<string>());
        Assert.Equal("087564a301a9f66b371bb6356e5ec4736ba8e86dfac539683995da1e777ea064", manifest["model"]!["sha256"]!.GetValue<string>());
        Assert.Equal("cat.png", manifest["inputs"]![0]!["file"]!.GetValue<string>());
        Assert.Equal("tiger cat", manifest["result"]!["subject"]!.GetValue<string>());
    }

    [Fact]
    public void Compare_tells_same_from_different()
    {
        var shifted = Repository.Fixture("imaging/compare/cat-shifted.png");
        var plain = Repository.Fixture("imaging/compare/cat.png");
        Assert.Equal(0, CliRun.Of("compare", plain, plain).Exit);
        Assert.Equal(4, CliRun.Of("compare", plain, shifted).Exit);
        Assert.Equal(4, CliRun.Of("compare", plain, Cat).Exit);
    }

    [Fact]
    public void A_run_that_is_interrupted_before_its_first_step_makes_nothing_and_says_130()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        var run = CliRun.Of(cancelled.Token, "maximize", "--layer", "conv1_1", "--unit", "3", "--size", "16", "-o", _folder["m.png"]);
        Assert.Equal((130, 1), (run.Exit, run.Error.Count(c => c == '\n')));
        Assert.False(File.Exists(_folder["m.png"]));
        Assert.Equal(130, CliRun.Of(cancelled.Token, "predict", "-i", Cat).Exit);
    }

    [Fact]
    public void What_was_assumed_of_an_unknown_model_is_said()
    {
        var b = new GraphBuilder();
        b.Output("scores", b.ReduceMean(b.Relu(b.Input("image", ElementType.Float, -1, 3, 8, 8)), [2, 3], keep: false));
        OnnxFile.Save(b.Build(), _folder["net.onnx"]);
        var run = CliRun.Of("predict", "-m", _folder["net.onnx"], "-i", Cat);
        Assert.True(run.Exit == 0, run.Error);
        Assert.Contains("no known model", run.Error);
        Assert.Contains("mean 0.485,0.456,0.406", run.Error);
        Assert.Equal("", CliRun.Of("predict", "-m", _folder["net.onnx"], "-i", Cat, "--json").Error);
    }

    public void Dispose() => _folder.Dispose();
}
