using System.Reflection;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Graphs.Opsets;
using OnnxViz.Runtime;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Graphs;

/// <summary>
/// One node of an older or newer opset, inlined into a builder of opset 18 (or another), and what stands for it:
/// operators, inputs of the last one as far as they are constant, its attributes, the shape.
/// </summary>
public class OpsetConversionTests
{
    [Theory]
    [InlineData(8, "BatchNormalization", "[1,2,4] f32[2]=1,1 f32[2]=0,0 f32[2]=0,0 f32[2]=1,1", "epsilon=0.1 spatial=1",
        "BatchNormalization(x,f32[2]=1,1,f32[2]=0,0,f32[2]=0,0,f32[2]=1,1) epsilon=0.1", "f32[1,2,4]")]
    [InlineData(7, "Clip", "[2]", "min=0.0 max=6.0", "Clip(x,f32=0,f32=6)", "f32[2]")]
    [InlineData(10, "Clip", "f16[2]", "min=0.5", "Clip(x,f16=0.5)", "f16[2]")]
    [InlineData(11, "Clip", "[2] f32=0 f32=6", "", "Clip(x,f32=0,f32=6)", "f32[2]")]
    [InlineData(18, "Pad", "[2,3,4] i64[2]=1,2 f32=0.5 i64[1]=-2", "mode=constant", "Pad(x,i64[6]=0,1,0,0,2,0,f32=0.5) mode=constant", "f32[2,6,4]")]
    [InlineData(10, "Dropout", "[2]", "ratio=0.25", "Identity(x)", "f32[2]")]
    [InlineData(13, "Dropout", "[2] f32=0.5 bool=1", "", "Identity(x)", "f32[2]")]
    [InlineData(15, "BatchNormalization", "[1,1,4] f32[1]=1 f32[1]=0 f32[1]=0 f32[1]=1", "training_mode=1 epsilon=0.1 momentum=0.5",
        "BatchNormalization(x,f32[1]=1,f32[1]=0,f32[1]=0,f32[1]=1) epsilon=0.1", "f32[1,1,4]")]
    [InlineData(12, "ReduceSum", "[2,3]", "axes=[1] keepdims=0", "ReduceSum(x,i64[1]=1) keepdims=0", "f32[2]")]
    [InlineData(17, "ReduceMean", "[2,3]", "axes=[-1]", "ReduceMean(x,i64[1]=-1)", "f32[2,1]")]
    [InlineData(17, "ReduceMean", "[2,3]", "", "ReduceMean(x)", "f32[1,1]")]
    [InlineData(17, "ReduceL1", "[2,3]", "axes=[0]", "ReduceL1(x,i64[1]=0)", "f32[1,3]")]
    [InlineData(17, "ReduceL2", "[2,3]", "axes=[0]", "ReduceL2(x,i64[1]=0)", "f32[1,3]")]
    [InlineData(17, "ReduceLogSum", "[2,3]", "axes=[0]", "ReduceLogSum(x,i64[1]=0)", "f32[1,3]")]
    [InlineData(17, "ReduceLogSumExp", "[2,3]", "axes=[0]", "ReduceLogSumExp(x,i64[1]=0)", "f32[1,3]")]
    [InlineData(17, "ReduceMax", "[2,3]", "axes=[0]", "ReduceMax(x,i64[1]=0)", "f32[1,3]")]
    [InlineData(17, "ReduceMin", "[2,3]", "axes=[0]", "ReduceMin(x,i64[1]=0)", "f32[1,3]")]
    [InlineData(17, "ReduceProd", "[2,3]", "axes=[0]", "ReduceProd(x,i64[1]=0)", "f32[1,3]")]
    [InlineData(17, "ReduceSumSquare", "[2,3]", "axes=[0]", "ReduceSumSquare(x,i64[1]=0)", "f32[1,3]")]
    [InlineData(9, "Scatter", "[5] i64[2] [2]", "axis=0", "ScatterElements(x,x,x) axis=0", "f32[5]")]
    [InlineData(9, "Slice", "[5,6]", "starts=[1] ends=[3] axes=[1]", "Slice(x,i64[1]=1,i64[1]=3,i64[1]=1)", "f32[5,2]")]
    [InlineData(9, "Slice", "[5,6]", "starts=[1] ends=[3]", "Slice(x,i64[1]=1,i64[1]=3)", "f32[2,6]")]
    [InlineData(12, "Squeeze", "[1,3,1]", "axes=[0]", "Squeeze(x,i64[1]=0)", "f32[3,1]")]
    [InlineData(12, "Squeeze", "[1,3,1]", "", "Squeeze(x)", "f32[3]")]
    [InlineData(12, "Unsqueeze", "[3]", "axes=[0,2]", "Unsqueeze(x,i64[2]=0,2)", "f32[1,3,1]")]
    [InlineData(8, "TopK", "[9]", "k=3", "TopK(x,i64[1]=3)", "f32[3]")]
    [InlineData(10, "Pad", "[2,3]", "pads=[0,1,0,1] value=2.5 mode=constant", "Pad(x,i64[4]=0,1,0,1,f32=2.5) mode=constant", "f32[2,5]")]
    [InlineData(12, "Split", "[4]", "split=[4]", "Split(x,i64[1]=4)", "f32[4]")]
    [InlineData(12, "Split", "[4]", "", "Split(x) num_outputs=1", "f32[4]")]
    [InlineData(13, "Split", "[4] i64[1]=4", "", "Split(x,i64[1]=4)", "f32[4]")]
    [InlineData(12, "Softmax", "[2,3]", "axis=1", "Softmax(x) axis=1", "f32[2,3]")]
    [InlineData(12, "Softmax", "[2,3,1,1]", "", "Softmax(x) axis=1", "f32[2,3,1,1]")]
    [InlineData(12, "Softmax", "[2,3,4]", "", "Flatten Softmax Reshape(x,i64[3]=2,3,4)", "f32[2,3,4]")]
    [InlineData(12, "Softmax", "[?,3,4]", "", "Shape Flatten Softmax Reshape(x,x)", "f32[?,3,4]")]
    [InlineData(12, "LogSoftmax", "[2,3]", "axis=-1", "LogSoftmax(x) axis=1", "f32[2,3]")]
    [InlineData(12, "Hardmax", "[2,3]", "", "Hardmax(x) axis=1", "f32[2,3]")]
    [InlineData(13, "Softmax", "[2,3,4]", "axis=1", "Softmax(x) axis=1", "f32[2,3,4]")]
    [InlineData(9, "Upsample", "[1,1,2,2] f32[4]=1,1,2,2", "mode=nearest",
        "Resize(x,-,f32[4]=1,1,2,2) mode=nearest coordinate_transformation_mode=asymmetric nearest_mode=floor", "f32[1,1,4,4]")]
    [InlineData(7, "Upsample", "[1,1,2,2]", "mode=linear scales=[1.0,1.0,2.0,2.0]",
        "Resize(x,-,f32[4]=1,1,2,2) mode=linear coordinate_transformation_mode=asymmetric", "f32[1,1,4,4]")]
    [InlineData(10, "Resize", "[1,1,4,4] f32[4]=1,1,0.5,0.5", "",
        "Resize(x,-,f32[4]=1,1,0.5,0.5) coordinate_transformation_mode=asymmetric nearest_mode=ceil", "f32[1,1,2,2]")]
    [InlineData(11, "Resize", "[1,1,2,2] f32[0]= f32[0]= i64[4]=1,1,4,4", "mode=linear", "Resize(x,-,-,i64[4]=1,1,4,4) mode=linear", "f32[1,1,4,4]")]
    [InlineData(11, "Resize", "[1,1,2,2] f32[0]= f32[4]=1,1,2,2",
        "mode=nearest nearest_mode=floor coordinate_transformation_mode=tf_half_pixel_for_nn",
        "Resize(x,-,f32[4]=1,1,2,2) mode=nearest nearest_mode=round_prefer_ceil coordinate_transformation_mode=half_pixel", "f32[1,1,4,4]")]
    [InlineData(18, "GroupNormalization", "[1,4,2] f32[2]=1,2 f32[2]=3,4", "num_groups=2 epsilon=0.1",
        "Reshape InstanceNormalization Reshape Mul Add(x,f32[4,1]=3,3,4,4)", "f32[1,4,2]", 21)]
    [InlineData(10, "RoiAlign", "[1,2,8,8] [3,4] i64[3]", "output_height=2",
        "RoiAlign(x,x,x) output_height=2 coordinate_transformation_mode=output_half_pixel", "f32[3,2,2,1]")]
    [InlineData(16, "GridSample", "[1,1,2,2] [1,3,3,2]", "mode=bilinear", "GridSample(x,x) mode=linear", "f32[1,1,3,3]", 20)]
    public void Lifted(int opset, string op, string inputs, string attributes, string expected, string shape, int target = 18) =>
        Check(opset, op, inputs, attributes, expected, shape, target);

