using Google.Protobuf;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Onnx;
using OnnxViz.Onnx.Proto;
using OnnxViz.Tests.Support;
using Xunit;
using AttributeKind = OnnxViz.Onnx.Proto.AttributeProto.Types.AttributeType;

namespace OnnxViz.Tests.Onnx;

public sealed class FunctionInliningTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Bodies_stand_where_the_functions_were_called()
    {
        var inner = Function("Inner", ["i"], ["o", "same"], Forgery.Node("LeakyRelu", ["i"], ["t"], Forgery.Reference("alpha", "slope")), Forgery.Node("Abs", ["t"], ["o"]));
        inner.Output[1] = "i";
        inner.AttributeProto.Add(new AttributeProto { Name = "slope", Type = AttributeKind.Float, F = 0.5f });
        var outer = Function("Outer", ["i", "left_out"], ["o"], Call("Inner", ["i"], ["t", "u"], Forgery.Reference("slope", "s")), Forgery.Node("Op", ["t", "left_out", "u"], ["o"]));
        var model = Forgery.Model(
            Call("Outer", ["x"], ["a"], new AttributeProto { Name = "s", Type = AttributeKind.Float, F = 0.25f }),
            Call("Outer", ["a"], ["outer/t"]),
            Forgery.Node("Relu", ["outer/t"], ["y"]));
        var graph = Load(model, inner, outer);

        Assert.Equal(["Identity", "LeakyRelu", "Abs", "Op", "Identity", "LeakyRelu", "Abs", "Op", "Relu"], graph.Nodes.Select(n => n.OpType));
        Assert.Equal([0.25f, 0.5f], graph.Nodes.Where(n => n.OpType == "LeakyRelu").Select(n => n.Float("alpha", 0)));
        Assert.Equal(["x", "x", "outer/inner/t", "outer/t_2"], graph.Nodes.Take(4).Select(n => n.Inputs[0]!.Name));
        Assert.Null(graph.Nodes[3].Input(1));
        Assert.Equal("a", graph.Nodes[3].Outputs[0].Name);
        Assert.Empty(graph.Domains);
    }

    [Fact]
    public void Branches_in_functions_are_renamed_with_them()
    {
        var branch = new GraphProto { Name = "g", Node = { Forgery.Node("Add", ["i", "k"], ["r"]) }, Output = { Forgery.Info("r") }, Initializer = { Forgery.Tensor("k", 1) } };
        var function = Function("F", ["i"], ["o"], Forgery.Node("If", ["i"], ["o"], new AttributeProto { Name = "then_branch", Type = AttributeKind.Graph, G = branch }));
        var graph = Load(Forgery.Model(Call("F", ["x"], ["a"]), Call("F", ["a"], ["y"])), function);
        var added = graph.Nodes.Select(n => n.Subgraphs.Single().Nodes.Single());
        Assert.Equal([("x", "f/k", "f/r"), ("a", "f/k_2", "f/r_2")], added.Select(n => (n.Inputs[0]!.Name, n.Inputs[1]!.Name, n.Outputs[0].Name)));
        Assert.Same(graph.Inputs[0], added.First().Inputs[0]);
    }

    [Fact]
    public void Calls_and_branches_within_each_other_end()
    {
        Assert.Equal("If", Load(Nested(20, out var functions), functions).Nodes[0].OpType);
        AssertRefused("call each other too often", Nested(40, out functions), functions);

        // Each function decides by a branch whether the next one is called.
        static ModelProto Nested(int depth, out FunctionProto[] functions)
        {
            functions = [.. Enumerable.Range(0, depth).Select(i => Function($"F{i}", ["i"], ["o"], Deciding(i + 1 < depth ? Call($"F{i + 1}", ["i"], ["r"]) : Forgery.Node("Abs", ["i"], ["r"]))))];
            return Forgery.Model(Call("F0", ["x"], ["y"]));
        }

        static NodeProto Deciding(NodeProto node) => Forgery.Node("If", ["i"], ["o"], new AttributeProto
        {
            Name = "then_branch",
            Type = AttributeKind.Graph,
            G = new GraphProto { Name = "g", Node = { node }, Output = { Forgery.Info("r") } },
        });
    }

    [Fact]
    public void Copies_of_functions_do_not_outgrow_memory()
    {
        // Under another name than the call gives them: each call has a copy.
        var large = Function("F", ["i"], ["o"], Forgery.Node("Op", ["i"], ["o"], Forgery.Reference("numbers", "given")));
        large.AttributeProto.Add(Forgery.Ints("given", [.. Enumerable.Repeat(long.MaxValue, 100_000)]));
        AssertRefused("call each other too often", Forgery.Model([.. Enumerable.Range(0, 100).Select(i => Call("F", [i == 0 ? "x" : $"v{i - 1}"], [i == 99 ? "y" : $"v{i}"]))]), large);
    }

    [Fact]
    public void Functions_that_cannot_be_put_in_place_are_named()
    {
        var recursive = Function("F", ["i"], ["o"], Call("F", ["i"], ["t"]), Call("F", ["t"], ["o"]));
        AssertRefused("call each other too often", recursive);
        var other = Function("F", ["i"], ["o"], Forgery.Node("Relu", ["i"], ["o"]));
        other.OpsetImport[0].Version = 12;
        AssertRefused("function 'F' uses opset 12 while the model uses 17", other);
        AssertRefused("calls the function 'F' with more values", Function("F", [], ["o"], Forgery.Node("Relu", ["i"], ["o"])));
    }

    private static FunctionProto Function(string name, string[] inputs, string[] outputs, params NodeProto[] nodes) => new()
    {
        Name = name,
        Domain = "local",
        Input = { inputs },
        Output = { outputs },
        Node = { nodes },
        OpsetImport = { new OperatorSetIdProto { Version = 17 }, new OperatorSetIdProto { Domain = "local", Version = 1 } },
    };

    private static NodeProto Call(string function, string[] inputs, string[] outputs, params AttributeProto[] attributes)
    {
        var node = Forgery.Node(function, inputs, outputs, attributes);
        node.Domain = "local";
        return node;
    }

    private void AssertRefused(string reason, FunctionProto function) => AssertRefused(reason, Forgery.Model(Call("F", ["x"], ["y"])), function);

    private void AssertRefused(string reason, ModelProto model, params FunctionProto[] functions) =>
        Assert.Contains(reason, Assert.Throws<OnnxVizException>(() => Load(model, functions)).Message);

    private Graph Load(ModelProto model, params FunctionProto[] functions)
    {
        model.Functions.Add(functions);
        return OnnxFile.Load(_folder.Write("f.onnx", model.ToByteArray())).Graph;
    }
}
