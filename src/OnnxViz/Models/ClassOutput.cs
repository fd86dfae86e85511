using System.Runtime.CompilerServices;
using OnnxViz.Models.Classes;

namespace OnnxViz.Models;

/// <summary>Finds the scores of the classes: the output, or what is in front of a final softmax and of what chooses among the scores.</summary>
internal static class ClassOutput
{
    /// <summary>Operators behind the scores that choose among them or give them names, and which of their inputs leads to the scores.</summary>
    private static readonly Dictionary<string, int> Choosing = new()
    {
        ["ArgMax"] = 0,
        ["Hardmax"] = 0,
        ["TopK"] = 0,
        ["ai.onnx.ml.ZipMap"] = 0,
        ["ai.onnx.ml.ArrayFeatureExtractor"] = 1,
        ["ai.onnx.ml.LabelEncoder"] = 0,
        ["ai.onnx.ml.CategoryMapper"] = 0,
    };

    /// <summary>What was found for a model: it is asked for every name of a class.</summary>
    private static readonly ConditionalWeakTable<VisionModel, StrongBox<(Value Scores, bool HasClasses)?>> Chosen = [];

    /// <summary>The value that holds a score per class, [N, K] or [N, K, 1, 1] or [N, K, H, W]; of detectors [N, K, boxes].</summary>
    /// <exception cref="OnnxVizException">No output has an axis of classes.</exception>
    public static Value Of(VisionModel model) => Find(model)
        ?? throw OnnxVizException.OfModel(
            $"{model.Name} has no output with a score per class ({string.Join(", ", model.Graph.Outputs)}); explain a unit of a layer instead.", argument: "Layer");

    /// <summary>The value that holds a score per class, or a unit of features of a network without a classifier; null where there is none.</summary>
    public static Value? Find(VisionModel model) => Choose(model)?.Scores;

    /// <summary>Whether they are classes: their names are known, or what makes them makes classes (<see cref="ClassEvidence"/>).</summary>
    public static bool HasClasses(VisionModel model) => Choose(model) is var (scores, hasClasses) && (hasClasses || HasLabels(model, scores));

    /// <summary>"tiger cat", "class 282" where no names are known, "pool5 282" where there are no classes.</summary>
    public static string NameOf(VisionModel model, long number)
    {
        // A detector's boxes have names without an output of scores.
        if (model.Labels is { } labels && number < labels.Count && (HasClasses(model) || Find(model) is null)) return labels[(int)number];
        return Find(model) is { } features && !HasClasses(model) ? $"{model.Layers.NameOf(features)} {number}" : $"class {number}";
    }

    private static (Value Scores, bool HasClasses)? Choose(VisionModel model) => Chosen.GetValue(model, m => new(Search(m))).Value;

    private static (Value Scores, bool HasClasses)? Search(VisionModel model)
    {
        var boxes = model.Graph.Nodes.Where(n => n is { OpType: "NonMaxSuppression", Domain: "" }).ToList();
        var chosen = Behind(model.Graph, boxes);
        // What is gathered by the boxes that were chosen is of no class order.
        var found = model.Graph.Outputs.FindAll(o => !chosen.Contains(o)).Select(Scores).OfType<(Value Scores, bool HasClasses)>()
            .Concat(boxes.Select(n => n.Input(1)).OfType<Value>().Where(s => s.Producer is not null).Select(s => (Scores: s, HasClasses: true)))
            .OrderByDescending(f => f.HasClasses || HasLabels(model, f.Scores)).ThenByDescending(f => f.Scores.Dims is not null).ToList();
        return found.Count == 0 ? null : found[0];
    }

    /// <summary>The scores that a final Softmax or LogSoftmax turns into probabilities; the value itself where there is none.</summary>
    public static Value BeforeSoftmax(Value output)
    {
        for (var value = output; value.Producer is { } node;)
        {
            if (IsSoftmax(node)) return node.Required(0);
            if (!node.Is(OperatorNature.KeepsValues)) break;
            value = node.Required(0);
        }

        return output;
    }

    /// <summary>Whether the network itself turns the scores into probabilities by a softmax.</summary>
    public static bool IsBeforeSoftmax(VisionModel model, Value scores) => model.Graph.Nodes.Exists(n => IsSoftmax(n) && n.Input(0) == scores);

    private static bool IsSoftmax(Node node) => node is { OpType: "Softmax" or "LogSoftmax", Domain: "" };

    /// <summary>Whether each number of an output has a name.</summary>
    private static bool HasLabels(VisionModel model, Value scores) => model.Labels is { } labels && (scores.Dims is not [_, > 0 and var count, ..] || count == labels.Count);

    private static (Value Scores, bool HasClasses)? Scores(Value output)
    {
        if (output.Producer is null) return null;
        var chosenFrom = ChosenFrom(output);
        if (chosenFrom is null && !output.Type.IsFloating()) return null;
        var scores = BeforeSoftmax(chosenFrom ?? Unsqueezed(output));
        return IsPerUnit(scores) ? (scores, chosenFrom is not null || ClassEvidence.Has(output)) : null;
    }

    /// <summary>What the last operator that chooses among scores chooses from; null where none does.</summary>
    private static Value? ChosenFrom(Value output)
    {
        Value? found = null;
        for (var value = output; value.Producer is { } node;)
        {
            if (Choosing.TryGetValue(Name(node), out var from))
            {
                if (!IsAlongClasses(node)) break;
                found = value = node.Required(from);
            }
            else if (node.Is(OperatorNature.KeepsValues) || (found is null && IsSoftmax(node))) value = node.Required(0);
            else break;
        }

        return found;
    }

    /// <summary>All that depends on the results of some nodes.</summary>
    private static HashSet<Value> Behind(Graph graph, List<Node> nodes)
    {
        var reached = nodes.SelectMany(n => n.Outputs).ToHashSet();
        if (reached.Count == 0) return reached;
        foreach (var node in graph.Nodes)
            if (node.Needs().Any(reached.Contains)) reached.UnionWith(node.Outputs);
        return reached;
    }

    /// <summary>A single score for each picture, [N], as it was before an axis was taken from it.</summary>
    private static Value Unsqueezed(Value output)
    {
        var value = output;
        while (value.Dims is { Length: 1 } && value.Producer is { OpType: "Squeeze" or "Reshape" or "Flatten" or "Identity" or "Cast", Domain: "" } node) value = node.Required(0);
        return value.Dims is null or [_, 1] ? value : output;
    }

    private static bool IsPerUnit(Value scores) =>
        scores is { Producer: not null, Dims: null or { Length: 2 or 4 } } && (scores.Type.IsFloating() || scores.Type == ElementType.Undefined);

    /// <summary>What chooses among positions is no classifier.</summary>
    private static bool IsAlongClasses(Node node)
    {
        if (node is not { OpType: "ArgMax" or "TopK" or "Hardmax", Domain: "" }) return true;
        var axis = node.Int("axis", node.OpType == "ArgMax" ? 0 : -1);
        return node.Input(0)?.Dims?.Length switch
        {
            2 => axis is 1 or -1,
            4 => axis is 1 or -3 or 3 or -1,
            null => axis is 1 or -1 or 3,
            _ => axis is 1,
        };
    }

    private static string Name(Node node) => node.Domain.Length == 0 ? node.OpType : $"{node.Domain}.{node.OpType}";
}
