using OnnxViz.Datasets;
using OnnxViz.Options;

namespace OnnxViz.Training.Loop;

/// <summary>How a network is trained.</summary>
internal sealed record TrainingOptions
{
    [Option("epochs", "How often every training picture is seen.", Min = 1, Max = 100_000, Default = "2; lenet 5, alexnet-cifar 30, vgg16 60; of a model that is trained further 3")]
    public int Epochs { get; init; } = 2;

    /// <summary>What is left of an epoch that makes no whole batch is left out; another order leaves out others.</summary>
    [Option("batch", "Pictures in a step.", Min = 1, Max = 65_536, Default = "64; alexnet-cifar and vgg16 128; of a model that is trained further 32")]
    public int Batch { get; init; } = 64;

    [Option("lr", "Learning rate.", Form = "RATE", Above = 0, Default = "0.001, with sgd 0.01; vgg16-cifar 0.02, vgg16-bn-cifar 0.05; of a whole model that is trained further 0.0001")]
    public double LearningRate { get; init; } = 1e-3;

    [OptionGroup]
    public TrainingRecipe Recipe { get; init; } = new();

    [Option("schedule", "How the learning rate changes: not at all, by a factor every few epochs, or along a cosine down to 0.", Default = "constant; alexnet-cifar and vgg16 cosine")]
    public ScheduleKind Schedule { get; init; }

    /// <summary>Null for a third of the epochs.</summary>
    [Option("step-size", "Schedule step: epochs from one drop to the next.", Min = 1, Default = "a third of the epochs")]
    public int? StepSize { get; init; }

    [Option("gamma", "Schedule step: what a drop multiplies the learning rate by.", Above = 0, Max = 1)]
    public double Gamma { get; init; } = 0.1;

    [Option("warmup", "Steps (500) or epochs (1e) over which the learning rate grows to its full size, before the schedule begins.", Form = "N|Ne", Default = "0; alexnet-cifar and vgg16 1e")]
    public WarmupLength Warmup { get; init; } = WarmupLength.None;

    /// <summary>Null for what the data set is usually given.</summary>
    [Option("augment", "What is changed about training pictures at random: mirrored, moved by up to 4 pixels, both, or a part brought to size.", Default = "what suits the data")]
    public Augmentation? Augment { get; init; }

    [Option("save-steps", "Steps of the first epoch after which the network is saved too, or none.", Form = "N,...|none", Default = "1,2,5,10,20,50,...")]
    public SaveSteps SaveSteps { get; init; } = SaveSteps.Usual;

    [Option("keep-checkpoints", "How many of the newest checkpoints are kept; 0 for all. Models are kept always.", Min = 0)]
    public int KeepCheckpoints { get; init; }

    [Option("checkpoint-minutes", "Longest time from one checkpoint to the next.", Above = 0, Unit = "minutes")]
    public double CheckpointMinutes { get; init; } = 5;

    /// <summary>Where randomness starts: weights, the order of the pictures, what is changed about them, dropout.</summary>
    public ulong Seed { get; init; }

    /// <param name="stepsPerEpoch">Whole batches of an epoch.</param>
    internal LearningRateSchedule RateOver(int stepsPerEpoch) => new(
        Schedule, LearningRate, Warmup.Steps(stepsPerEpoch), (long)Epochs * stepsPerEpoch, (long)(StepSize ?? Math.Max(1, Epochs / 3)) * stepsPerEpoch, Gamma);

    /// <exception cref="OnnxVizException">A value out of its bounds, or options that do not go together.</exception>
    public void Check()
    {
        OptionTable.Check(this);
        if (StepSize is { } size && Schedule != ScheduleKind.Step) throw OnnxVizException.BadArgument(nameof(StepSize), $"{size} belongs to the schedule step, not to {Words.Of(Schedule)}.");
    }
}