    [Theory]
    [InlineData(22, "Relu", "[2]", "", "Relu(x)", "f32[2]")]
    [InlineData(22, "Conv", "[1,1,4,4] [1,1,3,3]", "pads=[1,1,1,1]", "Conv(x,x) pads=[1,1,1,1]", "f32[1,1,4,4]")]
    [InlineData(19, "AveragePool", "[1,1,4,4]", "kernel_shape=[2,2] dilations=[1,1]", "AveragePool(x) kernel_shape=[2,2]", "f32[1,1,3,3]", 18)]
    [InlineData(21, "Cast", "[2]", "to=7 saturate=1", "Cast(x) to=7", "i64[2]", 18)]
    [InlineData(21, "CastLike", "[2] i64=1", "saturate=1", "CastLike(x,i64=1)", "i64[2]", 18)]
    [InlineData(20, "Gelu", "[2]", "", "Mul Erf Mul Add Mul(x,x)", "f32[2]", 18)]
    [InlineData(20, "Gelu", "[2]", "approximate=tanh", "Mul Mul Mul Add Mul Tanh Mul Add Mul(x,x)", "f32[2]", 18)]
    [InlineData(20, "Gelu", "[2]", "approximate=tanh", "Gelu(x) approximate=tanh", "f32[2]", 20)]
    [InlineData(20, "GridSample", "[1,1,2,2] [1,3,3,2]", "mode=cubic", "GridSample(x,x) mode=bicubic", "f32[1,1,3,3]", 18)]
    [InlineData(22, "GroupNormalization", "[?,4,2] f32[4]=1,2,3,4 f32[4]=5,6,7,8", "num_groups=2",
        "Reshape InstanceNormalization Shape Reshape Mul Add(x,f32[4,1]=5,6,7,8)", "f32[?,4,2]", 18)]
    [InlineData(19, "Pad", "[2] i64[2]=1,1", "mode=edge", "Pad(x,i64[2]=1,1) mode=edge", "f32[4]", 18)]
    [InlineData(19, "Resize", "[1,1,2,2] - f32[4]=1,1,2,2", "mode=linear", "Resize(x,-,f32[4]=1,1,2,2) mode=linear", "f32[1,1,4,4]", 18)]
    [InlineData(23, "RMSNormalization", "[2,3] [3]", "", "Mul ReduceMean Add Sqrt Div Mul(x,x)", "f32[2,3]")]
    [InlineData(24, "Swish", "[2]", "", "Sigmoid Mul(x,x)", "f32[2]")]
    [InlineData(26, "CumProd", "[2,3] i64=1", "", "Split Mul Mul Concat(x,x,x) axis=1", "f32[2,3]")]
    [InlineData(26, "CumProd", "[?,3] i64=-1", "reverse=1 exclusive=1", "Split Mul Mul Shape Expand Concat(x,x,x) axis=-1", "f32[?,3]")]
    public void Brought_down(int opset, string op, string inputs, string attributes, string expected, string shape, int target = 21) =>
        Check(opset, op, inputs, attributes, expected, shape, target);

