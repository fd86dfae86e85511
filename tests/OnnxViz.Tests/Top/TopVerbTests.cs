using System.Text.Json.Nodes;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Imaging.Files;
using OnnxViz.Onnx;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using OnnxViz.Tests.Support.Snapshots;
using Xunit;

namespace OnnxViz.Tests.Top;

/// <summary>What `top` says and leaves behind.</summary>
public sealed class TopVerbTests : IDisposable
{
    private const int Count = 12;

    private readonly TemporaryFolder _folder = new();
    private readonly string _heap;
    private readonly string _model;

    public TopVerbTests()
    {
        _heap = PictureHeap.Make(_folder, Count);
        _model = SmallClassifier.Save(_folder["net.onnx"], dims: [-1, 3, 24, 24]);
    }

    [Fact]
    public void One_broken_picture_is_counted_and_the_others_are_ranked()
    {
        var run = Top("--layer", "second", "--unit", "3,1", "--top", "4", "--raw", _folder["a.npy"], "--json");
        Assert.True(run.Exit == 0, run.Error);
        var json = run.Json;
        Assert.Equal(Count + 1, json["pictures"]!.GetValue<int>());
        Assert.Equal(PictureHeap.Broken, json["skipped"]!.AsArray().Single()!["file"]!.GetValue<string>());
        var raw = NpyFile.Load(_folder["a.npy"]);
        Assert.Equal([2, 4], raw.Dims);
        Assert.Equal([3, 1], json["results"]!.AsArray().Select(r => r!["unit"]!.GetValue<int>()));
        var listed = json["results"]!.AsArray().SelectMany(r => r!["top"]!.AsArray()).Select(t => t!["activation"]!.GetValue<float>());
        Assert.Equal(raw.ToFloats(), listed);
        Assert.All(json["results"]!.AsArray().SelectMany(r => r!["top"]!.AsArray()), t => Assert.Equal(Seen(t!["position"]![1]!.GetValue<int>()), t["field"]!["width"]!.GetValue<int>()));

        // 3x3, 3x3 by 2, 3x3 by 2, each padded by one: 9 pixels from 4 p - 4 on, cut off by the picture of 24.
        static int Seen(int p) => Math.Min(24, (4 * p) - 4 + 9) - Math.Max(0, (4 * p) - 4);
    }

    [Fact]
    public void A_layer_of_few_units_is_shown_whole()
    {
        var b = new GraphBuilder();
        var weight = b.Constant(Tensor.Of([.. Enumerable.Range(0, 12).Select(i => i / 12f)], 4, 3, 1, 1), "weight");
        b.Output("maps", b.Emit("Conv", [b.Input("image", ElementType.Float, -1, 3, 8, 8), weight]));
        OnnxFile.Save(b.Build(), _folder["four.onnx"]);
        var run = CliRun.Of("top", _heap, "-m", _folder["four.onnx"], "--layer", "maps", "--top", "1", "--raw", _folder["a.npy"], "--json");
        Assert.True(run.Exit == 0, run.Error);
        Assert.Equal([0, 1, 2, 3], run.Json["results"]!.AsArray().Select(r => r!["unit"]!.GetValue<int>()));
    }

