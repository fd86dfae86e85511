namespace OnnxViz.Maximize;

/// <param name="Parameter">After the last step, [N, ...].</param>
/// <param name="Steps">Number of steps made.</param>
/// <param name="Objectives">[N], evaluated in the last step with its transforms; empty if no step was made.</param>
/// <param name="IsSilent">
/// For each picture whether the gradient of its objective was zero everywhere in the first step without redirection;
/// only the regularisers move the picture then.
/// </param>
/// <param name="Transparency">MACO: [N, 3, H, W], the sum over the steps of |d objective / d picture|.</param>
internal sealed record OptimizationResult(Tensor Parameter, int Steps, float[] Objectives, bool[] IsSilent, Tensor? Transparency);
