using Google.Protobuf;
using OnnxViz.Features;
using OnnxViz.Graphs;
using OnnxViz.Models;
using OnnxViz.Onnx.Proto;
using OnnxViz.Runtime;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Models;

/// <summary>What classes are read from, whatever a network makes of their scores, and what their probabilities are.</summary>
public sealed class ClassOutputTests : IDisposable
{
    private static readonly RuntimeOptions Cpu = RuntimeOptions.Default with { Device = Device.Cpu };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("ArgMax:z:y:axis=1", "y:7:1")]
    [InlineData("Softmax:z:p:axis=1 ArgMax:p:a:axis=-1 Cast:a:y:to=6", "y:6:1,1")]
    [InlineData("ArgMax:z:a:axis=1 Reshape:a,one:y", "y:7:1")]
    [InlineData("TopK:z,one:v,y:axis=1", "v:1:1,1 y:7:1,1")]
    [InlineData("TopK:z,one:v,y:axis=-1", "y:7:1,1")]
    [InlineData("Softmax:z:p:axis=1 TopK:p,one:v,y:axis=1", "v:1:1,1 y:7:1,1")]
    [InlineData("TopK:z,one:v,i:axis=1 Softmax:v:p:axis=1 Cast:i:y:to=6", "p:1:1,1 y:6:1,1")]
    [InlineData("Softmax:z:p:axis=1 ai.onnx.ml.ZipMap:p:y", "y:0:")]
    [InlineData("Softmax:z:p:axis=1 ArgMax:p:a:axis=1 ai.onnx.ml.LabelEncoder:a:l ai.onnx.ml.ZipMap:p:y", "l:8:1 y:0:")]
    [InlineData("Hardmax:z:y:axis=1", "y:1:1,5")]
    public void Scores_are_found_in_front_of_what_chooses_among_them(string tail, string outputs)
    {
        using var model = Load(tail, outputs);
        Assert.Equal("z", ClassOutput.Of(model).Name);
        Assert.Contains(model.Layers.Layers, l => l.Value.Name == "z");
        Assert.Contains(model.Layers.Layers, l => l.Value.Name == "features");
    }

    [Theory]
    [InlineData("ArgMax:z:y:axis=0", "y:7:5")]
    [InlineData("TopK:z,one:v,y:axis=0", "v:1:1,5 y:7:1,5")]
    public void What_chooses_along_another_axis_is_no_classifier(string tail, string outputs)
    {
        using var model = Load(tail, outputs);
        Assert.NotEqual("z", ClassOutput.Find(model)?.Name);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_detector_has_the_classes_that_its_boxes_are_chosen_by(bool gathers)
    {
        const string boxes = "Reshape:features,quads:boxes Reshape:features,maps:scores NonMaxSuppression:boxes,scores,one,half,none:sel";
        using var model = Load(gathers ? $"{boxes} Cast:sel:f:to=1 Gather:f,zero:y:axis=1" : $"{boxes} Identity:sel:y", gathers ? "y:1:-1,1" : "y:7:-1,3");
        Assert.Equal("scores", ClassOutput.Of(model).Name);
        Assert.Equal([1, 4], Classification.Scores(model, Picture(), Cpu).Dims);
    }

    [Theory]
    [InlineData("Identity:z:y", 5, ProbabilityKind.Softmax)]
    [InlineData("Softmax:z:y:axis=1", 5, ProbabilityKind.Softmax)]
    [InlineData("LogSoftmax:z:y:axis=1", 5, ProbabilityKind.Softmax)]
    [InlineData("Sigmoid:z:y", 5, ProbabilityKind.Sigmoid)]
    [InlineData("Sigmoid:z:s Clip:s:y", 5, ProbabilityKind.Sigmoid)]
    [InlineData("Sigmoid:z:s Sigmoid:s:t Mean:s,t:y", 5, ProbabilityKind.Sigmoid)]
    [InlineData("Neg:z:n Softmax:z:p:axis=1 Softmax:n:q:axis=1 Mean:p,q:y", 5, ProbabilityKind.Network)]
    [InlineData("Exp:z:e ReduceL1:e:t Div:e,t:y", 5, ProbabilityKind.Network)]
    [InlineData("ReduceMean:z:y", 1, ProbabilityKind.None)]
    [InlineData("ReduceMean:z:m Sigmoid:m:y", 1, ProbabilityKind.Sigmoid)]
    [InlineData("ReduceMean:z:m Sigmoid:m:s Reshape:s,one:y", 0, ProbabilityKind.Sigmoid)]
    public void Probabilities_are_the_networks_own_where_it_has_some(string tail, int classes, ProbabilityKind kind)
    {
        using var model = Load(tail, classes == 0 ? "y:1:1" : $"y:1:1,{classes}");
        var input = Picture();
        var scores = Classification.Scores(model, input, Cpu);
        Assert.Equal(kind, Probabilities.Of(model, ClassOutput.Of(model), scores));
        var found = Classification.Top(Tensors.Row(scores, 0), 9, kind);
        Assert.Equal(Math.Max(classes, 1), found.Count);
        if (kind == ProbabilityKind.None) Assert.All(found, p => Assert.Null(p.Probability));
        else if (kind == ProbabilityKind.Softmax) Assert.Equal(1, found.Sum(p => p.Probability!.Value), 1e-5f);
        else Assert.All(found, p => Assert.Equal(p.Score, p.Probability));
    }

    [Theory]
    [InlineData("Sigmoid:z:y", "sigmoid")]
    [InlineData("Identity:z:y", "softmax")]
    public void Predict_says_which_kind(string tail, string kind)
    {
        Load(tail, "y:1:1,5").Dispose();
        var picture = _folder.Write("x.npy", OnnxViz.Onnx.NpyFile.Encode(Picture().As<float>(), 1, 3, 8, 8));
        var run = CliRun.Of("predict", "-m", _folder["m.onnx"], "--input-tensor", picture, "--device", "cpu", "--json");
        Assert.True(run.Exit == 0, run.Error);
        Assert.Equal(kind, (string)run.Json["probability_kind"]!);
        var classes = run.Json["pictures"]![0]!["classes"]!.AsArray();
        Assert.Equal(kind == "sigmoid", classes.All(c => (float)c!["probability"]! == (float)c["score"]!));
    }

    private static Tensor Picture() => TinyTensors.Random(ElementType.Float, new Random(3), [1, 3, 8, 8]);

    /// <summary>A picture's features [1, 6, 8, 8], scores z [1, 5], and nodes written as Op:inputs:outputs:axis=1.</summary>
    private VisionModel Load(string tail, string outputs)
    {
        var random = new Random(1);
        var forged = Forgery.Model(
            Forgery.Node("Conv", ["x", "w"], ["c"], Forgery.Ints("pads", 1, 1, 1, 1)), Forgery.Node("Relu", ["c"], ["features"]),
            Forgery.Node("GlobalAveragePool", ["features"], ["g"]), Forgery.Node("Flatten", ["g"], ["f0"]), Forgery.Node("MatMul", ["f0", "k"], ["z"]));
        forged.Graph.Initializer.Add([Weights("w", random, 6, 3, 3, 3), Weights("k", random, 6, 5), Longs("one", 1), Longs("zero", 0), Longs("quads", 1, -1, 4), Longs("maps", 1, 4, -1), Float("half", 0.5f), Float("none", 0)]);
        foreach (var text in tail.Split(' '))
        {
            var parts = text.Split(':');
            var (domain, op) = parts[0].LastIndexOf('.') is > 0 and var dot ? (parts[0][..dot], parts[0][(dot + 1)..]) : ("", parts[0]);
            var node = Forgery.Node(op, parts[1].Split(','), parts[2].Split(','), [.. parts.Skip(3).Select(p => Forgery.Int(p.Split('=')[0], long.Parse(p.Split('=')[1])))]);
            if (op.StartsWith("Reduce", StringComparison.Ordinal)) node.Attribute.Add(Forgery.Ints("axes", 1));
            if (op == "ZipMap") node.Attribute.Add(Texts("classlabels_strings", "a", "b", "c", "d", "e"));
            node.Domain = domain;
            forged.Graph.Node.Add(node);
        }

        forged.Graph.Output.Clear();
        foreach (var output in outputs.Split(' '))
        {
            var parts = output.Split(':');
            var info = Forgery.Info(parts[0], [.. parts[2].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse)]);
            info.Type.TensorType.ElemType = int.Parse(parts[1]);
            forged.Graph.Output.Add(info);
        }

        forged.OpsetImport.Add(new OperatorSetIdProto { Domain = "ai.onnx.ml", Version = 2 });
        return VisionModel.Load(_folder.Write("m.onnx", forged.ToByteArray()), ModelCatalog.Open());
    }

    private static TensorProto Weights(string name, Random random, params long[] dims) => new()
    {
        Name = name,
        DataType = (int)ElementType.Float,
        Dims = { dims },
        FloatData = { TinyTensors.Random(ElementType.Float, random, dims).ToFloats() },
    };

    private static TensorProto Longs(string name, params long[] numbers) => new() { Name = name, DataType = (int)ElementType.Int64, Dims = { numbers.Length }, Int64Data = { numbers } };

    private static TensorProto Float(string name, float number) => new() { Name = name, DataType = (int)ElementType.Float, Dims = { 1 }, FloatData = { number } };

    private static AttributeProto Texts(string name, params string[] texts) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Strings, Strings = { texts.Select(ByteString.CopyFromUtf8) } };
}
