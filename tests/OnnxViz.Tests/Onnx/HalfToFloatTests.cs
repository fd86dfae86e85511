using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Graphs.Opsets;
using OnnxViz.Onnx;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Onnx;

public sealed class HalfToFloatTests
{
    [Fact]
    public void Nothing_is_left_of_half_precision()
    {
        var x = new Value("x") { Type = ElementType.Float16, Dims = [2] };
        var weight = Constant("w", Tensor.Of([(Half)0.1f, Half.MaxValue], 2));
        var brain = Constant("b", new Tensor(ElementType.BFloat16, [1], () => [0x80, 0x3f]));
        var filled = Node("ConstantOfShape", [Constant("s", Tensor.Longs(1))], ElementType.Float16, ("value", Tensor.Of([(Half)2], 1)));
        var random = Node("RandomNormal", [], ElementType.Float16, ("dtype", 10L));
        var cast = Node("Cast", [brain], ElementType.Float16, ("to", 10L));
        var sum = Node("Sum", [x, weight, filled, random, cast, Constant("i", Tensor.Longs(10))], ElementType.Float16, ("to_keep", 10L));
        var graph = new Graph { Inputs = [x], Outputs = [sum], Nodes = [filled.Producer!, random.Producer!, cast.Producer!, sum.Producer!] };

        HalfToFloat.Apply(graph);

        Assert.All([x, weight, filled, random, cast, sum], v => Assert.Equal(ElementType.Float, v.Type));
        Assert.Equal([(float)(Half)0.1f, 65504], weight.Constant!.ToFloats());
        Assert.Equal([2f], filled.Producer!.Tensor("value")!.As<float>().ToArray());
        Assert.Equal((1L, 1L, 10L), (random.Producer!.Int("dtype", 0), cast.Producer!.Int("to", 0), sum.Producer!.Int("to_keep", 0)));
        Assert.All(graph.Nodes, n => Assert.Same(n, n.Outputs[0].Producer));

        // Only a Cast reads it, and that reads halves as well as floats.
        Assert.Equal(ElementType.BFloat16, brain.Constant!.Type);
    }

    /// <summary>Exact arithmetic with sizes stays, unless the whole network is of float64.</summary>
    [Theory]
    [InlineData(false, ElementType.Double, 11L)]
    [InlineData(true, ElementType.Float, 1L)]
    public void Doubles_are_left_unless_asked_for(bool doubles, ElementType expected, long to)
    {
        var x = new Value("x") { Type = ElementType.Double, Dims = [2] };
        var cast = Node("Cast", [x], ElementType.Double, ("to", 11L));
        var sum = Node("Sum", [cast, Constant("w", Tensor.Of([0.1, 2], 2))], ElementType.Double);
        var graph = new Graph { Inputs = [x], Outputs = [sum], Nodes = [cast.Producer!, sum.Producer!] };
        HalfToFloat.Apply(graph, doubles);
        Assert.All(graph.Values(), v => Assert.Equal(expected, v.Type));
        Assert.Equal(expected, sum.Producer!.Input(1)!.Constant!.Type);
        Assert.Equal(to, sum.Producer!.Input(0)!.Producer!.Int("to", 0));
    }

    [Fact]
    public void Constants_are_converted_when_they_are_asked_for()
    {
        var asked = 0;
        var brain = Constant("b", new Tensor(ElementType.BFloat16, [2], () => ++asked > 0 ? [0xc0, 0xbf, 0x80, 0x7f] : []));
        var y = Node("Relu", [brain], ElementType.BFloat16);
        HalfToFloat.Apply(new Graph { Outputs = [y], Nodes = [y.Producer!] });
        Assert.Equal(0, asked);
        Assert.Equal([-1.5f, float.PositiveInfinity], brain.Constant!.ToFloats());
    }

    [Fact]
    public void Float32_networks_stay_as_they_are()
    {
        var path = Repository.Carried("efficientnet-lite0.onnx");
        var graph = OnnxFile.Load(path).Graph;
        HalfToFloat.Apply(graph);
        Assert.Null(GraphDifference.Between(OnnxFile.Load(path).Graph, graph));
    }

    private static Value Constant(string name, Tensor tensor) => new(name) { Type = tensor.Type, Dims = tensor.Dims, Constant = tensor };

    private static Value Node(string opType, Value[] inputs, ElementType type, params (string Name, object Value)[] attributes)
    {
        var output = new Value(opType + "_out") { Type = type };
        _ = new Node(opType, opType, inputs, [output], attributes.ToDictionary(a => a.Name, a => a.Value));
        return output;
    }
}
