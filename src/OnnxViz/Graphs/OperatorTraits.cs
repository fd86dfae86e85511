namespace OnnxViz.Graphs;

/// <summary>
/// One operator as all phases see it: shapes, receptive fields, names of layers, costs, gradients and their checks ask
/// here. What an operator computes is in the rules of each phase.
/// </summary>
/// <param name="Name">The operator; of other domains than ONNX's own with the domain and a dot before it.</param>
/// <param name="Nature">All that holds for it.</param>
internal sealed partial record OperatorTraits(string Name, OperatorNature Nature = OperatorNature.None)
{
    private static readonly OperatorTraits Unknown = new("");

    private static readonly Dictionary<string, OperatorTraits> ByName = Standard.Concat(Microsoft).ToDictionary(row => row.Name);

    /// <summary>Every operator of the table.</summary>
    public static IReadOnlyCollection<OperatorTraits> All => ByName.Values;

    /// <summary>Inputs that hold the weight: the usual one first. Empty where there is none.</summary>
    public int[] Weights { get; init; } = [];

    /// <summary>The input that is added, one number per channel or feature; null where there is none.</summary>
    public int? Bias { get; init; }

    /// <summary>Inputs that only steer the operator (axes, sizes, indices, conditions, bounds): no gradient reaches them.</summary>
    public int[] Steering { get; init; } = [];

    /// <summary>The operator's row; one without any nature for an operator that is not in the table.</summary>
    public static OperatorTraits Of(Node node) => Of(node.Domain.Length > 0 ? $"{node.Domain}.{node.OpType}" : node.OpType);

    /// <inheritdoc cref="Of(Node)"/>
    /// <param name="name">As <see cref="Name"/> has it.</param>
    public static OperatorTraits Of(string name) => ByName.GetValueOrDefault(name) ?? Unknown;

    /// <summary>Whether all of the natures given are the operator's.</summary>
    public bool Is(OperatorNature nature) => (Nature & nature) == nature;

    /// <summary>Whether no gradient reaches this input.</summary>
    public bool Stops(int input) => Is(OperatorNature.StopsGradients) || Array.IndexOf(Steering, input) >= 0;
}
