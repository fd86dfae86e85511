using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Graphs.Opsets;
using Xunit;

namespace OnnxViz.Tests.Graphs;

/// <summary>Operators of domains that nothing is known of.</summary>
public class PrivateOperatorTests
{
    private static readonly Value Input = new("x") { Type = ElementType.Float, Dims = [1, 3] };

    [Theory]
    [InlineData("my.ops", 3, "export the model with standard operators")]
    [InlineData("com.microsoft", 1, "export the model with standard operators")]
    [InlineData("com.microsoft.nchwc", 1, "optimise it at the level extended or below")]
    public void Are_named_with_what_can_be_done(string domain, int version, string advice)
    {
        var graph = Model(domain, version);
        var error = Assert.Throws<OnnxVizException>(() => Inline(graph, graph.Outputs, keepPrivate: false));
        Assert.Equal(Fault.Input, error.Fault);
        Assert.StartsWith($"Mystery node 'm' is an operator of the domain '{domain}' (version {version})", error.Message);
        Assert.Contains(advice, error.Message);
    }

    [Fact]
    public void Do_no_harm_behind_what_is_wanted()
    {
        var graph = Model("my.ops", 3);
        Assert.Equal(["Relu"], Inline(graph, [graph.Nodes[0].Outputs[0]], keepPrivate: false).Nodes.Select(n => n.OpType));
    }

    [Fact]
    public void Are_kept_where_only_shapes_are_asked_for()
    {
        var graph = Model("my.ops", 3);
        Assert.Equal([("Relu", ""), ("Mystery", "my.ops")], Inline(graph, graph.Outputs, keepPrivate: true).Nodes.Select(n => (n.OpType, n.Domain)));
    }

    private static Graph Model(string domain, int version)
    {
        var relu = new Node("Relu", "r", [Input], [new Value("a")]);
        var mystery = new Node("Mystery", "m", [relu.Outputs[0]], [new Value("y")], domain: domain);
        var domains = new Dictionary<string, int> { [domain] = version, ["unused"] = 99 };
        return new Graph { Inputs = [Input], Nodes = [relu, mystery], Outputs = [mystery.Outputs[0]], Domains = domains };
    }

    private static Graph Inline(Graph model, IEnumerable<Value> wanted, bool keepPrivate)
    {
        var builder = new GraphBuilder();
        builder.Inline(model, new Dictionary<Value, Value> { [Input] = builder.Input("x", ElementType.Float, 1, 3) }, wanted, keepPrivate);
        return builder.Graph;
    }
}
