using Google.Protobuf;
using OnnxViz.Saliency;
using OnnxViz.Tests.Detect;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Snapshots;
using Xunit;

namespace OnnxViz.Tests.Doctor;

/// <summary>doctor MODEL: what is said of a model is true, whatever the file.</summary>
public sealed class DoctorModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Folders => new("inputs", "deconv", "reference/exporters", "reference/tiny");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Of_a_carried_classifier() => Snapshot.Verify(CliRun.Text("doctor", "efficientnet-lite0"));

    [Fact]
    public void A_network_without_its_classifier_has_units_and_no_classes()
    {
        var json = CliRun.Of("doctor", "-m", "vgg16-body", "--json").Json;
        Assert.Null(json["classes"]);
        Assert.Contains("'pool5' holds units of features and no classes", (string)json["no_classes"]!);
        Assert.Equal(["batch", "height", "width"], json["input"]!["open"]!.AsArray().Select(o => (string)o!));
        Assert.True((bool)json["input"]!["takes_other_sizes"]!);
        Assert.Equal(["relu2_2", "relu3_3", "relu4_3", "relu5_3"], json["begin_with"]!.AsArray().Select(l => (string)l!["layer"]!));
        // Of Simonyan and Zisserman's network D: 5x5 after two convolutions, each further block of stride 2 adds to it.
        Assert.Equal([14, 40, 92, 196], json["begin_with"]!.AsArray().Select(l => (int)l!["receptive_field"]![0]!));
        Assert.Equal((14_714_688, 5), ((int)json["file"]!["parameters"]!, (int)json["max_pools"]!));
        // The strongest units are listed.
        Assert.True(Works(json, "predict"));
        Assert.True(Works(json, "maximize"));
        Assert.Null(json["boxes"]);
    }

    [Theory]
    [InlineData("yolov8")]
    [InlineData("ssd")]
    public void A_detector_has_boxes(string layout)
    {
        var file = new ToyDetector(layout).Save(_folder);
        var json = CliRun.Of("doctor", file, "--json").Json;
        Assert.Contains("21 boxes", (string)json["boxes"]!);
        Assert.True(Works(json, "predict"));
        Assert.Contains(json["try"]!.AsArray(), c => ((string)c!).Contains("--score box:0", StringComparison.Ordinal));
        foreach (var command in json["try"]!.AsArray()) Runs((string)command!, file);
        Assert.Contains("--score box:K explains the K-th", CliRun.Text("doctor", file));
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void Every_fixture_is_told_of_in_tables_that_fit_and_with_commands_that_run(string folder)
    {
        foreach (var path in Directory.GetFiles(Repository.Fixture(folder), "*.onnx").Order())
        {
            var run = CliRun.Of("doctor", path, "--json");
            Assert.True(run.Exit == 0, $"{path}: {run.Error}");
            var commands = run.Json["try"]!.AsArray().Select(c => (string)c!).ToList();
            Assert.InRange(commands.Count, 2, 3);
            foreach (var command in commands) Runs(command, path);
            var methods = run.Json["can"]!.AsArray().Where(a => (string)a!["what"]! == "saliency").SelectMany(a => a!["methods"]!.AsArray().Select(m => (string)m!));
            Assert.Equal(SaliencyMethod.All.Select(m => m.Word).Order(), methods.Order());
        }
    }

    [Fact]
    public void An_operator_without_a_gradient_is_named_and_what_needs_none_works()
    {
        var forged = Forgery.Model(
            Forgery.Node("Conv", ["x", "w"], ["a"], Forgery.Ints("kernel_shape", 3, 3)), Forgery.Node("Relu", ["a"], ["b"]), Forgery.Node("Det", ["b"], ["c"]), Forgery.Node("Identity", ["c"], ["y"]));
        forged.Graph.Initializer.Add(Forgery.Tensor("w", 4, 3, 3, 3));
        forged.Graph.Output[0] = Forgery.Info("y", 1, 4);
        var json = CliRun.Of("doctor", _folder.Write("m.onnx", forged.ToByteArray()), "--json").Json;
        Assert.Equal(["Det"], json["no_gradient"]!.AsArray().Select(o => (string)o!));
        Assert.Equal(4, (int)json["classes"]!["count"]!);
        Assert.True(MethodWorks(json, "occlusion") && MethodWorks(json, "eigen-cam") && !MethodWorks(json, "gradient") && !MethodWorks(json, "grad-cam"));
        Assert.True(Works(json, "maximize"), "the layer before it has a gradient");
        foreach (var command in json["try"]!.AsArray()) Runs((string)command!, "Det");

        var failed = CliRun.Of("saliency", "-m", _folder["m.onnx"], "-i", "chelsea.png", "-o", _folder["x.png"]);
        Assert.Equal(3, failed.Exit);
        Assert.EndsWith($"`onnxviz doctor {_folder["m.onnx"]}` says more.", failed.Error.TrimEnd());
    }

    [Fact]
    public void A_second_input_is_told_of_and_once_it_is_fed_there_are_classes()
    {
        var forged = Forgery.Model(
            Forgery.Node("Relu", ["x"], ["a"]), Forgery.Node("ReduceMean", ["a"], ["m"], Forgery.Ints("axes", 2, 3), Forgery.Int("keepdims", 0)), Forgery.Node("Concat", ["m", "age"], ["c"], Forgery.Int("axis", 1)),
            Forgery.Node("MatMul", ["c", "w"], ["y"]));
        forged.Graph.Initializer.Add(Forgery.Tensor("w", 4, 4));
        forged.Graph.Input.Add(Forgery.Info("age", 1, 1));
        forged.Graph.Output[0] = Forgery.Info("y", 1, 4);
        var model = _folder.Write("m.onnx", forged.ToByteArray());
        var without = CliRun.Of("doctor", model, "--json").Json;
        Assert.Equal(("age", false), ((string)without["other_inputs"]![0]!["name"]!, (bool)without["other_inputs"]![0]!["fed"]!));
        Assert.Null(without["classes"]);
        Assert.True(Works(without, "maximize"));

        _folder.Write("age.npy", OnnxViz.Onnx.NpyFile.Encode([3f], 1, 1));
        var with = CliRun.Of("doctor", model, "--input", $"age={_folder["age.npy"]}", "--json").Json;
        Assert.Equal(4, (int)with["classes"]!["count"]!);
        foreach (var command in with["try"]!.AsArray()) Runs((string)command!, "age");
    }

    [Fact]
    public void A_file_without_an_input_that_could_be_a_picture_is_told_of()
    {
        var forged = Forgery.Model(Forgery.Node("Relu", ["x"], ["y"]));
        forged.Graph.Input[0] = Forgery.Info("x", 1, 2, 3, 4, 5, 6);
        var model = _folder.Write("m.onnx", forged.ToByteArray());
        var text = CliRun.Text("doctor", model);
        Assert.Contains("x: float [1,2,3,4,5,6]", text);
        Assert.Contains("Nothing can be asked of it: ", text);
        Assert.Equal([], CliRun.Of("doctor", model, "--json").Json["can"]!.AsArray());
        Assert.EndsWith($"`onnxviz doctor {model}` says more.", CliRun.Of("summary", model).Error.TrimEnd());
    }

    [Fact]
    public void A_broken_file_is_refused()
    {
        var run = CliRun.Of("doctor", _folder.Write("m.onnx", [1, 2, 3, 250, 251]));
        Assert.Equal((3, ""), (run.Exit, run.Out));
        Assert.DoesNotContain("says more", run.Error);
        Assert.Equal(3, CliRun.Of("doctor", _folder["missing.onnx"]).Exit);
        Assert.Equal(2, CliRun.Of("doctor", "--input", "a=b.npy").Exit);
    }

    private static bool Works(System.Text.Json.Nodes.JsonObject json, string what) =>
        json["can"]!.AsArray().Any(a => (string)a!["what"]! == what && (bool)a["works"]!);

    private static bool MethodWorks(System.Text.Json.Nodes.JsonObject json, string method) =>
        json["can"]!.AsArray().Single(a => a!["methods"]?.AsArray().Any(m => (string)m! == method) == true)!["works"]!.GetValue<bool>();

    /// <summary>As it was typed, but for where the picture goes and how many steps are taken.</summary>
    private void Runs(string command, string of)
    {
        var words = command.Split(' ').Skip(1).ToList();
        if (words.IndexOf("-o") is > 0 and var at) words[at + 1] = _folder[words[at + 1]];
        if (words[0] == "maximize") words.AddRange(["--steps", "2"]);
        var run = CliRun.Of([.. words]);
        Assert.True(run.Exit == 0, $"{of}: {command}: {run.Error}");
    }
}
