namespace OnnxViz.Autodiff.Rules.Sampling;

/// <summary>What the points of a grid read along one axis: one element each, all [batch, points].</summary>
/// <param name="Place">Its place in the flattened picture, as far as this axis counts, int64.</param>
/// <param name="Weight">How much of it is read.</param>
/// <param name="Slope">d weight / d grid; null where the weight does not change.</param>
internal readonly record struct GridTap(Value Place, Value Weight, Value? Slope);
