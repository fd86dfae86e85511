namespace OnnxViz.Graphs.Naming;

/// <summary>What the names and places of a node's constants say about it.</summary>
internal static class ParameterNames
{
    // ".weight" is PyTorch's, "_w_0" Caffe2's, whose classics the ONNX model zoo holds.
    private const int LongestChain = 32;

    /// <summary>Longer ones are no paths of modules.</summary>
    internal const int LongestName = 500;

    private static readonly string[] WeightEndings = [".weight", "_w_0"];

    /// <summary>
    /// The module that owns the node's parameters, by the name of its weight ("features.28.weight" -> "features.28"), or,
    /// of an addition behind a matrix product, by that of its bias; with the parameter, null where the names do not tell.
    /// </summary>
    public static (string Module, Value Parameter)? OwnerOf(Node node)
    {
        if (AddsBias(node)) return Owner(node.Input(1), [".bias"]) ?? Owner(node.Input(0), [".bias"]);
        return node.Traits.Weights.Select(i => Owner(node.Input(i), WeightEndings)).FirstOrDefault(owner => owner is not null);
    }

    /// <summary>The initializer that a value is made of, behind Casts and the like; otherwise the value itself.</summary>
    public static Value Source(Value value) => Chain(value).Last() is { } source && source.Constant is not null ? source : value;

    /// <summary>Whether the node adds a constant to what a convolution or a matrix product delivers.</summary>
    public static bool AddsBias(Node node) =>
        node.OpType == "Add"
        && node.Inputs.Any(i => i?.Producer?.Is(OperatorNature.Linear) == true)
        && node.Inputs.Any(i => i is not null && Chain(i).Last() is { Constant: not null } or { Producer.OpType: "ConstantOfShape" });

    private static (string, Value)? Owner(Value? parameter, string[] endings)
    {
        if (parameter is null || parameter.Name.Length > LongestName) return null;
        foreach (var value in Chain(parameter))
            foreach (var ending in endings)
                if (value.Name.Length > ending.Length && value.Name.EndsWith(ending, StringComparison.Ordinal))
                    return (value.Name[..^ending.Length], Source(parameter));
        return null;
    }

    private static IEnumerable<Value> Chain(Value value)
    {
        yield return value;
        for (var steps = 0; steps < LongestChain && value is { Constant: null, Producer: { } node } && IsStorage(node) && node.Input(0) is { } inner; steps++)
            yield return value = inner;
    }

    /// <summary>Whether the node changes how a weight is stored, not which one it is.</summary>
    private static bool IsStorage(Node node) => node.Is(OperatorNature.KeepsValues) || node is { OpType: "Transpose", Domain: "" };
}
