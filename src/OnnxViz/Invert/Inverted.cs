namespace OnnxViz.Invert;

/// <param name="Layer">Index among the layers asked for.</param>
/// <param name="Done">Runs that are over.</param>
/// <param name="Runs">All runs.</param>
/// <param name="Step">Steps of the current run that are done.</param>
/// <param name="Steps">All steps of the current run.</param>
/// <param name="Loss">What is minimised, before the step.</param>
public sealed record InversionProgress(int Layer, int Done, int Runs, int Step, int Steps, float Loss);

/// <param name="Row">Index of the picture.</param>
/// <param name="Layer">Index of the layer.</param>
/// <param name="Restart">Index of the start, in the order in which they were made.</param>
/// <param name="Input">What was found as the model's input tensor: [1, C, H, W] or [1, H, W, C].</param>
/// <param name="Picture">The same as a picture.</param>
/// <param name="Error">|F(x) - F0|^2 / |F0|^2 of the input tensor.</param>
/// <param name="Cosine">Between F(x) and F0.</param>
/// <param name="Loss">What was minimised, at the last step.</param>
/// <param name="Steps">Steps that were made; fewer than asked for after an interruption.</param>
/// <param name="IsDone">Whether all steps were made.</param>
public sealed record Inverted(int Row, int Layer, int Restart, Tensor Input, Image Picture, double Error, double Cosine, float Loss, int Steps, bool IsDone);
