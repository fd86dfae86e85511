using OnnxViz.Graphs;

namespace OnnxViz.Maximize;

/// <param name="Parameter">In the end.</param>
/// <param name="Steps">That were made.</param>
/// <param name="Objectives">Of each picture in the last step, with its transforms; empty without any step.</param>
/// <param name="IsSilent">
/// For each picture whether nothing came back from its objective in the first step by the gradient as it is; nothing
/// moves then but by the regularisers.
/// </param>
/// <param name="Transparency">MACO: [N, 3, H, W], the sum over the steps of |d objective / d picture|.</param>
internal sealed record StepperResult(Tensor Parameter, int Steps, float[] Objectives, bool[] IsSilent, Tensor? Transparency);
