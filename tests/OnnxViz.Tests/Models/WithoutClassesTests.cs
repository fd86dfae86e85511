using System.Text.Json.Nodes;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Models;
using OnnxViz.Onnx;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Models;

/// <summary>Which networks answer with classes, and what is said of those that do not.</summary>
public sealed class WithoutClassesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Conv3", 5, true)]
    [InlineData("Conv3", 64, false)]
    [InlineData("Conv3 Resize", 5, true)]
    [InlineData("Conv3 GlobalAveragePool", 10, true)]
    [InlineData("Conv3 Relu", 5, false)]
    [InlineData("Conv3 Relu MaxPool", 5, false)]
    [InlineData("Conv3 Relu GlobalAveragePool Flatten", 10, false)]
    [InlineData("Conv1 Relu GlobalAveragePool Flatten", 10, true)]
    [InlineData("Conv1 Relu GlobalAveragePool Flatten", 1000, true)]
    [InlineData("Conv1 Relu GlobalAveragePool Flatten", 32, false)]
    [InlineData("Conv1 Clip GlobalAveragePool Flatten", 10, false)]
    [InlineData("Conv3 Relu GlobalAveragePool Flatten Softmax", 10, true)]
    [InlineData("Conv3 Sigmoid", 3, true)]
    [InlineData("Conv3 Sigmoid Clip", 3, true)]
    [InlineData("Conv3 Gate GlobalAveragePool", 10, false)]
    [InlineData("Conv3 Residual GlobalAveragePool Flatten", 10, false)]
    [InlineData("Flatten Gemm", 10, true)]
    [InlineData("Flatten Gemm", 512, true)]
    [InlineData("Flatten Gemm Add", 10, true)]
    [InlineData("Flatten Gemm Relu", 10, true)]
    [InlineData("Flatten Gemm Relu", 64, false)]
    [InlineData("Flatten Gemm LpNormalization", 64, false)]
    public void What_makes_the_numbers_makes_classes_or_features(string chain, int units, bool hasClasses)
    {
        using var model = Load(chain, units);
        Assert.Equal(hasClasses, model.HasClasses);
        Assert.Equal(hasClasses, model.NameOfClass(2) == "class 2");
        Assert.EndsWith(" 2", model.NameOfClass(2), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_make_classes_of_features()
    {
        Load("Conv3 Relu GlobalAveragePool Flatten", 3).Dispose();
        var labels = _folder.Write("names.txt", "cat\ndog\nrocket\n"u8.ToArray());
        var run = CliRun.Of("predict", "-m", _folder["m.onnx"], "-i", "chelsea.png", "--device", "cpu", "--json", "--labels-file", labels);
        Assert.True(run.Exit == 0, run.Error);
        Assert.True((bool)run.Json["has_classes"]!);
        Assert.Equal(["cat", "dog", "rocket"], run.Json["pictures"]![0]!["classes"]!.AsArray().Select(c => (string)c!["name"]!).Order());

        File.WriteAllText(labels, "cat\ndog\n");
        var wrong = CliRun.Of("predict", "-m", _folder["m.onnx"], "-i", "chelsea.png", "--labels-file", labels);
        Assert.Equal(3, wrong.Exit);
        Assert.Contains("2 names", wrong.Error);
    }

    [Fact]
    public void Predict_lists_units_without_probabilities()
    {
        var run = CliRun.Of("predict", "-m", "vgg16-body", "-i", "chelsea.png", "--device", "cpu");
        Assert.Equal(0, run.Exit);
        Assert.Contains("pool5 286", run.Out);
        Assert.DoesNotContain("probability", run.Out);
        Assert.DoesNotContain("class", run.Out);
        Assert.Contains("vgg16-body has no classes", run.Error);
        Assert.Contains("--layer pool5 --unit N", run.Error);

        var json = JsonNode.Parse(CliRun.Text("predict", "-m", "vgg16-body", "-i", "chelsea.png", "--device", "cpu", "--json"))!;
        Assert.False((bool)json["has_classes"]!);
        Assert.Equal("none", (string)json["probability_kind"]!);
        var first = json["pictures"]![0]!["classes"]![0]!;
        Assert.Equal(("pool5 286", 286), ((string)first["name"]!, (int)first["id"]!));
        Assert.Null(first["probability"]);
    }

    [Theory]
    [InlineData("saliency")]
    [InlineData("segment")]
    public void What_is_explained_is_called_a_unit(string verb)
    {
        var run = CliRun.Of(verb, "-m", "vgg16-body", "-i", "chelsea.png", "--device", "cpu", "-o", _folder[$"{verb}.png"]);
        Assert.True(run.Exit == 0, run.Error);
        Assert.Contains("pool5 286", run.Out);
        Assert.Contains("vgg16-body has no classes", run.Error);
    }

    [Theory]
    [InlineData("saliency", "-i", "chelsea.png")]
    [InlineData("segment", "-i", "chelsea.png")]
    [InlineData("maximize")]
    public void A_name_is_refused_with_what_can_be_done_instead(string verb, params string[] more)
    {
        var run = CliRun.Of([verb, "-m", "vgg16-body", "--class", "cat", "--quiet", .. more]);
        Assert.Equal((3, 1), (run.Exit, run.Error.Count(c => c == '\n')));
        Assert.Contains("has no classes", run.Error);
        Assert.Contains("--layer pool5 --unit N", run.Error);
    }

    [Fact]
    public void A_number_is_a_unit()
    {
        var run = CliRun.Of("saliency", "-m", "vgg16-body", "-i", "chelsea.png", "--class", "3", "--device", "cpu", "-o", _folder["unit.png"]);
        Assert.True(run.Exit == 0, run.Error);
        Assert.Contains("pool5 3", run.Out);
    }

    /// <summary>A picture [1, 3, 8, 8] through the operators of the chain.</summary>
    private VisionModel Load(string chain, int units)
    {
        var b = new GraphBuilder("m");
        var value = b.Input("image", ElementType.Float, 1, 3, 8, 8);
        foreach (var op in chain.Split(' ')) value = Next(b, value, op, units);
        b.Output("answer", value);
        OnnxFile.Save(b.Build(), _folder["m.onnx"]);
        return VisionModel.Load(_folder["m.onnx"], ModelCatalog.Open());
    }

    private static Value Next(GraphBuilder b, Value x, string op, int units)
    {
        return op switch
        {
            "Conv3" => Node("Conv", [x, Weight(units, 3, 3, 3)], ("pads", new long[] { 1, 1, 1, 1 })),
            "Conv1" => Node("Conv", [x, Weight(units, 3, 1, 1)]),
            "Gemm" => Node("Gemm", [x, Weight(3 * 64, units)]),
            "Add" => Node("Add", [x, Weight(1, units)]),
            "Gate" => Node("Mul", [x, Node("Sigmoid", [x])]),
            "Residual" => Node("Relu", [Node("Add", [x, Node("Relu", [x])])]),
            "Clip" => Node("Clip", [x, b.Constant(Tensor.Of([0f], [])), b.Constant(Tensor.Of([6f], []))]),
            "MaxPool" => Node("MaxPool", [x], ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 })),
            "Resize" => Node("Resize", [x, null, b.Constant(Tensor.Of([1f, 1f, 2f, 2f], 4))]),
            "Softmax" or "LpNormalization" => Node(op, [x], ("axis", 1L)),
            _ => Node(op, [x]),
        };

        Value Node(string type, Value?[] inputs, params (string Name, object Value)[] attributes) =>
            b.Node(type, inputs, attributes.ToDictionary(a => a.Name, a => a.Value))[0];

        Value Weight(params long[] dims) => b.Constant(Tensor.Of([.. Enumerable.Range(0, (int)Shapes.Count(dims)).Select(i => MathF.Sin(i))], dims));
    }
}
