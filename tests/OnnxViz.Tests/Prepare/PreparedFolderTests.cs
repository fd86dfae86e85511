using System.Text.Json.Nodes;
using OnnxViz.Autodiff;
using OnnxViz.Graphs.Emit;
using OnnxViz.Models;
using OnnxViz.Onnx;
using OnnxViz.Prepare;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Prepare;

/// <summary>What is in the folder, and which folders are refused.</summary>
public sealed class PreparedFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static string Cat => Repository.Carried("images/chelsea.png");

    private string Model => _folder["small.onnx"];

    private string Dir => _folder["prepared"];

    public PreparedFolderTests() => SmallClassifier.Save(Model);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Holds_one_graph_for_each_layer_and_rule_over_one_file_of_weights()
    {
        Prepare("--layers", "first,sum", "--rules", "default,guided,deconv");
        string[] graphs = [.. from layer in new[] { "first", "sum" } from rule in new[] { "deconv", "default", "guided" } select $"gradient.{layer}.{rule}.onnx"];
        Assert.Equal(["forward.onnx", .. graphs, "model.json", "weights.bin"], Files());
        foreach (var file in graphs.Append("forward.onnx"))
        {
            var model = OnnxFile.Load(_folder[$"prepared/{file}"]);
            Assert.InRange(model.Graph.Opset, 18, 20);
            Assert.InRange(model.IrVersion, 8, 9);
            Assert.All(model.Graph.Nodes, n => Assert.Empty(n.Domain));
            Assert.Equal(-1, model.Graph.Inputs[0].Dims![3]);
            if (file == "forward.onnx") continue;
            Assert.Equal(["image", "seed"], model.Graph.Inputs.Select(i => i.Name));
            Assert.Equal(["activation", "gradient"], model.Graph.Outputs.Select(o => o.Name));
            Assert.Equal(model.Graph.Outputs[0].Dims, model.Graph.Inputs[1].Dims);
        }

        // The weights of the convolutions and the taps of the pool, none of them twice.
        var large = OnnxFile.Load(Model).Graph.Values().Where(v => v.Constant?.ByteLength >= 1024).Sum(v => v.Constant!.ByteLength);
        Assert.InRange(new FileInfo(_folder["prepared/weights.bin"]).Length, large, large + (8 * 9 * 9 * 4) + (4 * 4096));
    }

    [Fact]
    public void Forward_graph_delivers_every_layer_by_its_name()
    {
        Prepare();
        var index = PreparedIndex.Load(Dir);
        var forward = OnnxFile.Load(_folder["prepared/forward.onnx"]).Graph;
        Assert.Equal(index.Outputs.Concat(index.Layers.Select(l => l.Output)).Distinct(), forward.Outputs.Select(o => o.Name));
        Assert.Equal(["first_conv", "first", "pool", "second_conv", "second", "third_conv"], index.Layers.Take(6).Select(l => l.Output));
        Assert.Equal("scores", Assert.Single(index.Outputs));
        Assert.Equal(Named(CliRun.Of("summary", Model, "--json").Json), Named(CliRun.Of("summary", Dir, "--json").Json));

        static IEnumerable<string> Named(JsonObject summary) => summary["layers"]!.AsArray().Select(l => $"{l!["name"]} {l["node"]} {l["tensor"]} {l["params"]}");
    }

    [Fact]
    public void Conventions_and_labels_are_those_of_the_model()
    {
        CliRun.Text("prepare", "efficientnet-lite0", "-o", Dir);
        var (index, catalog) = (PreparedIndex.Load(Dir), OnnxViz.Models.ModelCatalog.Open());
        Assert.Equivalent(catalog.ByName("efficientnet-lite0")!.Conventions, index.Preprocessing.ToConventions());
        Assert.Equal(1000, index.Labels!.Count);
        Assert.Equal("classifier", Assert.Single(index.Gradients).Layer);
        Assert.Contains("tiger cat", CliRun.Text("predict", "-m", Dir, "-i", Cat));
    }

    [SkippableFact]
    public void No_file_is_held_open_when_the_folder_is_moved_into_its_place()
    {
        Skip.IfNot(OpenHandles.AreListed, "Only Linux lists what a process holds open.");
        using (var model = VisionModel.Load(Model, ModelCatalog.Open()))
        {
            Preparation.Run(model, new PreparationOptions([model.Layers.Find("first")], [GradientRules.Default]), Dir);
            Assert.Empty(OpenHandles.Below(Dir));
            using var prepared = model.WithPrepared(Dir);
            Assert.NotNull(prepared.Prepared!.Gradient(model.Layers.Find("first").Name, "default"));
            Assert.NotEmpty(OpenHandles.Below(Dir));
        }

        Assert.Empty(OpenHandles.Below(_folder.Path));
        File.WriteAllBytes(_folder["cut.onnx"], File.ReadAllBytes(Model)[..^20]);
        Assert.Throws<OnnxVizException>(() => VisionModel.Load(_folder["cut.onnx"], ModelCatalog.Open()));
        Assert.Empty(OpenHandles.Below(_folder.Path));
    }

    [Theory]
    [InlineData("gradient.first.default.onnx")]
    [InlineData("forward.onnx")]
    [InlineData("weights.bin")]
    [InlineData("model.json")]
    public void Damage_is_refused(string file)
    {
        Prepare("--layers", "first");
        var path = _folder[$"prepared/{file}"];
        var bytes = File.ReadAllBytes(path);
        byte[] flipped = [.. bytes];
        flipped[bytes.Length / 2] ^= file == "model.json" ? (byte)0x80 : (byte)1;
        foreach (var damaged in new[] { bytes[..(bytes.Length / 2)], flipped, null })
        {
            if (damaged is null) File.Delete(path);
            else File.WriteAllBytes(path, damaged);
            Refused(3, "repare", "saliency", "-m", Dir, "-i", Cat, "--size", "32", "--layer", "first", "--unit", "0");
        }
    }

    [Fact]
    public void Another_model_is_refused()
    {
        Prepare("--layers", "first");
        var other = SmallClassifier.Save(_folder["other.onnx"], seed: 2);
        Refused(3, "another model", "saliency", "-m", other, "--prepared", Dir, "-i", Cat, "--size", "32", "--layer", "first", "--unit", "0");
        Refused(3, "no prepared folder", "saliency", "-m", Model, "--prepared", _folder.Path, "-i", Cat, "--size", "32", "--layer", "first", "--unit", "0");
        Refused(3, "no prepared folder", "saliency", "-m", _folder.Path, "-i", Cat, "--size", "32", "--layer", "first", "--unit", "0");
    }

    [Theory]
    [InlineData("program", "\"onnxviz 0.0.1\"")]
    [InlineData("format", "2")]
    public void Another_version_is_refused(string entry, string value)
    {
        Prepare("--layers", "first");
        var json = JsonNode.Parse(File.ReadAllText(_folder["prepared/model.json"]))!;
        json[entry] = JsonNode.Parse(value);
        File.WriteAllText(_folder["prepared/model.json"], json.ToJsonString());
        Refused(3, "prepare it again", "predict", "-m", Dir, "-i", Cat, "--size", "32");
    }

    [Fact]
    public void Folder_of_others_is_left_alone()
    {
        _folder.Write("prepared/notes.txt", [1]);
        Refused(2, "notes.txt", "prepare", Model, "-o", Dir);
        _folder.Write("prepared/model.json", "{}"u8.ToArray());
        Refused(2, "'format' is missing", "prepare", Model, "-o", Dir);
        Assert.Equal(["model.json", "notes.txt"], Files());
        File.Delete(_folder["prepared/notes.txt"]);
        _folder.Write("file", [1]);
        Refused(2, "is a file", "prepare", Model, "-o", _folder["file"]);
        Refused(1, "cannot be written", "prepare", Model, "-o", _folder["file/below"]);
        OnlyKnownEntriesAreThere();
    }

    [Fact]
    public void Prepared_folder_is_replaced()
    {
        Directory.CreateDirectory(Dir);
        Prepare("--layers", "first", "--rules", "default,guided");
        Prepare("--layers", "sum");
        Assert.Equal(["forward.onnx", "gradient.sum.default.onnx", "model.json", "weights.bin"], Files());
        OnlyKnownEntriesAreThere();
    }

    [Fact]
    public void Failure_and_interruption_leave_what_was_there()
    {
        Prepare("--layers", "first");
        var before = File.ReadAllBytes(_folder["prepared/model.json"]);
        Refused(3, "No layer 'frist'", "prepare", Model, "-o", Dir, "--layers", "frist");
        Assert.Equal(130, CliRun.Of(new CancellationToken(canceled: true), "prepare", Model, "-o", Dir, "--layers", "sum").Exit);
        Assert.Equal(before, File.ReadAllBytes(_folder["prepared/model.json"]));
        OnlyKnownEntriesAreThere();
    }

    [Fact]
    public void Twice_the_same_is_the_same_byte_for_byte()
    {
        Prepare("--layers", "all");
        var first = Files().ToDictionary(f => f, f => File.ReadAllBytes(_folder[$"prepared/{f}"]));
        Prepare("--layers", "all");
        Assert.Equal(first, Files().ToDictionary(f => f, f => File.ReadAllBytes(_folder[$"prepared/{f}"])));
    }

    private void Prepare(params string[] args) => CliRun.Text(["prepare", Model, "-o", Dir, .. args]);

    private string[] Files() => [.. Directory.GetFileSystemEntries(Dir).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    private void OnlyKnownEntriesAreThere() =>
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path).Select(f => Path.GetFileName(f)).Except(["small.onnx", "prepared", "file"]));

    private static void Refused(int exit, string says, params string[] args)
    {
        var run = CliRun.Of(args);
        Assert.True(run.Exit == exit, $"Exit code {run.Exit} instead of {exit}: {run.Error}");
        Assert.Single(run.Error.TrimEnd().Split('\n'));
        Assert.Contains(says, run.Error);
    }
}
