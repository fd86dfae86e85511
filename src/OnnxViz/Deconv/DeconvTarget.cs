using OnnxViz.Graphs;

namespace OnnxViz.Deconv;

/// <summary>What a deconvnet projects back.</summary>
/// <param name="Input">Delivers the picture as a row of the model's input, [1, ...]; asked when its turn comes.</param>
/// <param name="Unit">The map of the layer that stays; all others are zero.</param>
/// <param name="Position">Which of its activations stays, counted row by row; null for the whole map.</param>
internal sealed record DeconvTarget(Func<Tensor> Input, int Unit, int? Position);
