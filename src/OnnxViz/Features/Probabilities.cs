namespace OnnxViz.Features;

/// <summary>What the probabilities of a network's classes are.</summary>
public enum ProbabilityKind
{
    /// <summary>There are none: a single score that is no probability itself, or features of a network without a classifier.</summary>
    None,

    /// <summary>A softmax of the scores: the classes exclude each other.</summary>
    Softmax,

    /// <summary>The network's own numbers, one of each label by itself: it ends in sigmoids.</summary>
    Sigmoid,

    /// <summary>The network's own numbers: they are not negative and add up to 1.</summary>
    Network,
}

/// <summary>Which of its numbers are the probabilities of a network, if any.</summary>
internal static class Probabilities
{
    /// <summary>How far a sum of probabilities may be from 1: rounding, bounds that keep logarithms finite.</summary>
    private const double Slack = 1e-3;

    private static readonly HashSet<string> Passing =
        ["AveragePool", "Clip", "Gather", "GlobalAveragePool", "GlobalMaxPool", "MaxPool", "ReduceMax", "ReduceMean", "Resize", "Slice", "Transpose"];

    private static readonly HashSet<string> Combining = ["Add", "Concat", "Max", "Mean", "Min", "Mul", "Sum"];

    /// <param name="model">The network.</param>
    /// <param name="scores">Its scores, a value of its graph.</param>
    /// <param name="numbers">What they are of some pictures, [N, K].</param>
    public static ProbabilityKind Of(VisionModel model, Value scores, Tensor numbers)
    {
        if (!model.HasClasses) return ProbabilityKind.None;
        var classes = (int)numbers.Dims[1];
        var all = numbers.ToFloats();
        var isWithin = Array.TrueForAll(all, p => p is >= 0 and <= 1 + (float)Slack);
        if (classes > 1 && ClassOutput.IsBeforeSoftmax(model, scores)) return ProbabilityKind.Softmax;
        if (classes > 1 && isWithin && all.Chunk(classes).All(row => Math.Abs(row.Sum(p => (double)p) - 1) < Slack)) return ProbabilityKind.Network;
        if (isWithin && IsProbability(scores)) return ProbabilityKind.Sigmoid;
        return classes > 1 ? ProbabilityKind.Softmax : ProbabilityKind.None;
    }

    /// <summary>Whether a value is made of sigmoids and softmaxes in a way that keeps them probabilities.</summary>
    private static bool IsProbability(Value value)
    {
        if (value.Producer is not { Domain: "" } node) return false;
        if (node.OpType is "Sigmoid" or "HardSigmoid" or "Softmax") return true;
        if (node.Is(OperatorNature.KeepsValues) || Passing.Contains(node.OpType)) return IsProbability(node.Required(0));
        var parts = node.Inputs.OfType<Value>().Where(x => x is { Constant: null, Producer: not { OpType: "Constant" } }).ToList();
        // Divided by a number, or taken from 1.
        if (node.OpType is "Div" or "Sub") return parts is [var only] && only == node.Input(node.OpType == "Div" ? 0 : 1) && IsProbability(only);
        return Combining.Contains(node.OpType) && parts.Count > 0 && parts.TrueForAll(IsProbability);
    }
}
