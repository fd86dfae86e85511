using OnnxViz.Autodiff.Rules;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;

namespace OnnxViz.Tests.Support.Networks;

/// <summary>Compares graphs by what a file holds of them, and says where they differ.</summary>
public static class GraphDifference
{
    /// <summary>The first difference, or null when there is none.</summary>
    public static string? Between(Graph a, Graph b)
    {
        var differences = Lines(a).Zip(Lines(b)).Where(pair => pair.First != pair.Second).Select(pair => $"{pair.First}\nbut is\n{pair.Second}");
        var (countA, countB) = (Lines(a).Count(), Lines(b).Count());
        return differences.FirstOrDefault() ?? (countA == countB ? null : $"{countA} lines became {countB}");
    }

    private static IEnumerable<string> Lines(Graph graph)
    {
        yield return $"graph {graph.Name} opset {graph.Opset} {string.Join(' ', graph.Domains.OrderBy(d => d.Key))}";
        foreach (var value in graph.Inputs) yield return $"input {value}";
        foreach (var value in graph.Outputs) yield return $"output {value}";
        foreach (var node in graph.Nodes)
        {
            yield return $"{node} ({string.Join(", ", node.Inputs.Select(i => i?.Name ?? "-"))}) -> {string.Join(", ", node.Outputs.Select(o => o.ToString()))}";
            foreach (var (name, value) in node.Attributes.OrderBy(a => a.Key, StringComparer.Ordinal))
            {
                yield return $"{node}.{name} = {Text(value)}";
                if (value is Graph subgraph)
                    foreach (var line in Lines(subgraph)) yield return $"{node}.{name}: {line}";
            }
        }

        foreach (var value in graph.Values())
            if (value.Constant is { } tensor) yield return $"constant {value} = {Text(tensor)}";
    }

    private static string Text(object value) => value switch
    {
        long[] numbers => $"ints [{string.Join(',', numbers)}]",
        float[] numbers => $"floats [{string.Join(',', numbers)}]",
        string[] texts => $"strings [{string.Join(',', texts)}]",
        Tensor tensor => $"{tensor} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(tensor.Read()))}",
        Graph => "graph",
        _ => $"{value.GetType().Name} {value}",
    };
}