    /// <summary>Quantised numbers are floats; only the rounding itself is left of QuantizeLinear.</summary>
    [Theory]
    [InlineData(13, "QuantizeLinear", "[2] f32=1 i8=3", "", "QuantizeLinear Cast(x) to=1", "f32[2]")]
    [InlineData(21, "QuantizeLinear", "[2] f32=1", "output_dtype=3", "QuantizeLinear Cast(x) to=1", "f32[2]")]
    [InlineData(21, "QuantizeLinear", "[2] f32=1 u16=0", "", "QuantizeLinear Cast(x) to=1", "f32[2]")]
    [InlineData(13, "DequantizeLinear", "[2] f32=0.5 i8=0", "", "Mul(x,f32=0.5)", "f32[2]")]
    [InlineData(13, "DequantizeLinear", "[2] f32=0.5 u8=3", "", "Sub Mul(x,f32=0.5)", "f32[2]")]
    [InlineData(13, "DequantizeLinear", "[1,2,1] f32[2]=0.5,2 i8[2]=0,3", "axis=-2", "Sub Mul(x,f32[2,1]=0.5,2)", "f32[1,2,1]")]
    [InlineData(13, "DequantizeLinear", "u8[2] f32=1 u8=0", "", "DequantizeLinear(x,f32=1,u8=0)", "f32[2]")]
    [InlineData(13, "Pad", "[2] i64[2]=1,1 u8=9", "", "Pad(x,i64[2]=1,1,f32=9)", "f32[4]")]
    public void Quantized(int opset, string op, string inputs, string attributes, string expected, string shape) =>
        Check(opset, op, inputs, attributes, expected, shape, 21);

