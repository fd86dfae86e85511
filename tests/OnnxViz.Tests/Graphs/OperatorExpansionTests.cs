using System.Reflection;
using OnnxViz.Autodiff.Rules;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Graphs.Opsets;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Graphs;

/// <summary>What stands for one fused node: operators with their attributes, in order; constants of the last one.</summary>
public class OperatorExpansionTests
{
    [Theory]
    [InlineData("FusedConv", "[1,3,8,8] [4,3,3,3] [4]", "activation=Relu group=1", "Conv(3) group=1; Relu(1)")]
    [InlineData("FusedConv", "[1,3,8,8] [4,3,3,3] [4] [1,4,6,6]", "activation=Relu", "Conv(3); Add(2); Relu(1)")]
    [InlineData("FusedConv", "[1,3,8,8] [4,3,3,3] - [1,4,6,6]", "", "Conv(2); Add(2)")]
    [InlineData("FusedConv", "[1,3,8,8] [4,3,3,3]", "pads=[1,1,1,1]", "Conv(2) pads=[1,1,1,1]")]
    [InlineData("FusedConv", "[1,3,8,8] [4,3,3,3]", "activation=LeakyRelu activation_params=[0.25]", "Conv(2); LeakyRelu(1) alpha=0.25")]
    [InlineData("FusedConv", "[1,3,8,8] [4,3,3,3]", "activation=HardSigmoid activation_params=[0.25,0.5]", "Conv(2); HardSigmoid(1) alpha=0.25 beta=0.5")]
    [InlineData("FusedConv", "[1,3,8,8] [4,3,3,3]", "activation=Tanh", "Conv(2); Tanh(1)")]
    [InlineData("FusedConv", "[1,3,8,8] [4,3,3,3]", "activation=Sigmoid", "Conv(2); Sigmoid(1)")]
    [InlineData("FusedConv", "[1,3,8,8] [4,3,3,3]", "activation=Clip activation_params=[0.0,6.0]", "Conv(2); Clip(f32=0,f32=6)")]
    [InlineData("FusedConv", "[1,3,8,8] [4,3,3,3]", "activation=Clip activation_params=[0.0,6.0]", "Conv(2); Clip(1) min=0 max=6", 10)]
    [InlineData("FusedGemm", "[2,3] [4,3] [4]", "transB=1 activation=LeakyRelu activation_alpha=0.5", "Gemm(3) transB=1; LeakyRelu(1) alpha=0.5")]
    [InlineData("FusedGemm", "[2,3] [3,4]", "activation=Relu", "Gemm(2); Relu(1)")]
    [InlineData("QLinearAveragePool", "[1,3,8,8] f32=1 u8=0 f32=2 u8=0", "kernel_shape=[2,2] channels_last=0",
        "DequantizeLinear(f32=1,u8=0) axis=1; AveragePool(1) kernel_shape=[2,2]; QuantizeLinear(f32=2,u8=0)")]
    [InlineData("QLinearMul", "[2] f32=1 u8=0 [2] f32=3 u8=4 f32=2 u8=0", "",
        "DequantizeLinear(f32=1,u8=0) axis=1; DequantizeLinear(f32=3,u8=4) axis=1; Mul(2); QuantizeLinear(f32=2,u8=0)")]
    [InlineData("QGemm", "[1,2] f32=0.5 u8=0 [2,3] f32=0.25 u8=0", "alpha=1.0", "DequantizeLinear(f32=0.5,u8=0) axis=1; DequantizeLinear(f32=0.25,u8=0) axis=1; Gemm(2) alpha=1")]
    [InlineData("QLinearConv", "[1,1,4,4] f32=1 u8=0 [1,1,3,3] f32[1]=3 u8[1]=0 f32=2 u8=0 i32[1]=9", "strides=[2,2]",
        "Mul(f32=1,f32[1]=3); DequantizeLinear(i32[1]=9) axis=0; DequantizeLinear(f32=1,u8=0) axis=1; DequantizeLinear(f32[1]=3,u8[1]=0) axis=0; Conv(3) strides=[2,2]; QuantizeLinear(f32=2,u8=0)")]
    [InlineData("QLinearAdd", "[2] f32=1 - [2] f32=3 - f32=2", "",
        "DequantizeLinear(f32=1) axis=1; DequantizeLinear(f32=3) axis=1; Add(2); QuantizeLinear(f32=2)")]
    [InlineData("QLinearConcat", "f32=2 u8=0 [1,2] f32=1 u8=0 [1,3] f32=3 u8=0", "axis=1",
        "DequantizeLinear(f32=1,u8=0) axis=1; DequantizeLinear(f32=3,u8=0) axis=1; Concat(2) axis=1; QuantizeLinear(f32=2,u8=0)")]
    [InlineData("QLinearGlobalAveragePool", "[1,2,3,3] f32=1 u8=0 f32=2 u8=0", "channels_last=0",
        "DequantizeLinear(f32=1,u8=0) axis=1; GlobalAveragePool(1); QuantizeLinear(f32=2,u8=0)")]
    [InlineData("QLinearLeakyRelu", "[2] f32=1 u8=0 f32=2 u8=0", "alpha=0.5", "DequantizeLinear(f32=1,u8=0) axis=1; LeakyRelu(1) alpha=0.5; QuantizeLinear(f32=2,u8=0)")]
    [InlineData("QLinearSigmoid", "[2] f32=1 u8=0 f32=2 u8=0", "", "DequantizeLinear(f32=1,u8=0) axis=1; Sigmoid(1); QuantizeLinear(f32=2,u8=0)")]
    [InlineData("QLinearSoftmax", "[1,2] f32=1 u8=0 f32=2 u8=0", "axis=1 opset=13", "DequantizeLinear(f32=1,u8=0) axis=1; Softmax(1) axis=1; QuantizeLinear(f32=2,u8=0)")]
    [InlineData("QuantizeLinear", "[2] f32=1 u16=0", "", "QuantizeLinear(f32=1,u16=0)")]
    [InlineData("DequantizeLinear", "[2] f32=1 u16=0", "axis=0", "DequantizeLinear(f32=1,u16=0) axis=0")]
    public void Of_ONNX_Runtime(string op, string inputs, string attributes, string expected, int opset = 17) =>
        Check(op, inputs, attributes, expected, opset, "com.microsoft");

