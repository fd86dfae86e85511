namespace OnnxViz.Maximize;

/// <param name="Step">Steps of the running batch that are done, of all octaves.</param>
/// <param name="Steps">Of how many steps.</param>
/// <param name="Done">Pictures of earlier batches.</param>
/// <param name="Units">Pictures of all batches.</param>
/// <param name="Objective">Mean over the running batch.</param>
public sealed record MaximizationProgress(int Step, int Steps, int Done, int Units, float Objective)
{
    /// <summary>The pictures of the running batch, where it is their turn to be seen; restarts show theirs again.</summary>
    public IReadOnlyList<MaximizationFrame> Frames { get; init; } = [];
}

/// <param name="Row">Index of its goal.</param>
/// <param name="Picture">In the size of the result.</param>
public sealed record MaximizationFrame(int Row, Image Picture);

/// <param name="Unit">Which unit, where one is all that was asked for.</param>
/// <param name="Input">What was found, without transforms, as the model's input tensor: [1, C, H, W] or [1, H, W, C].</param>
/// <param name="Picture">The same as a picture.</param>
/// <param name="Objective">Of the input tensor; after an interruption of the last step, with its transforms.</param>
/// <param name="Steps">Steps that were made; fewer than asked for after an interruption.</param>
public sealed record Maximization(int? Unit, Tensor Input, Image Picture, float Objective, int Steps)
{
    /// <summary>
    /// False for a unit whose gradient stayed zero through redirected steps and restarts: its picture means nothing. Null
    /// without either.
    /// </summary>
    public bool? Active { get; init; }

    /// <summary>MACO: [H, W], the mean over colours of the sum over all steps of |d objective / d picture|.</summary>
    public Tensor? Alpha { get; init; }
}
