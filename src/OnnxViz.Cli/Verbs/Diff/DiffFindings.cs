using OnnxViz.Diff;

namespace OnnxViz.Cli.Verbs.Diff;

/// <summary>A unit that changed.</summary>
/// <param name="Layer">Its layer.</param>
/// <param name="Unit">Its number.</param>
internal sealed record ChangedUnit(LayerChange Layer, int Unit)
{
    public double Change => Layer.Of(Unit);

    public string Name => $"{Layer.Pair.Before.Name} {Unit}";
}

/// <summary>What two versions of a network answer to a picture.</summary>
/// <param name="Picture">Its name.</param>
/// <param name="Before">The first one's class, and how sure it is: its probability, or its score where it has none.</param>
/// <param name="After">Likewise.</param>
internal sealed record Answer(string Picture, (int Class, string Name, float Number) Before, (int Class, string Name, float Number) After)
{
    public bool IsOther => Before.Class != After.Class;
}

/// <summary>Where what an answer depends on lies, in two versions.</summary>
/// <param name="Picture">Name of the picture.</param>
/// <param name="Subject">The class that is explained in both: what the first takes the picture for.</param>
/// <param name="Move">How far it moved.</param>
/// <param name="Shown">The picture, and both maps over it; null where none is drawn.</param>
internal sealed record MovedMap(string Picture, string Subject, MapMove Move, (Image Picture, Image Before, Image After)? Shown);

/// <summary>What a changed unit sees.</summary>
/// <param name="Unit">Which.</param>
/// <param name="Maximized">What it responds to most strongly, in each version; null where that was left out.</param>
/// <param name="Strongest">The picture of those given that it responds to most strongly, in each version.</param>
internal sealed record SeenUnit(ChangedUnit Unit, (Image Before, Image After)? Maximized, (Image Before, Image After) Strongest);

/// <summary>All that was found.</summary>
internal sealed record DiffFindings
{
    public required string Before { get; init; }

    public required string After { get; init; }

    public required IReadOnlyList<string> Pictures { get; init; }

    public required IReadOnlyList<LayerChange> Layers { get; init; }

    /// <summary>Empty where one of them is no classifier.</summary>
    public required IReadOnlyList<Answer> Answers { get; init; }

    /// <summary>Those of which the mean number changed most: class, its name, the mean before and after.</summary>
    public required IReadOnlyList<(int Class, string Name, double Before, double After)> Classes { get; init; }

    /// <summary>The farthest first; empty where answers cannot be explained.</summary>
    public required IReadOnlyList<MovedMap> Maps { get; init; }

    /// <summary>The most changed first.</summary>
    public IReadOnlyList<ChangedUnit> Units { get; init; } = [];

    public IReadOnlyList<SeenUnit> Seen { get; init; } = [];

    /// <summary>What is beyond a threshold: a layer that changed more, a picture with another answer.</summary>
    public IEnumerable<string> Differences(double tolerance) => Layers.Where(l => l.Whole > tolerance).Select(l => $"{l.Pair.Before.Name} changed by {l.Whole:0.###}")
        .Concat(Answers.Where(a => a.IsOther).Select(a => $"{a.Picture} is {a.After.Name} and was {a.Before.Name}"));
}
