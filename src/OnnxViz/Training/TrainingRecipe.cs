using OnnxViz.Options;

namespace OnnxViz.Training;

/// <summary>Which rule moves the weights along their gradients.</summary>
public enum TrainingOptimizer
{
    /// <summary>Kingma and Ba 2014, with (0.9, 0.999, 1e-8); weight decay is part of the gradient.</summary>
    Adam,

    /// <summary>Loshchilov and Hutter 2017: Adam whose weight decay acts on the weights themselves.</summary>
    [Word("adamw")]
    AdamW,

    /// <summary>Gradient descent with momentum; weight decay is part of the gradient.</summary>
    Sgd,
}

/// <summary>What one training step does; everything as PyTorch defines it.</summary>
public sealed record TrainingRecipe
{
    [Option("optimizer", "Which rule moves the weights along their gradients.", Default = "adam; alexnet-cifar and vgg16 sgd")]
    public TrainingOptimizer Optimizer { get; init; } = TrainingOptimizer.Adam;

    [Option("momentum", "Share of the last step that is kept in this one, of sgd.", Min = 0, Max = 1)]
    public double Momentum { get; init; } = 0.9;

    [Option("weight-decay", "How strongly weights are pulled to zero.", Min = 0, Usual = "1e-4 to 5e-4 are usual, with adamw 1e-2", Default = "0; alexnet-cifar and vgg16 0.0005")]
    public double WeightDecay { get; init; }

    [Option("label-smoothing", "Share of the target that is spread over all classes (Szegedy et al. 2015).", Min = 0, Max = 1, Usual = "0.1 is usual")]
    public double LabelSmoothing { get; init; }

    /// <summary>Null for what the network itself says.</summary>
    [Option("dropout", "Share of the features that a dropout layer leaves out.", Min = 0, Max = 0.99, Default = "the network's own")]
    public double? Dropout { get; init; }
}
