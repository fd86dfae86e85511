using System.Reflection;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Graphs.Folding;
using OnnxViz.Graphs.Inference;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Graphs;

/// <summary>Results worked out by hand, in the notation of <see cref="TextNode"/>.</summary>
public class ConstantFoldingTests
{
    [Theory]
    [InlineData("Add", "f32[2,1]=1,2 f32[2]=10,20", "f32[2,2]=11,21,12,22")]
    [InlineData("Add", "f32[1,2]=1,2 f32[2,1]=10,20", "f32[2,2]=11,12,21,22")]
    [InlineData("Add", "f32[2,1,2]=1,2,3,4 f32[2,1]=10,20", "f32[2,2,2]=11,12,21,22,13,14,23,24")]
    // The nearest float32 of 0.1 + 0.2 as float32 additions give it, not as float64 ones do.
    [InlineData("Add", "f32=0.1 f32=0.2", "f32=0.3")]
    [InlineData("Add", "f32=16777216 f32=1", "f32=16777216")]
    [InlineData("Add", "f16=2048 f16=1", "f16=2048")]
    [InlineData("Add", "i64=9007199254740993 i64=2", "i64=9007199254740995")]
    [InlineData("Sub", "i64[2]=5,6 i64=1", "i64[2]=4,5")]
    [InlineData("Mul", "f64[2]=1.5,2 f64[2]=2,0.25", "f64[2]=3,0.5")]
    [InlineData("Mul", "u8[1]=20 u8[1]=20", "u8[1]=144")]
    [InlineData("Div", "i64[4]=7,-7,7,-7 i64[4]=2,2,-2,-2", "i64[4]=3,-3,-3,3")]
    [InlineData("Div", "f32[2]=1,-1 f32=0", "f32[2]=Infinity,-Infinity")]
    [InlineData("Mod", "i64[4]=7,-7,7,-7 i64[4]=3,3,-3,-3", "i64[4]=1,2,-2,-1")]
    [InlineData("Mod", "i64[4]=7,-7,7,-7 i64[4]=3,3,-3,-3", "i64[4]=1,-1,1,-1", "fmod=1")]
    [InlineData("Mod", "f32[2]=-5.5,5.5 f32=2", "f32[2]=-1.5,1.5", "fmod=1")]
    [InlineData("Max", "i64[2]=1,5 i64=3 i64[2]=0,9", "i64[2]=3,9")]
    [InlineData("Min", "f32[2]=1,5 f32=3", "f32[2]=1,3")]
    [InlineData("Sum", "f32[2]=1,2 f32=3 f32=4", "f32[2]=8,9")]
    [InlineData("Pow", "f32[3]=2,3,4 f32=0.5", "f32[3]=1.4142135,1.7320508,2")]
    [InlineData("Pow", "i64[2]=2,3 i64=3", "i64[2]=8,27")]
    [InlineData("Clip", "f32[3]=-1,2,9 f32=0 f32=6", "f32[3]=0,2,6")]
    [InlineData("Clip", "i64[2]=-1,2 - i64=1", "i64[2]=-1,1")]
    [InlineData("And", "bool[4]=0,0,1,1 bool[4]=0,1,0,1", "bool[4]=0,0,0,1")]
    [InlineData("Or", "bool[4]=0,0,1,1 bool[4]=0,1,0,1", "bool[4]=0,1,1,1")]
    [InlineData("Xor", "bool[4]=0,0,1,1 bool[4]=0,1,0,1", "bool[4]=0,1,1,0")]
    [InlineData("Not", "bool[2]=0,1", "bool[2]=1,0")]
    [InlineData("Equal", "i64[2]=1,2 i64=2", "bool[2]=0,1")]
    [InlineData("Greater", "f32[3]=1,2,3 f32=2", "bool[3]=0,0,1")]
    [InlineData("GreaterOrEqual", "f32[3]=1,2,3 f32=2", "bool[3]=0,1,1")]
    [InlineData("Less", "f32[3]=1,2,3 f32=2", "bool[3]=1,0,0")]
    [InlineData("LessOrEqual", "f32[3]=1,2,3 f32=2", "bool[3]=1,1,0")]
    [InlineData("Where", "bool[2,1]=1,0 i64[2]=1,2 i64=9", "i64[2,2]=1,2,9,9")]
    public void Arithmetic(string op, string inputs, string expected, string attributes = "") => Check(op, inputs, expected, attributes);

