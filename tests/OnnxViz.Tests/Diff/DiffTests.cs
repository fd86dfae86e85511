using System.Text;
using OnnxViz.Diff;
using OnnxViz.Graphs;
using OnnxViz.Imaging.Files;
using OnnxViz.Models;
using OnnxViz.Onnx;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Diff;

/// <summary>Two versions of a model: what belongs together, how far it is apart, and what is said of it.</summary>
public sealed class DiffTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _model;

    public DiffTests() => _model = SmallClassifier.Save(_folder["net.onnx"], dims: [-1, 3, 24, 24]);

    public void Dispose() => _folder.Dispose();

    private string[] Pictures => ["-i", Repository.Carried("images/chelsea.png"), Repository.Carried("images/rocket.jpg")];

    [Fact]
    public void A_model_does_not_differ_from_itself()
    {
        var run = CliRun.Of(["diff", _model, _model, .. Pictures, "--device", "cpu", "--tolerance", "0", "--json", "-o", _folder["d.png"]]);
        Assert.True(run.Exit == 0, run.Out + run.Error);
        Assert.Equal(["first_conv", "second_conv", "third_conv", "classifier"], run.Json["layers"]!.AsArray().Select(l => l!["layer"]!.GetValue<string>()));
        Assert.All(run.Json["layers"]!.AsArray(), l => Assert.Equal((0.0, true), (l!["change"]!.GetValue<double>(), l["by_name"]!.GetValue<bool>())));
        Assert.Equal(2, run.Json["answers"]!.AsArray().Count);
        Assert.All(run.Json["saliency"]!.AsArray(), s => Assert.Equal(0, s!["moved"]!.GetValue<double>(), 1e-6));
        Assert.Empty(run.Json["units"]!.AsArray());
        Assert.False(File.Exists(_folder["d.png"]));
    }

    /// <summary>One unit of one layer, doubled: it is |a - 2a| / |2a| away, and what lies before it has not changed.</summary>
    [Fact]
    public void A_unit_that_was_changed_is_found()
    {
        var changed = Changed(unit: 2);
        var run = CliRun.Of([
            "diff", _model, changed, .. Pictures, "--device", "cpu", "--json", "--steps", "2", "--units", "12", "--tolerance", "0.01", "-o", _folder["d.png"], "--html", _folder["d.html"], "--junit", _folder["d.xml"]]);
        Assert.True(run.Exit == 4, run.Out + run.Error);
        var layers = run.Json["layers"]!.AsArray().ToDictionary(l => l!["layer"]!.GetValue<string>(), l => l!["change"]!.GetValue<double>());
        Assert.Equal(0, layers["first_conv"]);
        Assert.InRange(layers["second_conv"], 0.01, 0.5);
        var own = run.Json["units"]!.AsArray().Single(u => u!["layer"]!.GetValue<string>() == "second_conv")!;
        Assert.Equal(2, own["unit"]!.GetValue<int>());
        Assert.Equal(0.5, own["change"]!.GetValue<double>(), 1e-5);
        Assert.InRange(ImageFile.Load(_folder["d.png"]).Height, 300, 5000);
        Assert.DoesNotContain("<script", File.ReadAllText(_folder["d.html"]));
        Assert.Contains("second_conv 2: change 0.500", File.ReadAllText(_folder["d.html"]));
        var suite = System.Xml.Linq.XDocument.Load(_folder["d.xml"]).Root!.Element("testsuite")!;
        Assert.Equal("6", (string)suite.Attribute("tests")!);
        Assert.Contains(suite.Elements("testcase"), c => (string)c.Attribute("name")! == "layer second_conv" && c.Element("failure") is not null);
    }

    [Fact]
    public void Layers_without_a_common_name_are_matched_by_their_order()
    {
        // Names of equal lengths, so that the file stays whole.
        var bytes = Encoding.Latin1.GetString(File.ReadAllBytes(_model)).Replace("first_conv", "fresh_conv").Replace("second_conv", "second_fold").Replace("third_conv", "think_conv").Replace("classifier", "final_gemm");
        _folder.Write("renamed.onnx", Encoding.Latin1.GetBytes(bytes));
        var catalog = ModelCatalog.Open(Repository.Carried(""));
        using VisionModel before = VisionModel.Load(_model, catalog), after = VisionModel.Load(_folder["renamed.onnx"], catalog);
        var pairs = LayerPair.Of(before, after, [1, 3, 24, 24], [1, 3, 24, 24]);
        Assert.Equal(["first_conv", "second_conv", "third_conv", "classifier"], pairs.Select(p => p.Before.Name));
        Assert.All(pairs, p => Assert.False(p.IsByName && p.Before.NodeName != "classifier"));
        Assert.Contains(pairs, p => !p.IsByName);
        var run = CliRun.Of(["diff", _model, _folder["renamed.onnx"], .. Pictures, "--device", "cpu"]);
        Assert.True(run.Exit == 0, run.Out + run.Error);
        Assert.Contains("matched by their order", run.Error);
    }

    [Theory]
    [InlineData("abcd", "abcd", "00 11 22 33")]
    [InlineData("abcd", "bd", "10 31")]
    [InlineData("ab", "xaxbx", "01 13")]
    [InlineData("", "a", "")]
    public void The_longest_common_sequence_is_found(string first, string second, string pairs) =>
        Assert.Equal(pairs, string.Join(' ', LayerPair.Common([.. first.Select(c => $"{c}")], [.. second.Select(c => $"{c}")]).Select(p => $"{p.First}{p.Second}")));

    [Fact]
    public void A_map_moves_as_far_as_its_middle_and_as_much_as_does_not_meet()
    {
        Assert.Equal(new MapMove(0, 0), MapMove.Between([0, 1, 2, 1], [0, 2, 4, 2], 2));
        Assert.Equal(new MapMove(1, 5), MapMove.Between(Point(0, 0), Point(3, 4), 8));
        Assert.Equal(new MapMove(0.5, 1), MapMove.Between([1, 0, 1], [0, 0, 1], 3) with { Shift = 1 });
        Assert.Equal(new MapMove(1, 0), MapMove.Between([0, 0], [0, 1], 2));
        Assert.Equal(new MapMove(0, 0), MapMove.Between([0, 0], [0, 0], 2));

        static float[] Point(int x, int y)
        {
            var map = new float[64];
            map[(8 * y) + x] = -3;
            return map;
        }
    }

    [Fact]
    public void What_cannot_be_compared_is_refused_in_one_line()
    {
        var other = LayerlessModel();
        (string[] Args, int Exit)[] cases =
        [
            (["diff"], 2), (["diff", _model], 2), (["diff", "a.png", "b.png"], 2), (["compare", "a.onnx", "b.onnx"], 2), (["diff", _model, _model, "--tolerance", "-1"], 2),
            (["diff", _model, _model, "--method", "no-such"], 2), (["diff", _model, _folder["none.onnx"]], 3), (["diff", _model, _model, "--layer", "no-such"], 3),
            (["diff", _model, other], 3), (["diff", _model, _model, .. Pictures, "--html", _model], 2),
        ];
        foreach (var (args, exit) in cases)
        {
            var run = CliRun.Of(args);
            Assert.True(run.Exit == exit && run.Out.Length == 0, $"{string.Join(' ', args)}: {run.Exit} {run.Out}{run.Error}");
            Assert.Equal(1, run.Error.Count(c => c == '\n'));
        }
    }

    private string LayerlessModel()
    {
        var b = new OnnxViz.Graphs.Emit.GraphBuilder();
        b.Output("y", b.Node("Relu", [b.Input("image", ElementType.Float, 1, 3, 24, 24)])[0]);
        OnnxFile.Save(b.Build(), _folder["relu.onnx"]);
        return _folder["relu.onnx"];
    }

    /// <summary>The weights and the bias of a unit of the second convolution, doubled.</summary>
    private string Changed(int unit)
    {
        var graph = OnnxFile.Load(_model).Graph;
        var node = graph.Nodes.Single(n => n.Name == "second_conv");
        foreach (var input in node.Inputs.Skip(1))
        {
            var floats = input!.Constant!.ToFloats().ToArray();
            var size = floats.Length / 16;
            for (var i = unit * size; i < (unit + 1) * size; i++) floats[i] *= 2;
            input.Constant = Tensor.Of(floats, input.Constant!.Dims);
        }

        OnnxFile.Save(graph, _folder["changed.onnx"]);
        return _folder["changed.onnx"];
    }
}
