using System.Globalization;

namespace OnnxViz.Saliency;

/// <summary>Looks at attributions for what a reader has to know before believing them.</summary>
internal static class Caveats
{
    /// <summary>Of a probability: float32 holds no number much nearer to 1.</summary>
    private const float Rounding = 1e-7f;

    /// <param name="task">What was asked.</param>
    /// <param name="method">By which it was answered.</param>
    /// <param name="result">The answer.</param>
    /// <returns>Of each row.</returns>
    public static IReadOnlyList<IReadOnlyList<Caveat>> Of(SaliencyTask task, SaliencyMethod method, SaliencyResult result)
    {
        return [.. Enumerable.Range(0, result.Scores.Length).Select(row => Row(row).Concat(method.CaveatsOf(task, result, row)).ToList())];

        IEnumerable<Caveat> Row(int row)
        {
            var map = Tensors.Row(result.Attribution, row);
            if (!map.ContainsAnyExcept(map[0])) yield return new(CaveatKind.ConstantMap, Constant(map[0], map.Length));
            if (task.Target.Minus is null && IsProbability(task.Target.Layer) && result.Scores[row] is <= Rounding or >= 1 - Rounding)
                yield return new(CaveatKind.SaturatedScore, string.Create(CultureInfo.InvariantCulture, $"explains a saturated score: a probability of {result.Scores[row]:0.######} hardly changes with the picture"));
        }

        string Constant(float value, int length) => (value, length) switch
        {
            (0, _) => $"is zero everywhere{(result.MapLayer is { } layer ? $": nothing in {task.Model.Layers.NameOf(layer)} speaks for it" : "")}",
            (_, 1) => "has one position and so says nothing of where",
            _ => "has one value everywhere",
        };
    }

    /// <summary>Whether the explained values are what a sigmoid or a softmax makes.</summary>
    private static bool IsProbability(Value value)
    {
        while (value.Producer is { } node && node.Is(OperatorNature.KeepsValues)) value = node.Required(0);
        return value.Producer is { OpType: "Sigmoid" or "HardSigmoid" or "Softmax", Domain: "" };
    }
}
