using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OnnxViz.Imaging.Files;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Evolve;

/// <summary>What `evolve` says and writes.</summary>
public sealed class EvolveVerbTests : IDisposable
{
    private readonly TinyRun _run = new("epoch-0000", "step-000010", "epoch-0001", "epoch-0002");

    [Fact]
    public void All_files_have_one_stem_and_the_numbers_are_those_of_json()
    {
        var run = Evolve("--unit", "4,0", "-o", _run["out/a.png"], "--json");
        Assert.True(run.Exit == 0, run.Error);
        Assert.Equal(["a.animated.png", "a.curves.png", "a.curves.svg", "a.html", "a.json", "a.png"], Directory.GetFiles(_run["out"]).Select(f => Path.GetFileName(f)).Order());
        var json = run.Json;
        Assert.Equal(["0", "s10", "1", "2"], json["checkpoints"]!.AsArray().Select(c => c!["name"]!.GetValue<string>()));
        var accuracies = json["checkpoints"]!.AsArray().Select(c => c!["test_accuracy"]!.GetValue<double>()).ToList();
        Assert.Equal([0.6, 0.7], accuracies[2..]);
        // Ten pictures: what was saved before the first epoch's end is tested now.
        Assert.All(accuracies[..2], a => Assert.Contains(a, Enumerable.Range(0, 11).Select(i => i / 10.0)));
        Assert.Equal([4, 0], json["results"]!.AsArray().Select(c => c!["unit"]!.GetValue<int>()));
        var steps = json["results"]![0]!["checkpoints"]!.AsArray();
        Assert.Null(steps[0]!["cosine"]);
        Assert.All(steps.Skip(1), s => Assert.InRange(s!["cosine"]!.GetValue<double>(), -1, 0.9999));
        Assert.All(steps.Skip(1), s => Assert.InRange(s!["overlap"]!.GetValue<double>(), 0, 1));
        var written = JsonNode.Parse(File.ReadAllText(_run["out/a.json"]))!;
        Assert.True(JsonNode.DeepEquals(written["results"], json["results"]));

        var animation = File.ReadAllBytes(_run["out/a.animated.png"]);
        Assert.Equal(4, Regex.Count(System.Text.Encoding.Latin1.GetString(animation), "fcTL"));
        var manifest = JsonNode.Parse(PngText.Read(File.ReadAllBytes(_run["out/a.png"])).Single(t => t.Key == "onnxviz").Value)!;
        Assert.Equal(4, manifest["checkpoints"]!.AsArray().Count);
        Assert.Equal([4, 0], manifest["options"]!["unit"]!.AsArray().Select(u => u!.GetValue<int>()));
        Assert.DoesNotContain(Path.GetDirectoryName(_run.Path)!, manifest.ToJsonString());
    }

    [Fact]
    public void Joined_shards_and_an_interrupted_run_make_the_same_files_as_one_run()
    {
        Assert.Equal(0, Evolve("--unit", "4,0", "-o", _run["whole/"], "--state", _run["s0"]).Exit);
        foreach (var shard in new[] { "1/2", "2/2" })
        {
            var part = Evolve("--unit", "4,0", "--shard", shard, "--state", _run["s1"]);
            Assert.True(part.Exit == 0, part.Error);
            Assert.Contains($"Part {shard}", part.Out);
        }

        var merged = CliRun.Of("merge", _run["s1"], "-o", _run["merged/"]);
        Assert.True(merged.Exit == 0, merged.Error);
        var joined = Evolve("--unit", "4,0", "-o", _run["joined/"], "--state", _run["s1"]);
        Assert.True(joined.Exit == 0, joined.Error);
        Assert.Contains("4 of 4 checkpoints are done already", joined.Out);

        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        string[] command = ["evolve", _run.Path, "--layer", "relu1", "--steps", "2", "--top", "3", "--unit", "4,0", "-o", _run["later/"], "--state", _run["s2"]];
        var stopped = CliRun.Of(cancelled.Token, command);
        Assert.Equal(130, stopped.Exit);
        Assert.Contains("0 of 4 checkpoints are done and kept", stopped.Out);
        Assert.False(Directory.Exists(_run["later"]));
        Assert.Equal(0, CliRun.Of(command).Exit);
        foreach (var file in new[] { "evolution.png", "evolution.animated.png", "evolution.curves.png", "evolution.curves.svg", "evolution.html", "evolution.json" })
        {
            Assert.Equal(File.ReadAllBytes(_run[$"whole/{file}"]), File.ReadAllBytes(_run[$"joined/{file}"]));
            Assert.Equal(File.ReadAllBytes(_run[$"whole/{file}"]), File.ReadAllBytes(_run[$"later/{file}"]));
            Assert.Equal(File.ReadAllBytes(_run[$"whole/{file}"]), File.ReadAllBytes(_run[$"merged/{file}"]));
        }
    }

    [Fact]
    public void Parts_in_folders_of_their_own_are_joined_and_missing_ones_are_named()
    {
        foreach (var i in new[] { 1, 2 }) Assert.Equal(0, Evolve("--unit", "4", "--shard", $"{i}/2", "--state", _run[$"s{i}"]).Exit);
        Fails(3, "Part 2 of 2 is missing", "merge", _run["s1"], "-o", _run["merged.png"]);
        var merged = CliRun.Of("merge", _run["s1"], _run["s2"], "-o", _run["merged.png"]);
        Assert.True(merged.Exit == 0, merged.Error);
        Assert.Equal(0, Evolve("--unit", "4", "-o", _run["one.png"], "--state", _run["s3"]).Exit);
        Assert.Equal(File.ReadAllBytes(_run["one.png"]), File.ReadAllBytes(_run["merged.png"]));
        // Other units of the same run in the same folder.
        Assert.Equal(0, Evolve("--unit", "1", "--shard", "1/2", "--state", _run["s1"]).Exit);
        Fails(3, "of other work", "merge", _run["s1"], _run["s2"], "-o", _run["merged.png"]);
    }

