using Google.Protobuf;
using OnnxViz.Graphs;
using OnnxViz.Onnx;
using OnnxViz.Onnx.Proto;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Onnx;

/// <summary>What no rule has to ask any more: inputs, outputs and attributes are as many, and of the kind, as the standard says.</summary>
public sealed class OperatorFormsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_operator_of_the_standard_has_a_form() =>
        Assert.Equal(OperatorTraits.All.Select(o => o.Name).Where(n => !n.Contains('.')).Order(), OperatorForms.Operators.Intersect(OperatorTraits.All.Select(o => o.Name)).Order());

    [Theory]
    [InlineData("Add", 1, 1, "has no input 1")]
    [InlineData("Add", 3, 1, "has 3 inputs; it must have 2")]
    [InlineData("Concat", 0, 1, "has no input 0")]
    [InlineData("Shape", 2, 1, "has 2 inputs; it must have 1")]
    [InlineData("Relu", 1, 2, "has 2 outputs; it must have 1")]
    [InlineData("DynamicQuantizeLinear", 1, 1, "has 1 outputs; it must have 3")]
    [InlineData("TopK", 2, 1, "has 1 outputs; it must have 2")]
    [InlineData("BatchNormalization", 4, 1, "has no input 4")]
    [InlineData("Clip", 4, 1, "has 4 inputs; it must have 1 to 3")]
    public void Inputs_and_outputs_are_counted(string op, int inputs, int outputs, string reason) => AssertRefused(
        Forgery.Model(Forgery.Node(op, [.. Enumerable.Repeat("x", inputs)], [.. Enumerable.Range(0, outputs).Select(i => i == 0 ? "y" : $"y{i}")])), reason);

    [Fact]
    public void Attributes_are_of_their_kind()
    {
        AssertRefused(Forgery.Model(Forgery.Node("Concat", ["x"], ["y"], Forgery.Ints("axis", 1))), "Attribute 'axis' of Concat node 'concat' is of the wrong kind");
        AssertRefused(Forgery.Model(Forgery.Node("LeakyRelu", ["x"], ["y"], Forgery.Int("alpha", 1))), "Attribute 'alpha' of LeakyRelu node 'leakyrelu' is of the wrong kind");
    }

    [Fact]
    public void Outputs_that_are_left_out_are_there_where_the_operator_always_has_them()
    {
        var k = new TensorProto { Name = "k", DataType = (int)ElementType.Int64, Dims = { 1 }, Int64Data = { 1 } };
        var model = Forgery.Model(Forgery.Node("TopK", ["x", "k"], ["y", ""]));
        model.Graph.Initializer.Add(k);
        Assert.Equal(2, Load(model).Nodes.Single().Outputs.Length);
    }

    [Fact]
    public void Sizes_that_no_tensor_has()
    {
        var model = Forgery.Model(Forgery.Node("Relu", ["x"], ["y"]));
        foreach (var side in new[] { 20_000L, int.MaxValue, (1L << 32) + 16, long.MaxValue })
        {
            model.Graph.Input[0] = Forgery.Info("x", 1, 3, side, 20_000);
            AssertRefused(model, "Its input 'x' is [1,3,", "more than the 67 million numbers");
        }

        model.Graph.Input[0] = Forgery.Info("x", [.. Enumerable.Repeat(1L, 65)]);
        AssertRefused(model, "'x' is declared with 65 dimensions");
        AssertRefused(Forgery.Adding(Forgery.Tensor("w", [.. Enumerable.Repeat(1L, 65)])), "it has 65 dimensions");
        AssertRefused(Forgery.Model(Forgery.Node("Relu", ["x"], [new string('y', 10_001)])), "is a name of 10001 characters");
    }

    private Graph Load(ModelProto model) => OnnxFile.Load(_folder.Write("m.onnx", model.ToByteArray())).Graph;

    private void AssertRefused(ModelProto model, params string[] reasons)
    {
        var refused = Assert.Throws<OnnxVizException>(() => Load(model));
        Assert.Equal(Fault.Input, refused.Fault);
        Assert.All(reasons, reason => Assert.Contains(reason, refused.Message));
    }
}
