using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Onnx;
using OnnxViz.Onnx.Proto;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Onnx;

public sealed class OnnxRoundTripTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("vgg16-body.onnx", 57, 17)]
    [InlineData("efficientnet-lite0.onnx", 227, 17)]
    public void Carried_network_comes_back_as_it_was(string name, int nodes, int opset)
    {
        var model = OnnxFile.Load(Repository.Carried(name));
        Assert.Equal((nodes, opset), (model.Graph.Nodes.Count, model.Graph.Opset));
        AssertComesBack(model.Graph);
    }

    [SkippableTheory]
    [InlineData("dynamo")]
    [InlineData("light")]
    public void Shared_networks_come_back_as_they_were(string folder)
    {
        foreach (var path in Directory.GetFiles(Repository.Shared($"models/{folder}"), "*.onnx")) AssertComesBack(OnnxFile.Load(path).Graph);
    }

    [Fact]
    public void Everything_a_graph_can_hold_comes_back()
    {
        var builder = new GraphBuilder("all", opset: 17);
        var x = builder.Input("x", ElementType.Float, Shapes.Unknown, 3, Shapes.Unknown, 5);
        var attributes = new Dictionary<string, object>
        {
            ["int"] = -5L,
            ["float"] = float.NaN,
            ["text"] = "Käse",
            ["ints"] = new[] { 1L, long.MinValue },
            ["no_ints"] = Array.Empty<long>(),
            ["floats"] = new[] { 0.1f, float.PositiveInfinity },
            ["texts"] = new[] { "", "b" },
            ["tensor"] = Tensor.Of([true, false], 2, 1),
            ["branch"] = Branch(x),
        };
        var scalar = builder.Constant(Tensor.Scalar(7.0), "scalar");
        var empty = builder.Constant(Tensor.Of(Array.Empty<float>(), 0, 3), "empty");
        var large = builder.Constant(Tensor.Of(new Half[3000], 30, 100), "large");
        var results = builder.Node("Op", [x, null, scalar, empty, large], attributes, outputs: 2, domain: "com.microsoft", fold: false);
        (results[0].Type, results[0].Dims) = (ElementType.Float, [Shapes.Unknown, 0]);
        (results[1].Type, results[1].Dims) = (ElementType.Bool, null);
        builder.Output("y", results[0]);
        AssertComesBack(new Graph
        {
            Name = "all",
            Opset = 17,
            Domains = new Dictionary<string, int> { ["com.microsoft"] = 1 },
            Inputs = builder.Graph.Inputs,
            Outputs = [.. builder.Graph.Outputs, scalar],
            Nodes = builder.Graph.Nodes,
        });

        // The branch refers to the values around it, not to others of the same names.
        var loaded = OnnxFile.Load(_folder["saved.onnx"]).Graph;
        Assert.Equal(1, loaded.Domains["com.microsoft"]);
        Assert.Equal([loaded.Inputs[0]], loaded.Nodes[0].Subgraphs.Single().Captured());
        Assert.Single(loaded.Cut([loaded.Nodes[0].Outputs[0]]).Inputs);
    }

    [Theory]
    [InlineData(7, 8)]
    [InlineData(18, 8)]
    [InlineData(19, 9)]
    [InlineData(20, 9)]
    [InlineData(21, 10)]
    public void Version_of_the_format_is_as_low_as_the_opset_allows(int opset, int version)
    {
        var builder = new GraphBuilder(opset: opset);
        builder.Output("y", builder.Input("x", ElementType.Float, 1));
        OnnxFile.Save(builder.Graph, _folder["m.onnx"]);
        Assert.Equal(version, OnnxFile.Load(_folder["m.onnx"]).IrVersion);
    }

    /// <summary>By that a runtime knows that it can fuse across them.</summary>
    [Fact]
    public void Equal_open_dimensions_have_one_name()
    {
        var builder = new GraphBuilder();
        var y = builder.Relu(builder.Input("x", ElementType.Float, -1, 3, -1));
        builder.Output("sum", builder.Add(y, builder.InputLike("z", y)));
        var graph = ModelProto.Parser.ParseFrom(OnnxFile.Serialize(builder.Build())).Graph;
        var values = graph.Input.Concat(graph.ValueInfo).Concat(graph.Output).ToArray();
        Assert.Equal(5, values.Length);
        Assert.All(values, v => Assert.Equal(["x_0", "", "x_2"], v.Type.TensorType.Shape.Dim.Select(d => d.DimParam)));
    }

    [Fact]
    public void Two_gigabytes_are_refused_before_anything_is_read()
    {
        var builder = new GraphBuilder();
        var tensor = new Tensor(ElementType.Float, [1 << 29], () => throw new InvalidOperationException("It was read."));
        builder.Output("y", builder.Node("Neg", [builder.Constant(tensor, "w")], fold: false)[0]);
        Assert.Contains("2 GB", Assert.Throws<OnnxVizException>(() => OnnxFile.Serialize(builder.Graph)).Message);
        Assert.Contains("2 GB", Assert.Throws<OnnxVizException>(() => OnnxFile.Save(builder.Graph, _folder["m.onnx"])).Message);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void What_cannot_be_written_leaves_nothing_behind()
    {
        var builder = new GraphBuilder();
        var broken = new Tensor(ElementType.Float, [1000], () => throw OnnxVizException.Input("gone"));
        builder.Output("y", builder.Node("Neg", [builder.Constant(broken, "w")], fold: false)[0]);
        Assert.Equal("gone", Assert.Throws<OnnxVizException>(() => OnnxFile.Save(builder.Graph, _folder["m.onnx"])).Message);
        var sound = new GraphBuilder();
        sound.Output("y", sound.Input("x", ElementType.Float, 1));
        Assert.Equal(Fault.Machine, Assert.Throws<OnnxVizException>(() => OnnxFile.Save(sound.Graph, Path.Combine(typeof(OnnxFile).Assembly.Location, "m.onnx"))).Fault);
        Assert.Equal(Fault.Machine, Assert.Throws<OnnxVizException>(() => OnnxFile.Save(sound.Graph, _folder.Path)).Fault);
        Assert.Empty(Directory.GetFiles(_folder.Path));
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(_folder.Path)!, Path.GetFileName(_folder.Path) + "*"));
    }

    [Fact]
    public void Names_must_be_unique()
    {
        var (x, y) = (new Value("x"), new Value("x"));
        var graph = new Graph { Inputs = [x], Outputs = [y], Nodes = [new Node("Neg", "n", [x], [y])] };
        Assert.Contains("'x'", Assert.Throws<InvalidOperationException>(() => OnnxFile.Serialize(graph)).Message);
    }

    private static Graph Branch(Value outer)
    {
        var (own, result) = (new Value("own") { Constant = Tensor.Scalar(1f), Type = ElementType.Float, Dims = [] }, new Value("result"));
        return new Graph { Name = "branch", Opset = 17, Domains = new Dictionary<string, int> { ["com.microsoft"] = 1 }, Outputs = [result], Nodes = [new Node("Add", "add", [outer, own], [result])] };
    }

    private void AssertComesBack(Graph graph)
    {
        var path = _folder["saved.onnx"];
        OnnxFile.Save(graph, path);
        Assert.Equal(OnnxFile.Serialize(graph), File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
        Assert.Null(GraphDifference.Between(graph, OnnxFile.Load(path).Graph));
    }
}