    [Fact]
    public void The_page_needs_nothing_else_and_takes_names_as_text()
    {
        Directory.Move(_run.Path, _run["a<b>&"]);
        var run = CliRun.Of("evolve", _run["a<b>&"], "--layer", "relu1", "--unit", "all", "--steps", "2", "-o", _run["out/"]);
        Assert.True(run.Exit == 0, run.Error);
        var page = File.ReadAllText(_run["out/evolution.html"]);
        Assert.Contains("relu1 of a&lt;b&gt;&amp;", page);
        Assert.DoesNotContain("a<b>", page);
        Assert.DoesNotMatch("(src|href)=\"(?!data:)", page);
        Assert.Equal(["http://www.w3.org/2000/svg"], Regex.Matches(page, "https?://[^'\"]*").Select(m => m.Value).Distinct());
        var data = JsonNode.Parse(Regex.Match(page, "<script id=\"data\" type=\"application/json\">(.*?)</script>", RegexOptions.Singleline).Groups[1].Value)!;
        var images = data["images"]!.AsArray().Select(i => i!.GetValue<string>()).ToList();
        Assert.Equal(images.Distinct(), images);
        Assert.All(images, i => Assert.StartsWith("data:image/png;base64,", i));
        Assert.Equal(6, data["units"]!.AsArray().Count);
        foreach (var cell in data["units"]!.AsArray().SelectMany(u => u!["cells"]!.AsArray()))
        {
            var sizes = new[] { "picture", "patch", "projection", "maximized" }.Select(name => Decoded(images[cell![name]!.GetValue<int>()])).ToList();
            Assert.Equal((TinyRun.Side, TinyRun.Side), (sizes[0].Width, sizes[0].Height));
            Assert.Equal((sizes[1].Width, sizes[1].Height), (sizes[2].Width, sizes[2].Height));
            Assert.InRange(sizes[1].Width, 2, 3);
            // Of the maximisation what the middle position sees, as the sheet shows it.
            Assert.Equal((3, 3), (sizes[3].Width, sizes[3].Height));
            Assert.Equal(100.0 * sizes[1].Width / TinyRun.Side, cell!["box"]![2]!.GetValue<double>(), 1);
        }
    }

    [Fact]
    public void Other_data_are_searched_where_asked_for()
    {
        var run = CliRun.Of("evolve", _run.Path, "--layer", "conv2", "--unit", "1", "--data", Repository.Fixture("datasets/idx"), "--steps", "0", "--checkpoints", "0,last", "-o", _run["out/"], "--json");
        Assert.True(run.Exit == 0, run.Error);
        Assert.Equal(20, run.Json["data"]!["pictures"]!.GetValue<int>());
        Assert.Equal(["0", "2"], run.Json["checkpoints"]!.AsArray().Select(c => c!["name"]!.GetValue<string>()));
        Assert.Null(run.Json["results"]![0]!["checkpoints"]![0]!["objective"]);
    }

    [Fact]
    public void What_makes_no_sense_is_a_sentence()
    {
        Fails(2, "--layer is needed", "evolve", _run.Path);
        Fails(2, "folder of a training run is needed", "evolve", "--layer", "relu1");
        Fails(3, "is no training run", "evolve", _run.Data, "--layer", "relu1");
        Fails(3, "relu9", "evolve", _run.Path, "--layer", "relu9");
        Fails(3, "0 to 5", "evolve", _run.Path, "--layer", "relu1", "--unit", "6");
        Fails(3, "@9", "evolve", _run.Path, "--layer", "relu1", "--checkpoints", "9");
        Fails(2, "--shard 3/2", "evolve", _run.Path, "--layer", "relu1", "--shard", "3/2");
        Fails(2, "--steps -1", "evolve", _run.Path, "--layer", "relu1", "--steps=-1");
        Fails(2, "written as .png", "evolve", _run.Path, "--layer", "relu1", "-o", _run["a.jpg"]);
        Fails(3, "no data 'nothing'", "evolve", _run.Path, "--layer", "relu1", "--data", "nothing");
        _run.SaveModel("epoch-0001", 0.5, units: 7);
        Fails(3, "epoch-0001.onnx' is another network", "evolve", _run.Path, "--layer", "relu1");
        _run.Write("run/epoch-0001.onnx", File.ReadAllBytes(_run.Run.ModelOf(0))[..300]);
        Fails(3, "epoch-0001.onnx", "evolve", _run.Path, "--layer", "relu1");
        _run.SaveModel("epoch-0001", 0.5);
        _run.Write("run/metrics.json", "{"u8.ToArray());
        Fails(3, "metrics.json", "evolve", _run.Path, "--layer", "relu1");
        Assert.False(Directory.Exists(_run["run/evolve"]));
    }

    public void Dispose() => _run.Dispose();

    private CliRun Evolve(params string[] args) => CliRun.Of(["evolve", _run.Path, "--layer", "relu1", "--steps", "2", "--top", "3", .. args]);

    private static OnnxViz.Imaging.Image Decoded(string uri) => ImageFile.Decode(Convert.FromBase64String(uri[(uri.IndexOf(',', StringComparison.Ordinal) + 1)..]), "embedded");

    private static void Fails(int exit, string says, params string[] args)
    {
        var run = CliRun.Of(args);
        Assert.True(run.Exit == exit, $"Exit code {run.Exit} instead of {exit}: {run.Error}");
        Assert.Contains(says, run.Error);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }
}