    [Theory]
    [InlineData("QLinearConv", "[1,1,4,4] f32=1 u8=0 [1,1,3,3] f32[1]=3 u8[1]=0 f32=2 u8=0", "strides=[2,2]",
        "DequantizeLinear(f32=1,u8=0) axis=1; DequantizeLinear(f32[1]=3,u8[1]=0) axis=0; Conv(2) strides=[2,2]; QuantizeLinear(f32=2,u8=0)")]
    [InlineData("QLinearMatMul", "[2,2] f32=1 u8=0 [2,2] f32=3 u8=4 f32=2 u8=0", "",
        "DequantizeLinear(f32=1,u8=0) axis=1; DequantizeLinear(f32=3,u8=4) axis=1; MatMul(2); QuantizeLinear(f32=2,u8=0)")]
    [InlineData("ConvInteger", "[1,1,4,4] [1,1,3,3] u8=3", "pads=[1,1,1,1]",
        "DequantizeLinear(f32=1,u8=3) axis=1; DequantizeLinear(f32=1) axis=0; Conv(2) pads=[1,1,1,1]")]
    [InlineData("MatMulInteger", "[2,2] [2,2] u8=3 u8[2]=1,2", "", "DequantizeLinear(f32=1,u8=3) axis=1; DequantizeLinear(f32=1,u8[2]=1,2) axis=1; MatMul(2)")]
    [InlineData("DynamicQuantizeLinear", "[4]", "",
        "ReduceMin(1) keepdims=0; Min(f32=0); ReduceMax(1) keepdims=0; Max(f32=0); Sub(2); Div(f32=255); Div(2); Neg(1); Round(1); Cast(1) to=2; QuantizeLinear(3)", 3)]
    public void Standard(string op, string inputs, string attributes, string expected, int outputs = 1) =>
        Check(op, inputs, attributes, expected, 17, "", outputs);

    [Fact]
    public void Every_operator_has_a_row()
    {
        var rows = typeof(OperatorExpansionTests).GetMethods()
            .SelectMany(m => m.GetCustomAttributes<InlineDataAttribute>().SelectMany(a => a.GetData(m)).Select(row => (m.Name == "Standard" ? "" : "com.microsoft", (string)row[0])))
            .ToHashSet();
        Assert.Empty(OperatorExpansion.Operators.Except(rows));
    }

    private static void Check(string op, string inputs, string attributes, string expected, int opset, string domain, int outputs = 1)
    {
        var graph = Apply(op, inputs, attributes, opset, domain, outputs);
        Assert.Equal(expected, string.Join("; ", graph.Nodes.Select(Text)));
        Assert.All(graph.Nodes, n => Assert.Empty(n.Domain));
        Assert.Equal(graph.Nodes.Count, graph.Nodes.Select(n => n.Name).Distinct().Count());
        Assert.Same(graph.Nodes[^1], graph.Outputs[0].Producer);
        Assert.Contains(graph.Nodes, n => n.Name == "node");
    }

    [Theory]
    [InlineData("FusedConv", "[1,3,8,8] [4,3,3,3]", "activation=Mystery", "has the activation 'Mystery'")]
    [InlineData("QLinearGlobalAveragePool", "[1,8,8,3] f32=1 u8=0 f32=2 u8=0", "channels_last=1", "has channels_last=1")]
    public void What_is_not_known_is_named(string op, string inputs, string attributes, string reason)
    {
        var error = Assert.Throws<OnnxVizException>(() => Apply(op, inputs, attributes, 17, "com.microsoft", 1));
        Assert.Contains($"com.microsoft.{op} node 'node'", error.Message);
        Assert.Contains(reason, error.Message);
    }

    private static Graph Apply(string op, string inputs, string attributes, int opset, string domain, int outputs)
    {
        var text = TextNode.Parse(op, inputs, attributes, outputs);
        var node = new Node(op, text.Name, text.Inputs, text.Outputs, text.Attributes, domain);
        var graph = new Graph { Opset = opset, Inputs = [.. node.Inputs.OfType<Value>()], Nodes = [node], Outputs = [node.Outputs[0]] };
        OperatorExpansion.Apply(graph);
        return graph;
    }

    /// <summary>Inputs by their number, or the constants where there are some.</summary>
    private static string Text(Node node)
    {
        var constants = node.Inputs.OfType<Value>().Where(x => x.Constant is not null).Select(x => TextNode.Text(x.Constant!)).ToList();
        var attributes = node.Attributes.Select(a => $" {a.Key}={(a.Value is long[] longs ? $"[{string.Join(',', longs)}]" : a.Value)}");
        return $"{node.OpType}({(constants.Count > 0 ? string.Join(',', constants) : node.Inputs.Count(x => x is not null))}){string.Concat(attributes)}";
    }
}
