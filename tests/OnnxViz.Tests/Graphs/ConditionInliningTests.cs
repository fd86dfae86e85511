using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Graphs.Naming;
using OnnxViz.Graphs.Opsets;
using Xunit;

namespace OnnxViz.Tests.Graphs;

/// <summary>An If disappears when its condition is known; until then it is an error with a sentence.</summary>
public class ConditionInliningTests
{
    [Theory]
    [InlineData(1, "Squeeze", new long[] { 2, 5 })]
    [InlineData(3, "Identity", new long[] { 2, 3, 5 })]
    public void The_branch_that_the_shape_chooses_is_copied(long channels, string op, long[] dims)
    {
        var model = SqueezeWhereOne();
        var builder = new GraphBuilder();
        var x = builder.Input("x", ElementType.Float, 2, channels, 5);
        var map = builder.Inline(model, new Dictionary<Value, Value> { [model.Inputs[0]] = x }, model.Outputs);
        Assert.Equal(dims, map[model.Outputs[0]].StaticDims());
        Assert.Equal(["Relu", op], builder.Graph.Nodes.Select(n => n.OpType));
    }

    [Fact]
    public void An_open_condition_is_refused()
    {
        var model = SqueezeWhereOne();
        var builder = new GraphBuilder();
        var x = builder.Input("x", ElementType.Float, 2, Shapes.Unknown, 5);
        var error = Assert.Throws<OnnxVizException>(
            () => builder.Inline(model, new Dictionary<Value, Value> { [model.Inputs[0]] = x }, model.Outputs));
        Assert.Contains("If node 'if' decides while the model runs", error.Message);
    }

    [Fact]
    public void What_branches_take_from_around_them_leads_on()
    {
        var layers = LayerTable.For(SqueezeWhereOne()).Layers;
        Assert.Equal(["relu", "if"], layers.Select(l => l.Name));
    }

    /// <summary>What torch.squeeze(relu(x), 1) is exported as: the branches take relu(x) from around them.</summary>
    private static Graph SqueezeWhereOne()
    {
        var x = new Value("x") { Type = ElementType.Float, Dims = [2, -1, 5] };
        var (relu, shape, size, test, y) = (new Value("relu"), new Value("shape"), new Value("size"), new Value("test"), new Value("y"));
        var one = Constant("one", Tensor.Longs(1));
        Value squeezed = new("squeezed"), same = new("same");
        return new Graph
        {
            Inputs = [x],
            Outputs = [y],
            Nodes =
            [
                new Node("Relu", "relu", [x], [relu]),
                new Node("Shape", "shape", [relu], [shape]),
                new Node("Gather", "size", [shape, one], [size], new Dictionary<string, object> { ["axis"] = 0L }),
                new Node("Equal", "test", [size, one], [test]),
                new Node("If", "if", [test], [y], new Dictionary<string, object>
                {
                    ["then_branch"] = new Graph { Outputs = [squeezed], Nodes = [new Node("Squeeze", "squeeze", [relu, one], [squeezed])] },
                    ["else_branch"] = new Graph { Outputs = [same], Nodes = [new Node("Identity", "same", [relu], [same])] },
                }),
            ],
        };
    }

    private static Value Constant(string name, Tensor tensor) => new(name) { Type = tensor.Type, Dims = tensor.Dims, Constant = tensor };
}
