using OnnxViz.Imaging.Files;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using OnnxViz.Tests.Support.Snapshots;
using Xunit;

namespace OnnxViz.Tests.Shards;

/// <summary>--shard and `merge`: joined parts are what one process makes, byte for byte.</summary>
public sealed class ShardVerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _model;
    private readonly string _heap;

    public ShardVerbTests()
    {
        _model = SmallClassifier.Save(_folder["net.onnx"], dims: [-1, 3, 24, 24]);
        _heap = PictureHeap.Make(_folder, 20);
    }

    /// <summary>Units over several batches, the last one smaller; noise, which is drawn row by row; several recipes; another shape of result.</summary>
    public static TheoryData<string> Maximizations =>
    [
        "--layer second --unit 0-6 --batch 2",
        "--layer second --unit all --batch 3 --transforms pad:2,jitter:2,noise:0.2",
        "--layer second --unit 1,5,3 --batch 2 --recipe erhan2009,rms --octaves 1",
        "--layer sum --unit 0-4 --batch 2 --param maco",
        "--layer second --unit 3 --copies 4 --diversity 1 --batch 2",
        "--class 1,4,7 --batch 1",
    ];

    [Theory]
    [MemberData(nameof(Maximizations))]
    public void Parts_of_maximize_are_together_one_run(string options)
    {
        string[] command = ["maximize", "-m", _model, "--steps", "4", "--device", "cpu", .. options.Split(' ')];
        Done([.. command, "-o", _folder["one.png"], "--raw", _folder["one.npy"]]);
        foreach (var i in new[] { 2, 3, 1 }) Done([.. command, "-o", _folder["parts/"], "--shard", $"{i}/3"]);
        Done("merge", _folder["parts"], "-o", _folder["merged.png"], "--raw", _folder["merged.npy"]);
        Same("one.png", "merged.png");
        Same("one.npy", "merged.npy");

        Done([.. command, "-o", _folder["single/"]]);
        Done("merge", _folder["parts"], "-o", _folder["joined/"]);
        Same(Directory.GetFiles(_folder["single"]).Length, "single", "joined");
    }

    [Theory]
    [InlineData("--top 3 --batch 3")]
    [InlineData("--top 50 --batch 4 --no-deconv")]
    public void Parts_of_top_are_together_one_run(string options)
    {
        string[] command = ["top", _heap, "-m", _model, "--layer", "second", "--unit", "3,0,7", "--steps", "2", "--device", "cpu", .. options.Split(' ')];
        Done([.. command, "-o", _folder["one.png"], "--raw", _folder["one.npy"]]);
        // More parts than batches: the last ones have nothing to do.
        foreach (var i in Enumerable.Range(1, 9)) Done([.. command, "-o", _folder["parts/"], "--shard", $"{i}/9"]);
        var merged = Done("merge", _folder["parts"], "-o", _folder["merged.png"], "--raw", _folder["merged.npy"]);
        Assert.Contains("1 of 21 pictures could not be read", merged.Error);
        Same("one.png", "merged.png");
        Same("one.npy", "merged.npy");
        Assert.Empty(Directory.GetFiles(_folder["parts"], "search-*"));
    }

    [Theory]
    [InlineData("--method gradient", true)]
    [InlineData("--methods integrated-gradients,grad-cam --steps 3", false)]
    [InlineData("--method grad-cam --class 3,top --display overlay", true)]
    public void Parts_of_saliency_over_a_folder_are_together_one_run(string options, bool hasRaw)
    {
        string[] command = ["saliency", "-i", _heap, "-m", _model, "--device", "cpu", .. options.Split(' ')];
        Done([.. command, "-o", _folder["one.png"]]);
        Done([.. command, "-o", _folder["single/"], .. hasRaw ? new[] { "--raw", _folder["one.npy"] } : []]);
        foreach (var i in new[] { 1, 2 }) Done([.. command, "-o", _folder["parts/"], "--shard", $"{i}/2"]);
        var merged = Done(["merge", _folder["parts"], "-o", _folder["merged.png"], .. hasRaw ? new[] { "--raw", _folder["merged.npy"] } : []]);
        Assert.Contains("Skipped: Cannot read picture ", merged.Error);
        Same("one.png", "merged.png");
        if (hasRaw) Same("one.npy", "merged.npy");
        Done("merge", _folder["parts"], "-o", _folder["joined/"]);
        Same(20 * (options.Contains("3,top", StringComparison.Ordinal) ? 2 : 1), "single", "joined");
    }

    [Fact]
    public void A_part_is_repeated_only_where_something_is_missing_and_missing_parts_are_named()
    {
        string[] command = ["maximize", "-m", _model, "--layer", "second", "--unit", "0-6", "--batch", "2", "--steps", "2", "-o", _folder["parts/"]];
        Done([.. command, "--shard", "1/3"]);
        Fails(3, "Parts 2-3 of 3 are missing", "merge", _folder["parts"], "-o", _folder["a.png"]);
        var missing = CliRun.Of("merge", "--missing", _folder["parts"]);
        Assert.Equal((3, "2-3"), (missing.Exit, missing.Out.Trim()));
        Assert.Contains("2 of 2 pieces are done already", Done([.. command, "--shard", "1/3"]).Out);
        var piece = Directory.GetFiles(_folder["parts"], "piece-000003-*").Single();
        var bytes = File.ReadAllBytes(piece);
        File.WriteAllBytes(piece, bytes[..1000]);
        foreach (var i in new[] { 2, 3 }) Done([.. command, "--shard", $"{i}/3"]);
        Assert.Equal((0, ""), CliRun.Of("merge", "--missing", _folder["parts"]) is var all ? (all.Exit, all.Out) : default);
        Fails(3, "repeat part 1/3", "merge", _folder["parts"], "-o", _folder["a.png"]);
        Assert.False(File.Exists(_folder["a.png"]));
        Assert.Contains("1 of 2 pieces are done already", Done([.. command, "--shard", "1/3"]).Out);
        Assert.Equal(bytes, File.ReadAllBytes(piece));
        Done("merge", _folder["parts"], "-o", _folder["a.png"]);
    }

    [Fact]
    public void What_makes_no_sense_is_a_sentence()
    {
        string[] command = ["maximize", "-m", _model, "--layer", "second", "--unit", "0-6", "--batch", "2", "--steps", "2", "--shard", "1/2"];
        Fails(2, "--shard needs -o DIR", command);
        Fails(2, "names a folder", [.. command, "-o", _folder["a.png"]]);
        Fails(2, "--raw and --shard", [.. command, "-o", _folder["p/"], "--raw", _folder["a.npy"]]);
        Fails(2, "--animate and --shard", [.. command, "-o", _folder["p/"], "--animate", _folder["a.png"]]);
        Fails(2, "--shard 3/2", [.. command[..^1], "3/2", "-o", _folder["p/"]]);
        Fails(2, "--state and --shard", "top", _heap, "-m", _model, "--layer", "second", "--shard", "1/2", "-o", _folder["p/"], "--state", _folder["s.json"]);
        Fails(2, "A folder of parts is needed", "merge");
        Fails(3, "There is no folder", "merge", _folder["nowhere"]);
        Fails(3, "no finished part", "merge", _heap);
        Done([.. command, "-o", _folder["p/"]]);
        Fails(2, "options.steps 2 instead of 3", [.. command[..^3], "3", "--shard", "2/2", "-o", _folder["p/"]]);
        Done([.. command[..^1], "2/2", "-o", _folder["p/"]]);
        SmallClassifier.Save(_model, seed: 2, dims: [-1, 3, 24, 24]);
        Fails(3, "model.sha256", "merge", _folder["p"], "-o", _folder["a.png"]);
        Fails(2, "model.sha256", [.. command, "-o", _folder["p/"]]);
    }

    [SkippableFact]
    public void A_full_disk_leaves_no_part()
    {
        using var disk = TinyDisk.Mount(_folder["disk"], 1);
        string[] command = ["maximize", "-m", _model, "--layer", "second", "--unit", "all", "--copies", "16", "--batch", "64", "--steps", "1", "--device", "cpu"];
        File.WriteAllBytes(_folder["disk/other"], new byte[900_000]);
        Fails(1, "Cannot write", [.. command, "-o", _folder["disk/parts/"], "--shard", "1/1"]);
        Assert.Empty(Directory.GetFiles(_folder["disk/parts"]));
        File.Delete(_folder["disk/other"]);
    }

    public void Dispose() => _folder.Dispose();

    private static CliRun Done(params string[] args)
    {
        var run = CliRun.Of(args);
        Assert.True(run.Exit == 0, $"{string.Join(' ', args)}: {run.Error}");
        return run;
    }

    private static void Fails(int exit, string says, params string[] args)
    {
        var run = CliRun.Of(args);
        Assert.True(run.Exit == exit, $"Exit code {run.Exit} instead of {exit}: {run.Error}");
        Assert.Contains(says, run.Error);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }

    private void Same(string one, string merged)
    {
        if (one.EndsWith(".png", StringComparison.Ordinal))
            Assert.Equal(PngText.Read(File.ReadAllBytes(_folder[one])).Single().Value, PngText.Read(File.ReadAllBytes(_folder[merged])).Single().Value);
        Assert.Equal(File.ReadAllBytes(_folder[one]), File.ReadAllBytes(_folder[merged]));
    }

    private void Same(int count, string single, string joined)
    {
        var names = Directory.GetFiles(_folder[single]).Select(f => Path.GetFileName(f)).Order().ToList();
        Assert.Equal(count, names.Count);
        Assert.Equal(names, Directory.GetFiles(_folder[joined]).Select(f => Path.GetFileName(f)).Order());
        foreach (var name in names) Same($"{single}/{name}", $"{joined}/{name}");
    }
}
