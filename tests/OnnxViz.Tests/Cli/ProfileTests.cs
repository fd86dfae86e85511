using System.Text.Json.Nodes;
using OnnxViz.Cli;
using OnnxViz.Cli.Results;
using OnnxViz.Cli.Shell;
using OnnxViz.Cli.Verbs.Saliency;
using OnnxViz.Cli.Verbs.Train;
using OnnxViz.Tests.Evolve;
using OnnxViz.Tests.Profiling;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using OnnxViz.Tests.Training.Loop;
using Xunit;

namespace OnnxViz.Tests.Cli;

/// <summary>--profile, which every verb has.</summary>
public sealed class ProfileTests : IDisposable
{
    private const int Sigint = 2;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Verbs => [.. VerbList.All.Select(Manual.NameOf)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Every_verb_takes_it_and_pictures_do_not_tell_of_it(string name)
    {
        using var nowhere = new StringWriter();
        Assert.Null(Arguments.Parse([name, "--profile"], VerbList.All, new Streams(nowhere, nowhere, default), out var verb));
        Assert.True(verb!.Profile);
        Assert.True(Manifest.Leaves(Manual.Options(verb.GetType()).Single(o => o.Option.LongName == "profile").Property));
    }

    [Fact]
    public void Numbers_are_in_the_object_the_table_and_the_trace_and_the_picture_is_the_same()
    {
        var model = SmallClassifier.Save(_folder["net.onnx"]);
        string[] command = ["saliency", "-m", model, "-i", Repository.Carried("images/chelsea.png"), "--class", "1", "--method", "gradient", "--device", "cpu", "--threads", "1"];
        CliRun.Text([.. command, "-o", _folder["plain.png"]]);
        var run = CliRun.Of([.. command, "-o", _folder["out/a.png"], "--json", "--profile"]);
        Assert.True(run.Exit == 0, run.Error);
        Assert.Equal(File.ReadAllBytes(_folder["plain.png"]), File.ReadAllBytes(_folder["out/a.png"]));
        Assert.Equal(["a.png", "a.trace.json"], Directory.GetFiles(_folder["out"]).Select(f => Path.GetFileName(f)).Order());

        var profile = run.Json["profile"]!;
        Assert.Equal(_folder["out/a.trace.json"], (string)profile["trace"]!);
        Assert.Equal((double)profile["milliseconds"]!, Sum(profile["phases"]!), 1e-6);
        Assert.Equal((double)profile["runs"]!["in_operators"]!, Sum(profile["operators"]!), 1e-6);
        Assert.Equal((double)profile["runs"]!["in_operators"]!, Sum(profile["layers"]!), 1e-6);
        Assert.Contains(profile["layers"]!.AsArray(), l => (double)l!["gradient"]! > 0);
        Assert.InRange((double)profile["peak"]!["gigaflops_per_second"]!, 0.01, 1e5);
        Assert.InRange((long)profile["memory"]!["peak_resident_bytes"]!, 1 << 20, long.MaxValue);
        string[] phases = [.. profile["phases"]!.AsArray().Select(p => (string)p!["name"]!)];
        Assert.All(
            new[] { "read the command line", "open the model", "fit the model to its input", "compile the gradient", "make the session", "run a graph", "read pictures", "draw", "compress pictures", "write a file", "all else" },
            p => Assert.Contains(p, phases));
        Assert.DoesNotContain("start the process", phases);

        Assert.Matches("^Profile: [0-9.,]+ ms\nphase +times +ms +share\n", run.Error.TrimStart());
        Assert.All(new[] { "\nOperators: ", "\nLayers", "\nMemory\n", "outside of runs", "of peak" }, text => Assert.Contains(text, run.Error));
        Assert.EndsWith($"Wrote {_folder["out/a.trace.json"]} (chrome://tracing or ui.perfetto.dev shows it)\n", run.Error);
        Assert.True(ChromeTraceTests.Nests(ChromeTraceTests.Events(File.ReadAllBytes(_folder["out/a.trace.json"]))));
    }

    [Fact]
    public void Without_a_graph_there_are_phases_and_memory()
    {
        var run = CliRun.Of("models", "--profile", "--quiet");
        Assert.Equal((0, ""), (run.Exit, run.Out));
        Assert.Contains("Memory", run.Error);
        Assert.DoesNotContain("Operators", run.Error);
        Assert.True(File.Exists("onnxviz-models.trace.json"));
        File.Delete("onnxviz-models.trace.json");
    }

    [Fact]
    public void Training_and_what_becomes_of_it()
    {
        var data = TinyData.Write(_folder);
        var train = CliRun.Of("train", "--arch", "small", "--data", data, "-o", _folder["run"], "--batch", "16", "--epochs", "1", "--save-steps", "none", "--device", "cpu", "--json", "--profile");
        Assert.True(train.Exit == 0, train.Error);
        Assert.True(File.Exists(_folder["run.trace.json"]));
        Assert.Equal(6, (long)train.Json["profile"]!["phases"]!.AsArray().Single(p => (string)p!["name"]! == "step")!["calls"]!);
        Assert.Contains(train.Json["profile"]!["layers"]!.AsArray(), l => (string)l!["layer"]! == "optimizer");

        using var tiny = new TinyRun("epoch-0000", "epoch-0001");
        var evolve = CliRun.Of("evolve", tiny.Path, "--layer", "relu1", "--unit", "0", "--steps", "2", "--top", "2", "--device", "cpu", "-o", tiny["out/"], "--json", "--profile");
        Assert.True(evolve.Exit == 0, evolve.Error);
        Assert.True(File.Exists(tiny["out.trace.json"]));
        Assert.Contains(evolve.Json["profile"]!["layers"]!.AsArray(), l => (string)l!["layer"]! == "conv1");
    }

    [Fact]
    public void A_failure_is_one_line_and_an_object_that_was_made_is_printed()
    {
        var model = SmallClassifier.Save(_folder["net.onnx"]);
        var run = CliRun.Of("activations", "-m", model, "-i", Repository.Carried("images/chelsea.png"), "--layer", "nonsense", "-o", _folder["a.png"], "--profile");
        Assert.Equal(3, run.Exit);
        Assert.Equal(2, run.Error.Split('\n').Length);
        Assert.False(File.Exists(_folder["a.trace.json"]));
        var unwritable = CliRun.Of("models", "--profile", "-o", _folder["a.png"]);
        Assert.Equal(2, unwritable.Exit);
    }

    [SkippableFact]
    public void Ctrl_C_leaves_the_tables_and_nothing_in_the_folder_for_temporary_files()
    {
        Skip.If(OperatingSystem.IsWindows() || InterruptTests.IgnoresSigint(), "There is no SIGINT here.");
        Directory.CreateDirectory(_folder["tmp"]);
        using var program = new ChildProgram(
            ["maximize", "--layer", "conv2_1", "--unit", "0", "--size", "48", "--steps", "100000", "--device", "cpu", "--frames", _folder["frames"], "--frames-every", "1", "-o", _folder["a.png"], "--profile"],
            temporary: _folder["tmp"]);
        while (!Directory.Exists(_folder["frames"]) || Directory.GetFiles(_folder["frames"]).Length < 3)
        {
            Assert.False(program.HasEnded, "The program ended by itself.");
            Thread.Sleep(20);
        }

        Assert.Contains(Directory.GetDirectories(_folder["tmp"]), d => Path.GetFileName(d).StartsWith(".onnxviz-", StringComparison.Ordinal));
        program.Signal(Sigint);
        var ended = program.End();
        Assert.Equal(130, ended.Exit);
        Assert.DoesNotContain(Directory.GetDirectories(_folder["tmp"]), d => Path.GetFileName(d).StartsWith(".onnxviz-", StringComparison.Ordinal));
        Assert.Contains("start the process", ended.Error);
        Assert.Contains("conv2_1", ended.Error);
        Assert.EndsWith("onnxviz: interrupted.\n", ended.Error);
        Assert.True(ChromeTraceTests.Nests(ChromeTraceTests.Events(File.ReadAllBytes(_folder["a.trace.json"]))));
    }

    [Fact]
    public void The_trace_lies_beside_the_result()
    {
        Assert.Equal("x/a.trace.json", Saliency("x/a.png"));
        Assert.Equal("x/a.trace.json", Saliency("x/a/"));
        Assert.Equal($"{_folder.Path}.trace.json", Saliency(_folder.Path));
        Assert.Equal("./onnxviz-saliency.trace.json", Saliency("./"));
        Assert.Equal("../onnxviz-saliency.trace.json", Saliency(".."));
        Assert.Equal("onnxviz-saliency.trace.json", Saliency(null));
        Assert.Equal("runs/a.b.trace.json", ProfiledRun.TraceOf(new TrainVerb { Out = "runs/a.b" }));

        static string Saliency(string? place) => ProfiledRun.TraceOf(new SaliencyVerb { Out = place }).Replace('\\', '/');
    }

    private static double Sum(JsonNode rows) => rows.AsArray().Sum(r => (double)r!["milliseconds"]!);
}
