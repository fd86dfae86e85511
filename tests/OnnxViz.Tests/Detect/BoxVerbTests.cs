using OnnxViz.Imaging.Files;
using OnnxViz.Onnx;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Detect;

/// <summary>`saliency --score box:K` and `predict` on a detector.</summary>
public sealed class BoxVerbTests : IDisposable
{
    private const string Names = "{0: 'person', 1: 'dog', 2: 'cat'}";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Black => _folder.Write("black.npy", NpyFile.Encode(new float[3 * ToyDetector.Side * ToyDetector.Side], 1, 3, ToyDetector.Side, ToyDetector.Side));

    [Theory]
    [InlineData("--score box:0", 0, 1, "dog, box 0")]
    [InlineData("--score box:2", 3, 2, "cat, box 2")]
    [InlineData("--score box:1 --class person", 1, 0, "person, box 1")]
    [InlineData("--score box:1 --class 0", 1, 0, "person, box 1")]
    [InlineData("--score box:1 --iou 0.8", 1, 1, "dog, box 1")]
    public void The_raw_gradient_is_that_of_the_class_score_of_the_boxs_anchor(string options, int anchor, int number, string subject)
    {
        var run = Saliency($"{options} --json --raw {_folder["raw.npy"]}");
        Assert.True(run.Exit == 0, run.Error);
        Assert.Contains("'output0'", (string?)run.Json["detector"]);
        Assert.Contains("21 boxes, 3 scores of classes each", (string?)run.Json["detector"]);
        var (pixel, slope) = Assert.Single(NpyFile.Load(_folder["raw.npy"]).ToFloats().Index(), g => g.Item != 0);
        Assert.Equal((ToyDetector.Pixel(anchor, number), ToyDetector.Weight(anchor, number)), (pixel, slope));
        var result = run.Json["results"]![0]!;
        Assert.Equal((subject, number), ((string)result["subject"]!, (int)result["unit"]!));
        Assert.Equal(("output0", 4 + number, anchor), ((string)result["box"]!["layer"]!, (int)result["box"]!["unit"]!, (int)result["box"]!["position"]![0]!));
    }

    [Fact]
    public void The_box_is_drawn_and_the_manifest_names_it()
    {
        var run = Saliency($"--score box:0,1 --display overlay -o {_folder["out"]}/");
        Assert.True(run.Exit == 0, run.Error);
        Assert.Contains("(IoU 0.45) boxes 0, 1 are explained", run.Error);
        var files = Directory.GetFiles(_folder["out"]).Order().ToList();
        Assert.Equal(2, files.Count);
        var picture = ImageFile.Load(files.Single(f => f.Contains("box 0", StringComparison.Ordinal) || f.Contains("box_0", StringComparison.Ordinal)));
        // The frame of (2, 2) to (10, 10), and nothing of it elsewhere.
        Assert.Equal([255, 235, 59], picture.Pixels[picture.Offset(2, 2)..(picture.Offset(2, 2) + 3)]);
        Assert.Equal([255, 235, 59], picture.Pixels[picture.Offset(10, 7)..(picture.Offset(10, 7) + 3)]);
        Assert.NotEqual([255, 235, 59], picture.Pixels[picture.Offset(5, 5)..(picture.Offset(5, 5) + 3)]);
        var again = Saliency($"--score box:0,1 --display overlay --skip-existing -o {_folder["out"]}/");
        Assert.True(again.Exit == 0, again.Error);
        Assert.Contains("2 results are finished", again.Out + again.Error);
    }

    [Theory]
    [InlineData("--score box:99", 3, "There is no box 99 in black.npy")]
    [InlineData("--score box:3 --class cat --iou 1", 0, "")]
    [InlineData("--score box:0 --class 3", 3, "3 classes are 0 to 2")]
    [InlineData("--score box:x", 2, "box:0")]
    [InlineData("--score box", 2, "box:0")]
    [InlineData("--score box:0 --layer output0 --unit 4", 2, "leave --unit out")]
    [InlineData("--iou 0.3", 2, "--iou belongs to --score box:K")]
    public void What_is_no_box_is_said_in_a_line(string options, int exit, string said)
    {
        var run = Saliency($"{options} --quiet --raw {_folder["raw.npy"]}");
        Assert.True(run.Exit == exit, $"exit {run.Exit}: {run.Error}");
        Assert.Contains(said, run.Error);
        if (exit != 0) Assert.False(File.Exists(_folder["raw.npy"]));
    }

