using OnnxViz.Options;

namespace OnnxViz.Training.Loop;

/// <summary>What suits a network where nothing else is asked for.</summary>
internal static class TrainingDefaults
{
    /// <summary>A usual rate of sgd with momentum; the record's own is Adam's.</summary>
    private const double SgdRate = 0.01;

    /// <summary>The defaults that suit what is given, and what is given.</summary>
    /// <param name="architecture">Null for a model that is trained further.</param>
    /// <param name="trainLayers">Which of its layers are trained then.</param>
    /// <param name="given">Names of options and their values as text.</param>
    /// <exception cref="OnnxVizException">A value that an option cannot take, or options that do not go together.</exception>
    public static TrainingOptions With(string? architecture, string? trainLayers, IEnumerable<(string Name, string Text)> given)
    {
        var all = given.ToList();
        var defaults = architecture is null ? Further(trainLayers) : Of(architecture);
        var rule = OptionTable.With(defaults, all.Where(g => g.Name == "optimizer")).Recipe.Optimizer;
        // A rate belongs to its rule.
        if (rule != defaults.Recipe.Optimizer)
            defaults = defaults with { LearningRate = rule == TrainingOptimizer.Sgd ? SgdRate : defaults.Recipe.Optimizer == TrainingOptimizer.Sgd ? 1e-3 : defaults.LearningRate };
        var options = OptionTable.With(defaults, all);
        options.Check();
        return options;
    }

    private static TrainingOptions Of(string architecture) => architecture.ToLowerInvariant() switch
    {
        "lenet" => new() { Epochs = 5 },
        "alexnet-cifar" => Sgd(SgdRate, epochs: 30),
        // Without normalisation a deep network starts hesitantly: a larger rate loses it in the first epoch.
        "vgg16-cifar" => Sgd(0.02, epochs: 60),
        "vgg16-bn-cifar" => Sgd(0.05, epochs: 60),
        _ => new(),
    };

    private static TrainingOptions Further(string? trainLayers) => new()
    {
        Batch = 32,
        Epochs = 3,
        LearningRate = trainLayers is null or FineTuning.Classifier ? 1e-3 : 1e-4,
    };

    private static TrainingOptions Sgd(double rate, int epochs) => new()
    {
        Epochs = epochs,
        Batch = 128,
        LearningRate = rate,
        Recipe = new() { Optimizer = TrainingOptimizer.Sgd, WeightDecay = 5e-4 },
        Schedule = ScheduleKind.Cosine,
        Warmup = new(1, IsInEpochs: true),
    };
}