    /// <summary>Operators of ONNX Runtime's own domain.</summary>
    [Theory]
    [InlineData(17, "Gelu", "[2]", "", "Mul Erf Mul Add Mul(x,x)", "f32[2]")]
    [InlineData(17, "FastGelu", "[2] f32[2]=1,2", "", "Add Mul Mul Mul Add Mul Tanh Mul Add Mul(x,x)", "f32[2]")]
    [InlineData(17, "FastGelu", "[2]", "", "Gelu(x) approximate=tanh", "f32[2]", 20, "com.microsoft")]
    [InlineData(17, "BiasGelu", "[2] f32[2]=1,2", "", "Add Gelu(x) approximate=none", "f32[2]", 20, "com.microsoft")]
    [InlineData(17, "QuickGelu", "[2]", "alpha=1.0", "Sigmoid Mul(x,x)", "f32[2]")]
    [InlineData(17, "QuickGelu", "[2]", "", "Mul Sigmoid Mul(x,x)", "f32[2]")]
    [InlineData(17, "FusedMatMul", "[5,2,3] [5,4,3]", "transB=1 alpha=0.5", "Transpose MatMul Mul(x,f32=0.5)", "f32[5,2,4]")]
    [InlineData(17, "FusedMatMul", "[3,2] [3,4]", "transA=1", "Transpose MatMul(x,x)", "f32[2,4]")]
    public void Of_ONNX_Runtime(
        int opset, string op, string inputs, string attributes, string expected, string shape, int target = 18, string domain = "com.microsoft") =>
        Check(opset, op, inputs, attributes, expected, shape, target, domain);

    [Theory]
    [InlineData(8, "BatchNormalization", "[1,2,4] [2,4] [2,4] [2,4] [2,4]", "spatial=0", "spatial=0")]
    [InlineData(19, "AveragePool", "[1,1,4,4]", "kernel_shape=[2,2] dilations=[2,2]", "dilations")]
    [InlineData(19, "Pad", "[2] i64[2]=1,1", "mode=wrap", "wrap")]
    [InlineData(19, "Resize", "[1,1,2,2] - f32[4]=1,1,2,2", "coordinate_transformation_mode=half_pixel_symmetric", "half_pixel_symmetric")]
    [InlineData(21, "DequantizeLinear", "[4] f32[2]=1,2", "block_size=2", "blocks")]
    [InlineData(21, "QuantizeLinear", "[4] f32[2]=1,2", "block_size=2", "blocks")]
    [InlineData(21, "QuantizeLinear", "[4] f32=1 u16=0", "", "UInt16")]
    [InlineData(23, "Attention", "[1,2,4] [1,2,4] [1,2,4]", "", "newer")]
    [InlineData(23, "RotaryEmbedding", "[1,2,4] [4,2] [4,2]", "", "newer")]
    [InlineData(26, "BitCast", "[2]", "to=6", "bits that are computed")]
    [InlineData(26, "BitCast", "f32[2]=1,2", "to=7", "not of the same width")]
    [InlineData(26, "CumProd", "[2,?] i64=1", "", "the length of its axis is not known")]
    [InlineData(24, "TensorScatter", "[1,2,4] [1,1,4]", "", "newer")]
    public void Refused(int opset, string op, string inputs, string attributes, string reason)
    {
        var error = Assert.Throws<OnnxVizException>(() => Convert(opset, op, inputs, attributes, 18));
        Assert.Contains($"{op} node 'node' of opset {opset} cannot be written in opset 18", error.Message);
        Assert.Contains(reason, error.Message);
    }

