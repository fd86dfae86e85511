using OnnxViz.Coverage;
using OnnxViz.Detect;
using OnnxViz.Features;
using OnnxViz.Graphs.Fields;
using OnnxViz.Graphs.Naming;

namespace OnnxViz.Doctor;

/// <summary>What can be made of a network, found out by trying.</summary>
/// <param name="Model">The network.</param>
/// <param name="InputDims">Of its input for one picture of the model's own size.</param>
/// <param name="TakesOtherSizes">Whether a picture of another size goes through; null where that cannot be told.</param>
/// <param name="Rows">How many pictures the graph holds; null for any number.</param>
/// <param name="Classes">Null where nothing holds a score per class.</param>
/// <param name="NoClasses">Why there are none, or why their scores could not be computed.</param>
/// <param name="Layers">How many layers there are.</param>
/// <param name="Start">Layers to begin with, in the order of the graph: the last of each stage.</param>
/// <param name="Maps">The layer that class activation maps are made of unasked; null where there is none.</param>
/// <param name="Detector">What its outputs are read as where they are boxes; null where they are none.</param>
/// <param name="Pools">Max-pools, whose switches a deconvnet goes back through.</param>
/// <param name="Abilities">What can be asked, and what not.</param>
/// <param name="Coverage">Which operators have a gradient; null where the network does not take its own size.</param>
/// <param name="Cost">What it takes.</param>
internal sealed record Examination(
    VisionModel Model,
    long[] InputDims,
    bool? TakesOtherSizes,
    int? Rows,
    ClassFacts? Classes,
    string? NoClasses,
    int Layers,
    IReadOnlyList<StartLayer> Start,
    Layer? Maps,
    Detector? Detector,
    int Pools,
    IReadOnlyList<Ability> Abilities,
    CoverageReport? Coverage,
    CostFacts Cost)
{
    /// <summary>The deepest of <see cref="Start"/> that is computed of the picture alone, with a gradient where one has it; null where there is none.</summary>
    public StartLayer? Best => Start.LastOrDefault(s => s.NoGradient is null) ?? (Start is [.., var last] ? last : null);

    /// <summary>Whether a feature can be asked for, by all or some of its methods.</summary>
    public bool Can(string feature) => Abilities.Any(a => a.Feature == feature && a.Obstacle is null);
}

/// <summary>Where classes are read from.</summary>
/// <param name="Scores">A value of the model's graph.</param>
/// <param name="Behind">The operator behind the scores that turns them into the answer, such as Softmax or ArgMax; null where they are an output.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Positions">Of each class: more than one where the scores are maps.</param>
/// <param name="Kind">What their probabilities are.</param>
/// <param name="AreFinite">Whether the scores of a picture of noise are numbers.</param>
internal sealed record ClassFacts(Value Scores, string? Behind, int Count, long Positions, ProbabilityKind Kind, bool AreFinite);

/// <summary>A layer that is worth looking at first.</summary>
/// <param name="Layer">It, with its names.</param>
/// <param name="Dims">Of its activation for one picture, units on axis 1.</param>
/// <param name="Height">What a position sees along the height.</param>
/// <param name="Width">What a position sees along the width.</param>
/// <param name="NoGradient">Why no gradient leads from it to the picture; null where one does.</param>
internal sealed record StartLayer(Layer Layer, long[] Dims, ReceptiveField Height, ReceptiveField Width, string? NoGradient);

/// <summary>Something that can be asked of a network.</summary>
/// <param name="Feature">The feature's one word.</param>
/// <param name="Methods">Those of its methods that it is about; none where it has no choice of them.</param>
/// <param name="Obstacle">Why it does not work; null where it does.</param>
internal sealed record Ability(string Feature, IReadOnlyList<string> Methods, string? Obstacle);

/// <summary>What a network takes of the machine.</summary>
/// <param name="Parameters">Learned numbers.</param>
/// <param name="Macs">Multiply-accumulates for one picture, of the layers whose shapes are known.</param>
/// <param name="Forward">Bytes for the activations of one picture, at least; null where they are not known.</param>
/// <param name="WithGradient">The same when a gradient is taken; null where there is none.</param>
internal sealed record CostFacts(long Parameters, long Macs, double? Forward, double? WithGradient);
