namespace OnnxViz.Coverage;

/// <summary>What becomes of gradients at an operator.</summary>
internal enum GradientSupport
{
    /// <summary>There is a rule, and it takes all nodes of this model.</summary>
    Full,

    /// <summary>The gradient is 0 or there is none by definition: shapes, comparisons, indices.</summary>
    Stops,

    /// <summary>No rule, or one that does not take some node of this model.</summary>
    Missing,
}

/// <summary>A node that no gradient passes.</summary>
/// <param name="Node">Its name.</param>
/// <param name="Operator">With the domain before it, unless it is ONNX's own.</param>
/// <param name="Domain">Empty for ONNX's own operators.</param>
/// <param name="Version">Version of the domain's operators, as the file says.</param>
/// <param name="OnPath">Whether it lies between the picture and what is explained.</param>
/// <param name="Reason">What is the matter.</param>
/// <param name="Remedy">What to do.</param>
/// <param name="Inside">Operators without a rule in its subgraphs.</param>
internal sealed record UncoveredNode(
    string Node, string Operator, string Domain, int Version, bool OnPath, string Reason, string Remedy, IReadOnlyList<string> Inside);

/// <summary>The nodes of one operator.</summary>
/// <param name="Operator">The row of the gradient table; for others the operator, with its domain.</param>
/// <param name="Nodes">How many are left once the model is fitted to the picture's size.</param>
/// <param name="OnPath">How many of them lie between the picture and what is explained.</param>
/// <param name="Support">What gradients do there.</param>
internal sealed record OperatorCoverage(string Operator, int Nodes, int OnPath, GradientSupport Support);

/// <summary>Which operators of a model have a gradient.</summary>
/// <param name="Operators">Missing ones first, then by number.</param>
/// <param name="Uncovered">In the order of the graph.</param>
/// <param name="Folded">Nodes of the file that the picture's size makes constants.</param>
/// <param name="OtherInputs">Inputs that are needed beside the picture.</param>
internal sealed record CoverageReport(
    IReadOnlyList<OperatorCoverage> Operators, IReadOnlyList<UncoveredNode> Uncovered, int Folded, IReadOnlyList<string> OtherInputs)
{
    /// <summary>Whether gradients reach the picture, once its other inputs are there.</summary>
    public bool IsCovered => !Uncovered.Any(u => u.OnPath);
}
