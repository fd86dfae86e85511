using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Graphs.Folding;
using OnnxViz.Graphs.Inference;
using OnnxViz.Graphs.Opsets;
using OnnxViz.Tests.Graphs;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Onnx;

/// <summary>The cases of the tables that were worked out by hand, once more by ONNX Runtime.</summary>
public class OrtTwinTests
{
    public static IEnumerable<object[]> ShapeRows => OrtTwin.Rows(typeof(ShapeInferenceTests))
        .Where(row => row.Length > 3 && !row.Contains("[2,3,4] i64[3]") && !((string)row[1]).Contains("...") && !IsRefused((string)row[0], (string)row[2]))
        .Select(row => new[] { row[0], row[1], row[2], row.Length > 4 ? row[4] : 1 });

    [Theory]
    [MemberData(nameof(ShapeRows))]
    public void Shapes_are_those_of_the_results(string op, string inputs, string attributes, int outputs)
    {
        var node = TextNode.Parse(op, inputs, attributes, outputs);
        ShapeInference.Infer(node);
        var graph = OrtTwin.Alone(node, OpsetOf(node));
        var results = OrtTwin.Run(graph, OrtTwin.Feeds(graph));
        foreach (var (value, result) in node.Outputs.Zip(results))
        {
            Assert.Equal(result.Type, value.Type);
            Assert.Equal(result.Dims.Length, value.Rank);
            Assert.All(value.Dims!.Zip(result.Dims), pair => Assert.True(pair.First < 0 || pair.First == pair.Second, $"{value} is {result}"));
        }
    }

    public static IEnumerable<object[]> FoldRows => OrtTwin.Rows(typeof(ConstantFoldingTests))
        .Where(row => row.Length == 4 && ((string)row[1]).Contains('='))
        .Select(row => new[] { row[0], row[1], row[3] });

    [Theory]
    [MemberData(nameof(FoldRows))]
    public void Folded_results_are_those_of_running(string op, string inputs, string attributes)
    {
        var node = TextNode.Parse(op, inputs, attributes);
        ShapeInference.Infer(node);
        var folded = ConstantFolding.TryFold(node)![0];
        var graph = OrtTwin.Alone(node, node.Has("block_size") ? 21 : 18, feedConstants: true);
        var feeds = node.Inputs.OfType<Value>().Distinct().Select((x, i) => ($"x{i}", x.Constant!)).ToDictionary();
        AssertNear(OrtTwin.Run(graph, feeds)[0], folded, 2e-7);
    }

    public static IEnumerable<object[]> ConversionRows => OrtTwin.Rows(typeof(OpsetConversionTests))
        .Where(row => row.Length == 7)
        .Select(row => new[] { row[0], row[1], row[2], row[3], row[6] });

    [Theory]
    [MemberData(nameof(ConversionRows))]
    public void Converted_nodes_compute_the_same(int opset, string op, string inputs, string attributes, int target)
    {
        var graph = OrtTwin.Alone(TextNode.Parse(op, inputs, attributes), opset);
        var feeds = OrtTwin.Feeds(graph);
        var builder = new GraphBuilder(opset: target);
        var fed = graph.Inputs.ToDictionary(x => x, x => builder.Input(x.Name, x.Type, x.Dims!));
        builder.Output("y", builder.Inline(graph, fed, graph.Outputs)[graph.Outputs[0]]);
        AssertNear(OrtTwin.Run(graph, feeds)[0], OrtTwin.Run(builder.Graph, feeds)[0], 2e-6);
    }

    /// <summary>The forms that some rows have are those of older or newer opsets.</summary>
    /// <summary>What ONNX has and ONNX Runtime has not: recurrences whose hidden size only their weights say, or with the batch in front.</summary>
    private static bool IsRefused(string op, string attributes) =>
        op is "LSTM" or "GRU" or "RNN" && (!attributes.Contains("hidden_size") || attributes.Contains("layout=1"));

    private static int OpsetOf(Node node) => node.OpType switch
    {
        "RMSNormalization" => 23,
        "Swish" => 24,
        "CumProd" or "BitCast" => 26,
        "Scatter" or "Slice" when node.Inputs.Length == 1 || node.OpType == "Scatter" => 9,
        "Split" when node.Inputs.Length == 1 && !node.Has("num_outputs") => 12,
        "Squeeze" or "Unsqueeze" or "ReduceMean" when node.Has("axes") => 12,
        _ => 21,
    };

    private static void AssertNear(Tensor expected, Tensor found, double tolerance)
    {
        Assert.Equal(expected.ToString(), found.ToString());
        var (numbers, truth) = (found.ToDoubles(), expected.ToDoubles());
        var limit = tolerance * truth.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max();
        foreach (var (ours, theirs) in numbers.Zip(truth))
            Assert.True(ours.Equals(theirs) || Math.Abs(ours - theirs) <= limit, $"{TextNode.Text(found)} but {TextNode.Text(expected)}");
    }
}