    [Fact]
    public void The_training_pictures_of_a_data_set_are_searched()
    {
        string[] command = ["top", "-m", _model, "--layer", "second", "--unit", "3", "--top", "20", "--data", Repository.Fixture("datasets/idx"), "--no-maximize"];
        var run = CliRun.Of([.. command, "-o", _folder["top.png"], "--json"]);
        Assert.True(run.Exit == 0, run.Error);
        var names = run.Json["results"]![0]!["top"]!.AsArray().Select(t => t!["file"]!.GetValue<string>());
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"train/{i:00000}"), names.Order(StringComparer.Ordinal));
        var manifest = JsonNode.Parse(PngText.Read(File.ReadAllBytes(_folder["top.png"])).Single(t => t.Key == "onnxviz").Value)!;
        Assert.Equal("idx", manifest["options"]!["data"]!["name"]!.GetValue<string>());
        Assert.Contains("do not go together", CliRun.Of([.. command, "-i", _heap]).Error);
    }

    [Fact]
    public void A_sheet_carries_its_manifest_and_no_state_stays_behind()
    {
        var run = Top("--layer", "second", "--unit", "3", "--top", "4", "--steps", "2", "-o", _folder["out/top.png"]);
        Assert.True(run.Exit == 0, run.Error);
        Assert.Contains("1 of 13 pictures could not be read", run.Error);
        Assert.Equal(["top.png"], Directory.GetFiles(_folder["out"]).Select(f => Path.GetFileName(f)));
        var manifest = JsonNode.Parse(PngText.Read(File.ReadAllBytes(_folder["out/top.png"])).Single(t => t.Key == "onnxviz").Value)!;
        Assert.Equal(4, manifest["inputs"]!.AsArray().Count);
        Assert.DoesNotContain(_folder.Path, manifest.ToJsonString());
    }

    [Fact]
    public void An_interrupted_search_is_kept_and_gone_on_with()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        string[] command = ["top", _heap, "-m", _model, "--layer", "second", "--unit", "3", "--no-maximize", "--batch", "4", "-o", _folder["top.png"]];
        var stopped = CliRun.Of(cancelled.Token, command);
        Assert.Equal(130, stopped.Exit);
        Assert.Contains("top.state.json", stopped.Out);
        Assert.True(File.Exists(_folder["top.state.json"]));
        Assert.False(File.Exists(_folder["top.png"]));
        var done = CliRun.Of(command);
        Assert.True(done.Exit == 0, done.Error);
        Assert.Contains("Going on", done.Out);
        Assert.False(File.Exists(_folder["top.state.json"]));
    }

    [Fact]
    public void A_state_that_was_named_stays_and_saves_the_work()
    {
        string[] command = ["--layer", "second", "--unit", "3", "--top", "4", "--raw", _folder["a.npy"], "--state", _folder["s.json"]];
        Assert.Equal(0, Top(command).Exit);
        // Nothing is left to be read: the pictures may be damaged by now.
        foreach (var file in Directory.GetFiles(_heap, "*.png", SearchOption.AllDirectories))
        {
            var (time, length) = (File.GetLastWriteTimeUtc(file), new FileInfo(file).Length);
            File.WriteAllBytes(file, new byte[length]);
            File.SetLastWriteTimeUtc(file, time);
        }

        var again = Top(command);
        Assert.True(again.Exit == 0, again.Error);
        Assert.Contains($"{Count + 1} of {Count + 1} pictures are done", again.Out);
        Fails(2, "the layer 'second", "--layer", "first", "--unit", "3", "--top", "4", "--state", _folder["s.json"]);
    }

    [Fact]
    public void What_makes_no_sense_is_a_sentence()
    {
        Directory.CreateDirectory(_folder["empty"]);
        Fails(3, "no picture", "--layer", "second", "-i", _folder["empty"]);
        Fails(3, "no folder", "--layer", "second", "-i", _folder["nowhere"]);
        Fails(2, "--layer is needed");
        Fails(2, "--top 0", "--layer", "second", "--top", "0");
        Fails(2, "--batch 0", "--layer", "second", "--batch", "0");
        Fails(3, "0 to 15", "--layer", "second", "--unit", "16");
        Fails(3, "no state", "--layer", "second", "--state", _folder.Write("bad.json", "{}"u8.ToArray()));
        Assert.Contains("FOLDER", CliRun.Of("top", "-m", _model, "--layer", "second").Error);
        var only = CliRun.Of("top", "-i", Path.Combine(_heap, "a", "broken.png"), "-m", _model, "--layer", "second", "-o", _folder["x.png"]);
        Assert.Equal(3, only.Exit);
        Assert.Contains("None of the 1 pictures", only.Error);
        var over = Path.Combine(_heap, "02.png");
        Assert.Contains("written over", CliRun.Of("top", _heap, "-m", _model, "--layer", "second", "-o", over).Error);
    }

    public void Dispose() => _folder.Dispose();

    private CliRun Top(params string[] args) => CliRun.Of(["top", _heap, "-m", _model, .. args]);

    private void Fails(int exit, string says, params string[] args)
    {
        var isOther = args.Contains("-i");
        string[] all = ["top", .. isOther ? [] : new[] { _heap }, "-m", _model, .. args, "-o", _folder["result.png"]];
        var run = CliRun.Of(all);
        Assert.True(run.Exit == exit, $"Exit code {run.Exit} instead of {exit}: {run.Error}");
        Assert.Contains(says, run.Error);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
        Assert.False(File.Exists(_folder["result.png"]));
        Assert.False(File.Exists(_folder["result.state.json"]));
    }
}
