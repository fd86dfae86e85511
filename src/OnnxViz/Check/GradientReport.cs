using OnnxViz.Autodiff.Rules;

namespace OnnxViz.Check;

/// <summary>One directional derivative, by the gradient and by differences.</summary>
/// <param name="Point">Number of the input.</param>
/// <param name="Direction">Which way: "gradient", or "random 1".</param>
/// <param name="Derivative">By differences of the network under the activation pattern of the point.</param>
/// <param name="Product">Gradient times direction.</param>
/// <param name="Error">Their distance, relative to the derivative's size.</param>
/// <param name="Flips">Decisions of ReLUs, clips and pools that differ just left and right of the point.</param>
/// <param name="Verdict">What follows.</param>
internal sealed record DirectionResult(int Point, string Direction, double Derivative, double Product, double Error, long Flips, Verdict Verdict);

/// <summary>What came of a layer.</summary>
/// <param name="Layer">Its name.</param>
/// <param name="Op">What computes it.</param>
/// <param name="Directions">All comparisons.</param>
internal sealed record LayerResult(string Layer, string Op, IReadOnlyList<DirectionResult> Directions)
{
    public Verdict Verdict => Directions.Max(d => d.Verdict);

    /// <summary>The largest relative error of what could be compared; null where nothing could.</summary>
    public double? Error => Directions.Where(d => d.Verdict is Verdict.Agrees or Verdict.Wrong).Select(d => (double?)d.Error).DefaultIfEmpty(null).Max();

    public int Count(Verdict verdict) => Directions.Count(d => d.Verdict == verdict);
}

/// <summary>What came of the check of a network's gradients.</summary>
/// <param name="Layers">From the picture to each layer.</param>
/// <param name="Operators">Every operator by itself, the worst first.</param>
/// <param name="Decisions">How many signs of ReLUs, sides of clips and winners of pools the network decides on at a point.</param>
internal sealed record GradientReport(IReadOnlyList<LayerResult> Layers, IReadOnlyList<OperatorResult> Operators, long Decisions)
{
    public bool IsWrong => Layers.Any(l => l.Verdict == Verdict.Wrong) || Operators.Any(o => o.Verdict == Verdict.Wrong);

    /// <summary>The nodes that are at fault, the worst first.</summary>
    public IEnumerable<NodeResult> Blamed => Operators.SelectMany(o => o.Checked).Where(n => n.Verdict == Verdict.Wrong).OrderByDescending(n => n.Error);
}
