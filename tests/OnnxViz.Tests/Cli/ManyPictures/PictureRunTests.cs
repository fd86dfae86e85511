using System.Text.Json.Nodes;
using OnnxViz.Cli.Shared;
using OnnxViz.Onnx;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using OnnxViz.Tests.Support.Snapshots;
using Xunit;

namespace OnnxViz.Tests.Cli.ManyPictures;

/// <summary>Verbs that take many pictures: which ones, what becomes of those that cannot be read, what is written when, and how a run goes on.</summary>
public sealed class PictureRunTests : IDisposable
{
    private const int Readable = 20;

    private readonly TemporaryFolder _folder = new();
    private readonly string _model;
    private readonly string _heap;

    public PictureRunTests()
    {
        _model = SmallClassifier.Save(_folder["net.onnx"], dims: [-1, 3, 24, 24]);
        _heap = PictureHeap.Make(_folder, Readable);
    }

    public static TheoryData<string, int> Verbs => new()
    {
        { "saliency --method gradient", 1 },
        { "saliency --methods smoothgrad,grad-cam --samples 3 --class 2,top", 2 },
        { "segment --method gradient", 1 },
        { "activations --layer first,second --count 3", 2 },
        { "deconv --layer pool,second --top 2", 1 },
        { "invert --layer second --steps 2 --display picture", 1 },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Verbs))]
    public void What_is_finished_is_left_out_and_the_rest_is_as_if_nothing_had_been_there(string verb, int results)
    {
        string[] command = [.. verb.Split(' '), "-m", _model, "-i", _heap, "--device", "cpu", "-o", _folder["out/"]];
        var whole = CliRun.Of(command);
        Assert.Equal(0, whole.Exit);
        Assert.Contains("Skipped: Cannot read picture", whole.Error);
        var made = Files("out");
        Assert.Equal(Readable * results, made.Count);
        foreach (var (i, file) in made.Keys.Order().Index()) if (i % 5 == 1) File.Delete(Path.Combine(_folder["out"], file));
        // Cut off, and of another run.
        var damaged = made.Keys.Order().ElementAt(2);
        File.WriteAllBytes(_folder[$"out/{damaged}"], made[damaged][..^20]);
        var written = Directory.GetFiles(_folder["out"]).ToDictionary(f => f, File.GetLastWriteTimeUtc);

        var again = CliRun.Of([.. command, "--skip-existing"]);
        Assert.True(again.Exit == 0, again.Error);
        Assert.Equal(made, Files("out"));
        Assert.InRange(written.Count(w => File.GetLastWriteTimeUtc(w.Key) == w.Value), results, written.Count - 1);

        var third = CliRun.Of([.. command, "--skip-existing", "--json"]);
        Assert.Equal(made.Count, third.Json["files"]!.AsArray().Count);
        Assert.Empty(third.Json["results"]!.AsArray());
        Assert.Equal(PictureHeap.Broken, (string)third.Json["skipped"]![0]!["file"]!);
    }

    [Fact]
    public void Results_of_other_options_are_not_taken_for_finished()
    {
        string[] command = ["saliency", "-m", _model, "-i", _heap, "--device", "cpu", "--skip-existing", "-o", _folder["out/"]];
        Assert.Equal(Readable, Results([.. command, "--class", "1"]));
        Assert.Equal(0, Results([.. command, "--class", "1"]));
        Assert.Equal(Readable, Results([.. command, "--class", "2"]));
        Assert.Equal(Readable, Results([.. command, "--class", "1", "--percentile", "90"]));
        SmallClassifier.Save(_model, seed: 2, dims: [-1, 3, 24, 24]);
        Assert.Equal(Readable, Results([.. command, "--class", "1", "--percentile", "90"]));

        int Results(string[] args) => CliRun.Of([.. args, "--json"]).Json["results"]!.AsArray().Count;
    }

    [Fact]
    public void An_interrupted_run_goes_on_where_it_stopped()
    {
        string[] command = ["saliency", "-m", _model, "-i", _heap, "--device", "cpu", "--method", "rise", "--masks", "400"];
        Assert.Equal(0, CliRun.Of([.. command, "-o", _folder["one/"]]).Exit);
        using var watch = new Watch(() => Directory.Exists(_folder["out"]) && Directory.GetFiles(_folder["out"], "*.png").Length >= 3);
        var run = CliRun.Of(watch.Token, [.. command, "-o", _folder["out/"]]);
        Assert.Equal(130, run.Exit);
        var kept = Files("out");
        Assert.InRange(kept.Count, 3, Readable - 1);
        Assert.All(kept, file => Assert.Equal(Files("one")[file.Key], file.Value));
        Assert.Contains("goes on from there", run.Out);
        Assert.Equal(0, CliRun.Of([.. command, "-o", _folder["out/"], "--skip-existing"]).Exit);
        Assert.Equal(Files("one"), Files("out"));
    }

    [Fact]
    public void Of_an_interrupted_run_raw_holds_what_was_done()
    {
        using var watch = new Watch(() => Directory.Exists(_folder["out"]) && Directory.GetFiles(_folder["out"], "*.png").Length >= 3);
        var run = CliRun.Of(watch.Token, "saliency", "-m", _model, "-i", _heap, "--device", "cpu", "--method", "rise", "--masks", "400", "-o", _folder["out/"], "--raw", _folder["raw.npy"]);
        Assert.Equal(130, run.Exit);
        Assert.Equal(Files("out").Count, NpyFile.Load(_folder["raw.npy"]).Dims[0]);
    }

    [Fact]
    public void Maximized_units_go_on_batch_by_batch()
    {
        string[] command = ["maximize", "-m", _model, "--layer", "second", "--unit", "0-6,3", "--batch", "2", "--steps", "3", "--device", "cpu"];
        Assert.Equal(0, CliRun.Of([.. command, "-o", _folder["one/"]]).Exit);
        Assert.Equal(0, CliRun.Of([.. command, "-o", _folder["out/"]]).Exit);
        Assert.Equal(8, Files("out").Count);
        File.Delete(_folder["out/net_second_4.png"]);
        File.Delete(_folder["out/net_second_6.png"]);
        var written = Directory.GetFiles(_folder["out"]).ToDictionary(f => f, File.GetLastWriteTimeUtc);
        var run = CliRun.Of([.. command, "-o", _folder["out/"], "--skip-existing"]);
        Assert.Contains("4 of 8 pictures were finished", run.Out);
        Assert.Equal(Files("one"), Files("out"));
        Assert.All(new[] { "0", "1", "2", "3" }, unit => Assert.Equal(written[_folder[$"out/net_second_{unit}.png"]], File.GetLastWriteTimeUtc(_folder[$"out/net_second_{unit}.png"])));
    }

    [Fact]
    public void A_picture_that_was_named_and_cannot_be_read_costs_the_exit_code_and_no_other()
    {
        var bytes = File.ReadAllBytes(_folder["heap/a/00.png"]);
        // Its header is whole.
        var broken = _folder.Write("named.png", bytes[..^30]);
        var run = CliRun.Of("predict", "-m", _model, "-i", _folder["heap/a/00.png"], broken, _folder["heap/a/03.png"], "--json");
        Assert.Equal(3, run.Exit);
        Assert.Equal(["00.png", "03.png"], run.Json["pictures"]!.AsArray().Select(p => (string)p!["picture"]!));
        Assert.Equal("named.png", (string)run.Json["skipped"]![0]!["file"]!);
        Assert.Equal(3, CliRun.Of("predict", "-m", _model, "-i", broken).Exit);
        Assert.Contains("None of the 2 pictures", CliRun.Of("predict", "-m", _model, "-i", broken, broken).Error);
    }

    [Fact]
    public void Results_are_no_pictures_to_look_at()
    {
        string[] command = ["saliency", "-m", _model, "-i", _heap, "--device", "cpu", "-o", _folder["heap/"], "--json"];
        Assert.Equal(Readable, CliRun.Of(command).Json["results"]!.AsArray().Count);
        Assert.Equal(Readable, CliRun.Of(command).Json["results"]!.AsArray().Count);
    }

    [Fact]
    public void Results_of_pictures_of_one_name_have_names_of_their_own() => Assert.Equal(
        ["x_a", "y_a_png", "y_a_jpg", "b", "4_c_png", "5_c_png"], FileStems.Of(["x/a.png", "y/a.png", "y/a.jpg", "b.png", "c.png", "c.png"]));

    [Theory]
    [InlineData("--skip-existing -o out.png", "--skip-existing needs a folder: -o out/")]
    [InlineData("--skip-existing", "--skip-existing needs a folder: -o results/")]
    [InlineData("--skip-existing -o out/ --raw x.npy", "--skip-existing and --raw")]
    public void What_makes_no_sense_is_a_sentence(string options, string expected)
    {
        var run = CliRun.Of(["saliency", "-m", _model, "-i", _heap, .. options.Split(' ')]);
        Assert.Equal((2, 1), (run.Exit, run.Error.Count(c => c == '\n')));
        Assert.Contains(expected, run.Error);
    }

    [Fact]
    public void A_sheet_has_its_bounds()
    {
        var file = _folder.Write("many.npy", NpyFile.Encode(new float[2001 * 3 * 24 * 24], 2001, 3, 24, 24));
        var run = CliRun.Of("saliency", "-m", _model, "--input-tensor", file, "-o", _folder["sheet.png"]);
        Assert.Equal(2, run.Exit);
        Assert.Contains("name a folder", run.Error);
    }

    [Fact]
    public void Each_file_says_of_which_picture_it_is_and_no_more()
    {
        CliRun.Text("saliency", "-m", _model, "-i", _folder["heap/a/00.png"], _folder["heap/a/03.png"], "--class", "2,top", "-o", _folder["out/"]);
        foreach (var file in Directory.GetFiles(_folder["out"]))
        {
            var manifest = JsonNode.Parse(OwnResults.ManifestOf(file)!)!;
            Assert.Contains(Path.GetFileNameWithoutExtension((string)Assert.Single(manifest["inputs"]!.AsArray())!["file"]!), Path.GetFileName(file));
            Assert.Equal((long)manifest["result"]!["unit"]!, (long)Assert.Single(manifest["options"]!["class"]!.AsArray())!);
        }
    }

    private Dictionary<string, byte[]> Files(string folder) => Directory.GetFiles(_folder[folder]).ToDictionary(f => Path.GetFileName(f), File.ReadAllBytes);

    /// <summary>Asks for the end of the work as soon as something is so.</summary>
    private sealed class Watch : IDisposable
    {
        private readonly CancellationTokenSource _source = new();
        private readonly Thread _thread;
        private volatile bool _isOver;

        public Watch(Func<bool> isTime)
        {
            _thread = new Thread(() =>
            {
                while (!_isOver && !isTime()) Thread.Sleep(1);
                _source.Cancel();
            });
            _thread.Start();
        }

        public CancellationToken Token => _source.Token;

        public void Dispose()
        {
            _isOver = true;
            _thread.Join();
            _source.Dispose();
        }
    }
}
