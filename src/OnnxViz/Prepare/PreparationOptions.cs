using OnnxViz.Autodiff;

namespace OnnxViz.Prepare;

/// <summary>What to prepare.</summary>
/// <param name="Layers">Values of the model's graph, each to get a graph for every rule.</param>
/// <param name="Rules">How gradients are taken.</param>
public sealed record PreparationOptions(IReadOnlyList<Value> Layers, IReadOnlyList<GradientRules> Rules)
{
    /// <summary>Height and width of all pictures; null to leave open what the model leaves open.</summary>
    public (int Height, int Width)? Size { get; init; }

    /// <summary>Pictures at a time; null to leave open what the model leaves open.</summary>
    public int? Batch { get; init; }

    /// <summary>Layers that have no gradient are left out and told, instead of being an error.</summary>
    public bool LeavesOut { get; init; }
}

/// <param name="Index">What model.json says.</param>
/// <param name="LeftOut">Layer and rule, and why there is no graph for them.</param>
internal sealed record PreparationResult(PreparedIndex Index, IReadOnlyList<(string Layer, string Rule, string Reason)> LeftOut);