    [Theory]
    [InlineData("Abs", "i64[2]=-3,3", "i64[2]=3,3")]
    [InlineData("Ceil", "f32[2]=-1.5,1.2", "f32[2]=-1,2")]
    [InlineData("Cos", "f32[1]=0", "f32[1]=1")]
    [InlineData("Elu", "f32[2]=-1,2", "f32[2]=-1.2642411,2", "alpha=2.0")]
    [InlineData("Erf", "f32[2]=0,1", "f32[2]=0,0.8427008")]
    [InlineData("Exp", "f32[2]=0,1", "f32[2]=1,2.7182817")]
    [InlineData("Floor", "f32[2]=-1.5,1.2", "f32[2]=-2,1")]
    [InlineData("HardSigmoid", "f32[4]=-9,0,1,9", "f32[4]=0,0.5,0.75,1", "alpha=0.25")]
    [InlineData("Log", "f32[2]=1,0", "f32[2]=0,-Infinity")]
    [InlineData("Neg", "f16[2]=-3,3", "f16[2]=3,-3")]
    [InlineData("Reciprocal", "f32[2]=3,-4", "f32[2]=0.33333334,-0.25")]
    [InlineData("Relu", "f32[2]=-3,4", "f32[2]=0,4")]
    [InlineData("Round", "f32[4]=0.5,1.5,2.5,-0.5", "f32[4]=0,2,2,-0")]
    [InlineData("Sigmoid", "f32[2]=0,-200", "f32[2]=0.5,0")]
    [InlineData("Sign", "f32[3]=-3,0,4", "f32[3]=-1,0,1")]
    [InlineData("Sin", "f32[1]=0", "f32[1]=0")]
    [InlineData("Softplus", "f32[3]=-200,0,200", "f32[3]=0,0.6931472,200")]
    [InlineData("Sqrt", "f32[2]=2,9", "f32[2]=1.4142135,3")]
    [InlineData("Tanh", "f32[2]=0,50", "f32[2]=0,1")]
    [InlineData("Cast", "f32[3]=-1.9,1.9,0", "i64[3]=-1,1,0", "to=7")]
    [InlineData("Cast", "f16[2]=0.1,65504", "f32[2]=0.099975586,65504", "to=1")]
    [InlineData("Cast", "f32[2]=0.1,2049", "f16[2]=0.099975586,2048", "to=10")]
    // Ties go to the even neighbour: 1 + 1/256 to 1, 1 + 3/256 to 1 + 1/64.
    [InlineData("Cast", "f32[3]=1.00390625,1.01171875,-3", "bf16[3]=1,1.015625,-3", "to=16")]
    [InlineData("Cast", "bf16[2]=1.5,-3", "f32[2]=1.5,-3", "to=1")]
    [InlineData("Cast", "i64[3]=0,2,-1", "bool[3]=0,1,1", "to=9")]
    [InlineData("Cast", "bool[2]=0,1", "f32[2]=0,1", "to=1")]
    [InlineData("Cast", "i64[1]=4294967298", "i32[1]=2", "to=6")]
    // Rounded once: by way of float64 it would be 9.007199E+15.
    [InlineData("Cast", "i64[1]=9007199791611905", "f32[1]=9.0072E+15", "to=1")]
    [InlineData("CastLike", "i64[1]=3 f32=0", "f32[1]=3")]
    [InlineData("DequantizeLinear", "u8[3]=0,128,255 f32=0.5 u8=128", "f32[3]=-64,0,63.5")]
    [InlineData("DequantizeLinear", "i8[2,2]=1,2,3,4 f32[2]=1,10 i8[2]=0,1", "f32[2,2]=1,10,3,30", "axis=1")]
    [InlineData("DequantizeLinear", "i8[2,2]=1,2,3,4 f32[2]=1,10", "f32[2,2]=1,2,30,40", "axis=0")]
    [InlineData("DequantizeLinear", "i32[2]=-5,7 f32=0.25", "f32[2]=-1.25,1.75")]
    // Blocks of two along axis 1, the last one shorter.
    [InlineData("DequantizeLinear", "i8[2,3]=1,2,3,4,5,6 f32[2,2]=1,10,100,1000 i8[2,2]=0,0,0,1", "f32[2,3]=1,2,30,400,500,5000", "axis=1 block_size=2")]
    [InlineData("DequantizeLinear", "u8[3,2]=1,2,3,4,5,6 f32[2,2]=1,10,100,1000", "f32[3,2]=1,20,3,40,500,6000", "axis=0 block_size=2")]
    [InlineData("DequantizeLinear", "u16[2]=65535,0 f32=0.5 u16=32768", "f32[2]=16383.5,-16384")]
    // Ties go to the even neighbour before the zero point is added; what does not fit is cut off.
    [InlineData("QuantizeLinear", "f32[6]=0.5,1.5,2.5,-0.5,-1.5,1e9 f32=1 u8=3", "u8[6]=3,5,5,3,1,255")]
    [InlineData("QuantizeLinear", "f32[3]=-1e9,-64.5,63.5 f32=0.5 i8=1", "i8[3]=-128,-128,127")]
    [InlineData("QuantizeLinear", "f32[2,2]=1,2,3,40 f32[2]=1,2 i8[2]=0,1", "i8[2,2]=1,2,3,21", "axis=1")]
    [InlineData("QuantizeLinear", "f32[2,1]=1,2 f32[2]=1,2", "u8[2,1]=1,1", "axis=0")]
    [InlineData("QuantizeLinear", "f32[1]=40000 f32=1 i16=0", "i16[1]=32767")]
    public void One_tensor(string op, string inputs, string expected, string attributes = "") => Check(op, inputs, expected, attributes);

