using System.Reflection;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Graphs.Inference;
using OnnxViz.Runtime;
using Xunit;

namespace OnnxViz.Tests.Support.Networks;

/// <summary>One node alone, run by ONNX Runtime: the second opinion on whatever we compute about nodes.</summary>
internal static class OrtTwin
{
    /// <summary>The rows of all theories of a test class, for another theory to go through.</summary>
    public static IEnumerable<object[]> Rows(Type tests) =>
        tests.GetMethods().SelectMany(m => m.GetCustomAttributes<InlineDataAttribute>().SelectMany(a => a.GetData(m)));

    /// <summary>The graph of one node; its variables are fed, its constants only if wanted.</summary>
    public static Graph Alone(Node node, int opset, bool feedConstants = false)
    {
        var twins = new Dictionary<Value, Value>();
        foreach (var x in node.Inputs.OfType<Value>())
            twins.TryAdd(x, new Value($"x{twins.Count}") { Type = x.Type, Dims = x.Dims, Constant = feedConstants ? null : x.Constant });
        var arguments = Array.ConvertAll(node.Inputs, x => x is null ? null : twins[x]);
        var outputs = Array.ConvertAll(node.Outputs, y => new Value(y.Name));
        var twin = new Node(node.OpType, node.Name, arguments, outputs, node.Attributes);
        // A file has to name the type of an output; the shape is left to ONNX Runtime.
        foreach (var output in outputs) output.Type = node.Input(0)?.Type ?? ElementType.Float;
        ShapeInference.Infer(twin);
        foreach (var output in outputs) output.Dims = null;
        return new Graph
        {
            Opset = opset,
            Inputs = [.. twins.Values.Where(x => x.Constant is null)],
            Nodes = [twin],
            Outputs = [.. outputs],
        };
    }

    /// <summary>Numbers from 0.5 to 1.5, which all operators take; integers and conditions are 1, open dimensions 4.</summary>
    public static Dictionary<string, Tensor> Feeds(Graph graph)
    {
        var random = new Random(graph.Inputs.Count);
        return graph.Inputs.ToDictionary(x => x.Name, x =>
        {
            var dims = Array.ConvertAll(x.Dims!, d => d < 0 ? 4 : d);
            var numbers = new float[Shapes.Count(dims)];
            for (var i = 0; i < numbers.Length; i++) numbers[i] = x.Type.IsFloating() ? 0.5f + random.NextSingle() : 1;
            return OnnxViz.Graphs.Folding.Casting.To(Tensor.Of(numbers, dims), x.Type);
        });
    }

    public static Tensor[] Run(Graph graph, IReadOnlyDictionary<string, Tensor> feeds)
    {
        using var session = new Session(graph, RuntimeOptions.Default);
        var results = session.Run(feeds);
        return [.. graph.Outputs.Select(o => results[o.Name])];
    }
}