    [Fact]
    public void A_product_that_grows_is_ONNX_Runtimes()
    {
        foreach (var attributes in new[] { "", "exclusive=1", "reverse=1", "reverse=1 exclusive=1" })
        {
            var newest = new GraphBuilder(opset: 26);
            newest.Output("y", newest.Node("CumProd", [newest.Input("x", ElementType.Float, 3, 4), newest.Constant(Tensor.Scalar(1L))], TextNode.Attributes(attributes))[0]);
            var model = newest.Build();
            var x = TinyTensors.Random(ElementType.Float, new Random(1), [3, 4]);
            using var original = new Session(model, RuntimeOptions.Default);
            using var copy = new TinyGraph((b, xs) => [b.Inline(model, new Dictionary<Value, Value> { [model.Inputs[0]] = xs[0] }, model.Outputs)[model.Outputs[0]]], [x]);
            Near.Each(attributes, original.Run(new Dictionary<string, Tensor> { ["x"] = x })["y"].ToDoubles(), copy.Forward([x])[0], 1e-6);
        }
    }

    [Fact]
    public void The_bits_of_a_constant_are_read_as_another_type()
    {
        var b = new GraphBuilder();
        var node = new Node("BitCast", "node", [TextNode.Input("f32[2]=1,-2")], [new Value("y")], TextNode.Attributes("to=6"));
        var bits = OpsetConversion.Convert(b, 26, node, node.Inputs)![0].Constant!;
        Assert.Equal(ElementType.Int32, bits.Type);
        Assert.Equal([0x3F800000, unchecked((int)0xC0000000)], bits.ToLongs());
    }

    [Fact]
    public void Every_change_has_a_row()
    {
        var rows = typeof(OpsetConversionTests).GetMethods()
            .SelectMany(m => m.GetCustomAttributes<InlineDataAttribute>().SelectMany(a => a.GetData(m)))
            .Select(row => ((int)row[0], (string)row[1])).ToList();
        var missing = OpsetConversion.Changes
            .Where(change => !rows.Exists(row => row.Item2 == change.OpType && row.Item1 < change.Opset == change.IsOld));
        Assert.Empty(missing);
    }

    private static void Check(int opset, string op, string inputs, string attributes, string expected, string shape, int target, string domain = "")
    {
        var (nodes, y) = Convert(opset, op, inputs, attributes, target, domain);
        var last = nodes[^1];
        Assert.Same(last, y.Producer);
        Assert.Equal("y0", y.Name);
        Assert.Equal("node", last.Name);
        Assert.Equal(shape, TextNode.Text(y));
        Assert.Equal(expected, string.Join(' ', nodes[..^1].Select(n => n.OpType).Append(Text(last))));
    }

    private static (List<Node> Nodes, Value Y) Convert(int opset, string op, string inputs, string attributes, int target, string domain = "")
    {
        var text = TextNode.Parse(op, inputs, attributes);
        var node = new Node(op, text.Name, text.Inputs, text.Outputs, text.Attributes, domain);
        var variables = node.Inputs.OfType<Value>().Where(x => x.Constant is null).ToList();
        var model = new Graph { Opset = opset, Inputs = variables, Nodes = [node], Outputs = [node.Outputs[0]] };
        var builder = new GraphBuilder(opset: target);
        var fed = variables.ToDictionary(x => x, x => builder.Input("in", x.Type, x.Dims!));
        var map = builder.Inline(model, fed, model.Outputs);
        return (builder.Graph.Nodes, map[node.Outputs[0]]);
    }

    private static string Text(Node node)
    {
        var inputs = node.Inputs.Select(x => x is null ? "-" : x.Constant is null ? "x" : TextNode.Text(x.Constant));
        var attributes = node.Attributes.Select(a => $" {a.Key}={(a.Value is long[] longs ? $"[{string.Join(',', longs)}]" : a.Value)}");
        return $"{node.OpType}({string.Join(',', inputs)}){string.Concat(attributes)}";
    }
}