    [Theory]
    [InlineData("Identity", "i64[2]=1,2", "i64[2]=1,2")]
    [InlineData("Dropout", "f32[2]=1,2 f32=0.5", "f32[2]=1,2")]
    [InlineData("Reshape", "i64[4]=1,2,3,4 i64[2]=2,-1", "i64[2,2]=1,2,3,4")]
    [InlineData("Flatten", "i64[1,2,2]=1,2,3,4", "i64[1,4]=1,2,3,4")]
    [InlineData("Squeeze", "i64[1]=5 i64[1]=0", "i64=5")]
    [InlineData("Unsqueeze", "i64=5 i64[1]=0", "i64[1]=5")]
    [InlineData("Concat", "i64[1,2]=1,2 i64[2,2]=3,4,5,6", "i64[3,2]=1,2,3,4,5,6", "axis=0")]
    [InlineData("Concat", "i64[2,1]=1,2 i64[2,2]=3,4,5,6", "i64[2,3]=1,3,4,2,5,6", "axis=-1")]
    [InlineData("Concat", "f16[1]=1 f16[0]= f16[1]=2", "f16[2]=1,2", "axis=0")]
    [InlineData("Expand", "u8[2,1]=1,2 i64[2]=1,3", "u8[2,3]=1,1,1,2,2,2")]
    [InlineData("Gather", "i64[4]=10,20,30,40 i64=-1", "i64=40")]
    [InlineData("Gather", "f32[2,3]=1,2,3,4,5,6 i64[2]=2,0", "f32[2,2]=3,1,6,4", "axis=1")]
    [InlineData("GatherElements", "f32[2,2]=1,2,3,4 i64[2,1]=1,0", "f32[2,1]=2,3", "axis=1")]
    [InlineData("ScatterElements", "f32[1,3]=1,2,3 i64[1,2]=2,0 f32[1,2]=8,9", "f32[1,3]=9,2,8", "axis=1")]
    [InlineData("ScatterND", "i64[4]=1,2,3,4 i64[2,1]=3,1 i64[2]=8,9", "i64[4]=1,9,3,8")]
    [InlineData("ScatterND", "i64[2,2]=1,2,3,4 i64[1,1]=1 i64[1,2]=8,9", "i64[2,2]=1,2,8,9")]
    [InlineData("Slice", "i64[5]=1,2,3,4,5 i64[1]=1 i64[1]=4 i64[1]=0 i64[1]=2", "i64[2]=2,4")]
    [InlineData("Slice", "f32[2,3]=1,2,3,4,5,6 i64[1]=-1 i64[1]=-9223372036854775808 i64[1]=1 i64[1]=-1", "f32[2,3]=3,2,1,6,5,4")]
    [InlineData("Slice", "f32[1,1,2,2]=1,2,3,4 i64[2]=-1,-1 i64[2]=-100,-100 i64[2]=2,3 i64[2]=-1,-1", "f32[1,1,2,2]=4,3,2,1")]
    [InlineData("Slice", "i64[2]=1,2 i64[1]=2 i64[1]=2", "i64[0]=")]
    [InlineData("Tile", "i64[1,2]=1,2 i64[2]=2,2", "i64[2,4]=1,2,1,2,1,2,1,2")]
    [InlineData("Transpose", "f64[2,3]=1,2,3,4,5,6", "f64[3,2]=1,4,2,5,3,6")]
    [InlineData("Transpose", "i8[1,2,2]=1,2,3,4", "i8[2,1,2]=1,2,3,4", "perm=[1,0,2]")]
    [InlineData("Pad", "f32[2]=1,2 i64[2]=1,2 f32=9", "f32[5]=9,1,2,9,9")]
    [InlineData("Pad", "f32[2,2]=1,2,3,4 i64[4]=-1,0,0,1", "f32[1,3]=3,4,0")]
    [InlineData("Pad", "i64[3]=1,2,3 i64[2]=1,-2 i64=7 i64[1]=0", "i64[2]=7,1")]
    [InlineData("DepthToSpace", "f32[1,4,1,1]=1,2,3,4", "f32[1,1,2,2]=1,2,3,4", "blocksize=2")]
    [InlineData("DepthToSpace", "f32[1,8,1,1]=1,2,3,4,5,6,7,8", "f32[1,2,2,2]=1,3,5,7,2,4,6,8", "blocksize=2")]
    [InlineData("DepthToSpace", "f32[1,8,1,1]=1,2,3,4,5,6,7,8", "f32[1,2,2,2]=1,2,3,4,5,6,7,8", "blocksize=2 mode=CRD")]
    [InlineData("Range", "i64=5 i64=0 i64=-2", "i64[3]=5,3,1")]
    [InlineData("Constant", "", "f32[2]=1.5,2", "value_floats=[1.5,2.0]")]
    [InlineData("ConstantOfShape", "i64[2]=2,2", "i64[2,2]=7,7,7,7", "value=i64[1]=7")]
    [InlineData("ConstantOfShape", "i64[1]=2", "f32[2]=0,0")]
    [InlineData("NonZero", "f32[2,2]=1,0,0,2", "i64[2,2]=0,1,0,1")]
    public void Movement(string op, string inputs, string expected, string attributes = "") => Check(op, inputs, expected, attributes);