    [Fact]
    public void Predict_lists_boxes()
    {
        var run = CliRun.Of("predict", "-m", new ToyDetector("yolov8").Save(_folder, Names), "--input-tensor", Black, "--top", "2", "--json");
        Assert.True(run.Exit == 0, run.Error);
        var boxes = run.Json["pictures"]![0]!["boxes"]!.AsArray();
        Assert.Equal(["dog", "person"], boxes.Select(b => (string?)b!["name"]));
        Assert.Equal([16, 16, 30, 28], new[] { "left", "top", "right", "bottom" }.Select(side => (double)boxes[1]![side]!));
        Assert.Contains("person", CliRun.Text("predict", "-m", _folder["yolov8.onnx"], "--input-tensor", Black));
    }

    [Theory]
    [InlineData("ssd with background", 2)]
    [InlineData("detr", 1)]
    public void Names_may_leave_the_background_out(string layout, int number)
    {
        var model = new ToyDetector(layout).Save(_folder, Names);
        var run = CliRun.Of("predict", "-m", model, "--input-tensor", Black, "--top", "1", "--json", "--device", "cpu");
        Assert.True(run.Exit == 0, run.Error);
        Assert.Equal("dog", (string?)run.Json["pictures"]![0]!["boxes"]![0]!["name"]);
        run = CliRun.Of("saliency", "-m", model, "--input-tensor", Black, "--score", "box:0", "--class", "dog", "--json", "--device", "cpu");
        Assert.True(run.Exit == 0, run.Error);
        var result = run.Json["results"]![0]!;
        Assert.Equal(("dog, box 0", "dog", number), ((string?)result["subject"], (string?)result["box"]!["name"], (int)result["box"]!["class"]!));
    }

    [Fact]
    public void A_unit_at_a_position_is_a_score()
    {
        var run = Saliency($"--layer output0 --unit 5@0,4@2,6@3 --json --raw {_folder["raw.npy"]}");
        Assert.True(run.Exit == 0, run.Error);
        var rows = NpyFile.Load(_folder["raw.npy"]);
        Assert.Equal(3, rows.Dims[0]);
        Assert.Equal(
            [(ToyDetector.Pixel(0, 1), ToyDetector.Weight(0, 1)), (3072 + ToyDetector.Pixel(2, 0), ToyDetector.Weight(2, 0)), (6144 + ToyDetector.Pixel(3, 2), ToyDetector.Weight(3, 2))],
            rows.ToFloats().Index().Where(g => g.Item != 0));
        Assert.Equal(["output0 5@0", "output0 4@2", "output0 6@3"], run.Json["results"]!.AsArray().Select(r => (string?)r!["subject"]));
        Assert.Equal([0], run.Json["results"]![0]!["position"]!.AsArray().Select(p => (int)p!));
    }

    [Theory]
    [InlineData("--layer output0 --unit 5@21", 3, "no position 21: its maps are 21")]
    [InlineData("--layer output0 --unit 7@0", 3, "7 units are 0 to 6")]
    [InlineData("--layer output0 --unit 5@x", 2, "'x' is no place")]
    [InlineData("--layer output0 --unit 5@0 --score max", 2, "leave --score out")]
    public void What_is_no_position_is_said_in_a_line(string options, int exit, string said)
    {
        var run = Saliency($"{options} --quiet --raw {_folder["raw.npy"]}");
        Assert.True(run.Exit == exit, $"exit {run.Exit}: {run.Error}");
        Assert.Contains(said, run.Error);
    }

    [Fact]
    public void Maximize_takes_a_position_of_its_own_for_each_unit()
    {
        string[] run = ["maximize", "-m", SmallClassifier.Save(_folder["small.onnx"]), "--layer", "second", "--param", "tensor", "--steps", "2", "--size", "32", "--quiet", "--device", "cpu"];
        Assert.Equal(0, CliRun.Of([.. run, "--unit", "3@1,2,4@5,0", "--raw", _folder["both.npy"]]).Exit);
        Assert.Equal(0, CliRun.Of([.. run, "--unit", "4", "--position", "5,0", "--raw", _folder["one.npy"]]).Exit);
        var both = NpyFile.Load(_folder["both.npy"]);
        Assert.Equal(2, both.Dims[0]);
        Near.Each("position", NpyFile.Load(_folder["one.npy"]).ToDoubles(), both.ToDoubles()[(3 * 32 * 32)..], 1e-4);
        Assert.Contains("no position 16,0: its maps are ", CliRun.Of([.. run, "--unit", "4@16,0", "--raw", _folder["no.npy"]]).Error);
        Assert.Equal(2, CliRun.Of([.. run, "--unit", "4@1,0", "--position", "5,0", "--raw", _folder["no.npy"]]).Exit);
    }

    private CliRun Saliency(string options) => CliRun.Of(
        ["saliency", "-m", new ToyDetector("yolov8").Save(_folder, Names), "--input-tensor", Black, "--device", "cpu", .. options.Split(' ')]);
}
