namespace OnnxViz.Check;

/// <summary>What came of checking one node by itself.</summary>
/// <param name="Node">Its name.</param>
/// <param name="Operator">The row of the gradient table that it belongs to.</param>
/// <param name="Verdict">Gradient against differences.</param>
/// <param name="Error">Relative to the length of the derivative.</param>
/// <param name="Kinks">Outputs that have a kink within the step, which were left out.</param>
/// <param name="Outputs">How many outputs there are.</param>
/// <param name="Note">Why there is nothing to compare; empty where there was.</param>
internal sealed record NodeResult(string Node, string Operator, Verdict Verdict, double Error, long Kinks, long Outputs, string Note = "");

/// <summary>The nodes of one operator, taken together.</summary>
/// <param name="Operator">The row of the gradient table.</param>
/// <param name="Nodes">How many lie between the picture and the layers.</param>
/// <param name="Checked">Those that were checked by themselves, the worst first.</param>
internal sealed record OperatorResult(string Operator, int Nodes, IReadOnlyList<NodeResult> Checked)
{
    public Verdict Verdict => Checked.Count == 0 ? Verdict.Unresolved : Checked.Max(n => n.Verdict);

    /// <summary>The largest relative error; null where nothing was compared.</summary>
    public double? Error => Checked.Where(n => n.Verdict is Verdict.Agrees or Verdict.Wrong).Select(n => (double?)n.Error).DefaultIfEmpty(null).Max();

    /// <summary>Share of the outputs that had a kink within the step.</summary>
    public double Kinks => Checked.Sum(n => n.Kinks) / (double)Math.Max(1, Checked.Sum(n => n.Outputs));
}
