namespace OnnxViz.Training.Loop;

/// <summary>How the learning rate changes over a run.</summary>
internal enum ScheduleKind
{
    Constant,

    /// <summary>Multiplied by a factor every so many epochs (PyTorch's StepLR).</summary>
    Step,

    /// <summary>Half a cosine wave down to 0 at the end of the run, step by step (Loshchilov and Hutter 2016; PyTorch's CosineAnnealingLR).</summary>
    Cosine,
}

/// <summary>
/// The learning rate as a function of the step. A warm-up grows linearly (PyTorch's LinearLR from 1/W over W - 1 steps), and the
/// schedule begins behind it, as PyTorch's SequentialLR puts them together.
/// </summary>
/// <param name="Kind">What it does behind the warm-up.</param>
/// <param name="Rate">The rate that it starts with.</param>
/// <param name="Warmup">Steps of the warm-up; 0 for none.</param>
/// <param name="Steps">Of the whole run, warm-up included.</param>
/// <param name="DropEvery">Steps from one drop to the next, of <see cref="ScheduleKind.Step"/>.</param>
/// <param name="Gamma">What a drop multiplies by.</param>
internal sealed record LearningRateSchedule(ScheduleKind Kind, double Rate, long Warmup, long Steps, long DropEvery, double Gamma)
{
    /// <param name="step">From 0.</param>
    public double At(long step)
    {
        if (step < Warmup) return Rate * (step + 1) / Warmup;
        var behind = step - Warmup;
        return Kind switch
        {
            ScheduleKind.Step => Rate * Math.Pow(Gamma, behind / DropEvery),
            ScheduleKind.Cosine => Rate * (1 + Math.Cos(Math.PI * behind / Math.Max(1, Steps - Warmup))) / 2,
            _ => Rate,
        };
    }
}