    [Theory]
    [InlineData("ReduceSum", "i64[2,2]=1,2,3,4 i64[1]=0", "i64[1,2]=4,6")]
    [InlineData("ReduceSum", "f32[2,2]=1,2,3,4 i64[1]=-1", "f32[2]=3,7", "keepdims=0")]
    [InlineData("ReduceMean", "f32[2,2]=1,2,3,4", "f32=2.5", "keepdims=0")]
    [InlineData("ReduceMean", "i64[2]=1,4", "i64[1]=2")]
    [InlineData("ReduceProd", "i64[3]=2,3,4", "i64=24", "keepdims=0")]
    [InlineData("ReduceMax", "f32[2,2]=1,2,3,4 i64[1]=1", "f32[2,1]=2,4")]
    [InlineData("ReduceMin", "i32[2,2]=1,2,3,4 i64[1]=1", "i32[2,1]=1,3")]
    // No constant is needed for these, only a shape.
    [InlineData("Shape", "[2,3,4]", "i64[2]=3,4", "start=1")]
    [InlineData("Shape", "[?,3,4]", "i64[2]=3,4", "start=1")]
    [InlineData("Size", "[2,3,4]", "i64=24")]
    public void Reductions_and_shapes(string op, string inputs, string expected, string attributes = "") => Check(op, inputs, expected, attributes);

    /// <summary>The one quotient that is too large for its type; ONNX Runtime ends the process at it.</summary>
    [Fact]
    public void The_smallest_integer_divided_by_minus_one_is_itself() =>
        Check("Div", "i64=-9223372036854775808 i64=-1", "i64=-9223372036854775808", "");

    [Fact]
    public void Split_gives_every_part()
    {
        var parts = Fold("Split", "i64[2,3]=1,2,3,4,5,6", "axis=1 num_outputs=2", 2)!;
        Assert.Equal(["i64[2,2]=1,2,4,5", "i64[2,1]=3,6"], parts.Select(TextNode.Text));
    }

    [Theory]
    [InlineData("Add", "f32[1]=1 [1]", "")]
    [InlineData("Shape", "[?,3]", "")]
    [InlineData("Size", "[?,3]", "")]
    [InlineData("Div", "i64=1 i64=0", "")]
    [InlineData("Mod", "i64=1 i64=0", "")]
    [InlineData("Expand", "f32=0 i64[2]=10000,10000", "")]
    [InlineData("Pad", "f32[3]=1,2,3 i64[2]=1,1", "mode=reflect")]
    [InlineData("NoSuchOperator", "f32=1", "")]
    public void Left_as_a_node(string op, string inputs, string attributes) => Assert.Null(Fold(op, inputs, attributes));

    [Fact]
    public void Every_rule_has_a_row()
    {
        var rows = typeof(ConstantFoldingTests).GetMethods()
            .SelectMany(m => m.GetCustomAttributes<InlineDataAttribute>().SelectMany(a => a.GetData(m)))
            .Select(row => (string)row[0]).Append("Split").ToHashSet();
        Assert.Empty(ConstantFolding.Operators.Except(rows));
    }

    private static void Check(string op, string inputs, string expected, string attributes)
    {
        var folded = Assert.Single(Fold(op, inputs, attributes)!);
        // What is not kept is computed again, to the same end.
        Assert.Equal(folded.Read(), folded.Read());
        Assert.Equal(expected, TextNode.Text(folded));
    }

    private static Tensor[]? Fold(string op, string inputs, string attributes, int outputs = 1)
    {
        var node = TextNode.Parse(op, inputs, attributes, outputs);
        ShapeInference.Infer(node);
        return ConstantFolding.TryFold(node) ?? ShapeArithmetic.TryFold(node);
    }
}
