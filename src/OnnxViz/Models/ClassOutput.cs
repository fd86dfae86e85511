namespace OnnxViz.Models;

/// <summary>Finds the scores of the classes: the output before a trailing softmax.</summary>
internal static class ClassOutput
{
    /// <summary>The value that holds a score per class, [N, K] or [N, K, 1, 1] or [N, K, H, W].</summary>
    /// <exception cref="OnnxVizException">No output has an axis of classes.</exception>
    public static Value Of(VisionModel model) => Find(model)
        ?? throw OnnxVizException.Input(
            $"{model.Name} has no output with a score per class ({string.Join(", ", model.Graph.Outputs)}); explain a unit of a layer instead.", argument: "Layer");

    /// <summary>The value that holds a score per class; null where there is none.</summary>
    public static Value? Find(VisionModel model) =>
        model.Graph.Outputs.Find(o => o is { Producer: not null } && o.Type.IsFloating() && o.Dims is null or { Length: 2 or 4 }) is { } output
            ? BeforeSoftmax(output)
            : null;

    /// <summary>The scores that a final Softmax or LogSoftmax turns into probabilities; the value itself where there is none.</summary>
    public static Value BeforeSoftmax(Value output)
    {
        for (var value = output; value.Producer is { } node;)
        {
            if (node.OpType is "Softmax" or "LogSoftmax") return node.Required(0);
            if (!node.Is(OperatorNature.KeepsValues)) break;
            value = node.Required(0);
        }

        return output;
    }
}
