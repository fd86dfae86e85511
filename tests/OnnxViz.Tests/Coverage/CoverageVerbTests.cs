using Google.Protobuf;
using OnnxViz.Graphs.Emit;
using OnnxViz.Onnx.Proto;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Snapshots;
using Xunit;
using AttributeKind = OnnxViz.Onnx.Proto.AttributeProto.Types.AttributeType;

namespace OnnxViz.Tests.Coverage;

public sealed class CoverageVerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Of_a_carried_model() => Snapshot.Verify(CliRun.Text("coverage", "efficientnet-lite0"));

    [Fact]
    public void Without_a_model_every_rule_is_listed()
    {
        var json = CliRun.Of("coverage", "--json").Json;
        Assert.Equal(
            OnnxViz.Autodiff.GradientRules.Default.Operators.Order(StringComparer.Ordinal), json["operators"]!.AsArray().Select(o => (string)o!["op"]!));
        var rectifiers = json["operators"]!.AsArray().Where(o => (bool)o!["rectifier"]!).Select(o => (string)o!["op"]!).ToArray();
        Assert.Contains("Relu", rectifiers);
        Assert.DoesNotContain("Conv", rectifiers);
        Assert.Contains("ArgMax", json["stops"]!.AsArray().Select(s => (string)s!));
        Assert.Contains("Relu", CliRun.Text("coverage"));
    }

    /// <summary>All that is missing, behind a loop and off the path too; what stands between them is judged as well.</summary>
    [Fact]
    public void All_missing_operators_are_named_with_where_they_are()
    {
        var model = Forgery.Model(
            Private("Fancy", "x", "a"), Loop("a", "b"), Forgery.Node("Relu", ["b"], ["c"]), Private("Fancier", "c", "y"), Private("Aside", "x", "z"));
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "acme", Version = 3 });
        model.Graph.Output.Add(Forgery.Info("z"));
        model.Graph.Initializer.Add(Forgery.Tensor("w", 1));
        var run = CliRun.Of("coverage", _folder.Write("m.onnx", model.ToByteArray()), "--layers", "y", "--json");

        Assert.Equal((3, false), (run.Exit, (bool)run.Json["covered"]!));
        var missing = run.Json["missing"]!.AsArray();
        Assert.Equal(["acme.Fancy", "Loop", "acme.Fancier", "acme.Aside"], missing.Select(m => (string)m!["op"]!));
        Assert.Equal([true, true, true, false], missing.Select(m => (bool)m!["on_path"]!));
        Assert.Equal([3, 17, 3, 3], missing.Select(m => (int)m!["version"]!));
        Assert.Equal(["acme.Inner"], missing[1]!["inside"]!.AsArray().Select(i => (string)i!));
        Assert.Contains("a layer before it, such as '", (string)missing[1]!["remedy"]!);
        var relu = run.Json["operators"]!.AsArray().Single(o => (string)o!["op"]! == "Relu")!;
        Assert.Equal(("full", 1), ((string)relu["gradient"]!, (int)relu["on_path"]!));

        var text = CliRun.Of("coverage", _folder["m.onnx"], "--layers", "y");
        Assert.Contains("NOT covered: 3 nodes", text.Out);
        Assert.Contains("acme.Fancy node 'fancy' (acme 3): there is no gradient rule for it.", text.Out);
    }

    [Fact]
    public void What_is_missing_off_the_path_does_no_harm()
    {
        var model = Forgery.Model(Forgery.Node("Relu", ["x"], ["y"]), Private("Aside", "x", "z"));
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "acme", Version = 3 });
        model.Graph.Output.Add(Forgery.Info("z"));
        var run = CliRun.Of("coverage", _folder.Write("m.onnx", model.ToByteArray()), "--layers", "relu");
        Assert.Equal(0, run.Exit);
        Assert.Contains("acme.Aside node 'aside' (acme 3, not on the path)", run.Out);
    }

    /// <summary>A second input, a table of strings and a loop: what depends on the picture alone in full.</summary>
    [Theory]
    [InlineData("other", 0)]
    [InlineData("strings", 0)]
    [InlineData("loop", 3)]
    public void Networks_that_need_more_than_a_picture_are_told_of(string kind, int exit)
    {
        var forged = Forgery.Model(Forgery.Node("Relu", ["x"], ["a"]));
        forged.Graph.Initializer.Add(Forgery.Tensor("w", 1));
        if (kind == "other")
        {
            forged.Graph.Input.Add(Forgery.Info("age", 1, 1));
            forged.Graph.Node.Add([Forgery.Node("ReduceMean", ["a"], ["m"], Forgery.Ints("axes", 2, 3), Forgery.Int("keepdims", 0)), Forgery.Node("Concat", ["m", "age"], ["y"], Forgery.Int("axis", 1))]);
        }
        else if (kind == "strings")
        {
            forged.Graph.Initializer.Add(new TensorProto { Name = "names", DataType = (int)OnnxViz.Graphs.ElementType.String, Dims = { 3 }, StringData = { ByteString.CopyFromUtf8("a"), ByteString.CopyFromUtf8("b"), ByteString.CopyFromUtf8("c") } });
            forged.Graph.Node.Add([Forgery.Node("ReduceMean", ["a"], ["z"], Forgery.Ints("axes", 2, 3), Forgery.Int("keepdims", 0)), Forgery.Node("ArgMax", ["z"], ["i"], Forgery.Int("axis", 1)), Forgery.Node("Gather", ["names", "i"], ["y"])]);
            forged.Graph.Output[0].Type.TensorType.ElemType = (int)OnnxViz.Graphs.ElementType.String;
        }
        else
        {
            forged.Graph.Node.Add(Loop("a", "y"));
            forged.OpsetImport.Add(new OperatorSetIdProto { Domain = "acme", Version = 3 });
        }

        var model = _folder.Write("m.onnx", forged.ToByteArray());
        var coverage = CliRun.Of("coverage", model, "--json");
        Assert.Equal(exit, coverage.Exit);
        Assert.Equal(kind == "other" ? ["age"] : [], coverage.Json["other_inputs"]!.AsArray().Select(i => (string)i!));
        var summary = CliRun.Of("summary", model, "--json");
        Assert.True(summary.Exit == 0, summary.Error);
        var layers = summary.Json["layers"]!.AsArray();
        Assert.Equal("[1,3,8,8]", layers[0]!["output_shape"]!.ToJsonString());
        if (kind == "loop") Assert.Contains("?", CliRun.Text("summary", model));
        Assert.Equal("a", (string)layers[0]!["tensor"]!);
    }

    [Fact]
    public void A_size_that_does_not_fit_is_no_shape_that_is_not_known()
    {
        var forged = Forgery.Model(Forgery.Node("Flatten", ["x"], ["f"]), Forgery.Node("MatMul", ["f", "k"], ["y"]));
        forged.Graph.Input[0].Type.TensorType.Shape.Dim[2].DimParam = "h";
        forged.Graph.Initializer.Add(Forgery.Tensor("k", 192, 2));
        var run = CliRun.Of("summary", _folder.Write("m.onnx", forged.ToByteArray()), "--size", "16x8");
        Assert.Equal(3, run.Exit);
        Assert.Contains("384 is not 192", run.Error);
    }

    private static NodeProto Private(string op, string input, string output)
    {
        var node = Forgery.Node(op, [input], [output]);
        node.Domain = "acme";
        return node;
    }

    private static NodeProto Loop(string input, string output)
    {
        var inner = Private("Inner", input, "r");
        var body = new GraphProto { Name = "body", Node = { inner }, Output = { Forgery.Info("r") } };
        return Forgery.Node("Loop", ["w", "", input], [output], new AttributeProto { Name = "body", Type = AttributeKind.Graph, G = body });
    }
}
