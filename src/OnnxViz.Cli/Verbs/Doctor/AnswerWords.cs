using OnnxViz.Doctor;
using OnnxViz.Features;

namespace OnnxViz.Cli.Verbs.Doctor;

/// <summary>What a model answers, and what classes are read from.</summary>
internal static class AnswerWords
{
    private const int Named = 3;

    public static IEnumerable<string[]> Rows(Examination found)
    {
        foreach (var row in FileWords.Rows("output", found.Model.Graph.Outputs)) yield return row;
        if (found.Detector is { IsSure: true } detector)
            yield return ["boxes", $"{detector.Description}; saliency --score box:K explains the K-th, predict lists them"];
        if (found.Classes is not { } classes)
        {
            yield return ["classes", $"none: {found.NoClasses}"];
            yield break;
        }

        yield return ["classes", Classes(found.Model, classes)];
        if (classes is { Positions: > 1, Count: > 1 } && found.Model.Labels is null)
            yield return ["", "where they are no classes, ask for units of layers: --layer LAYER --unit N"];
        yield return ["probability", Probability(classes)];
        yield return ["labels", Labels(found.Model, classes)];
    }

    /// <summary>The word of JSON.</summary>
    public static string Word(ProbabilityKind kind) => kind.ToString().ToLowerInvariant();

    private static string Classes(VisionModel model, ClassFacts classes)
    {
        var place = classes.Behind is { } behind ? $"'{classes.Scores.Name}', in front of the {behind}" : $"the output '{classes.Scores.Name}'";
        var maps = classes.Positions > 1 ? $"; each is a map of {classes.Positions:N0} positions, whose mean is its score" : "";
        var name = model.Layers.NameOf(classes.Scores);
        var layer = name == classes.Scores.Name ? "" : $" (layer {name})";
        return classes.Count == 1 ? $"a single score, {place}{layer}{maps}" : $"{classes.Count:N0}, read from {place}{layer}{maps}";
    }

    private static string Probability(ClassFacts classes) => classes.Kind switch
    {
        ProbabilityKind.None => "none: a single score that is no probability",
        ProbabilityKind.Sigmoid => classes.Count == 1 ? "the score itself, of a sigmoid" : "the scores themselves, each of its label alone (sigmoids)",
        ProbabilityKind.Network => "the scores themselves: they add up to 1",
        _ => classes.Behind is "Softmax" or "LogSoftmax" ? "the network's softmax of the scores" : "a softmax of the scores, which the network leaves to its user",
    };

    private static string Labels(VisionModel model, ClassFacts classes)
    {
        if (model.Labels is not { } labels) return "none: classes are numbers; labels.txt beside the model, a name a line, would name them";
        var from = model.LabelSource ?? model.Source ?? (model.IsDescribed && model.Prepared is null ? "models.json" : null);
        var count = labels.Count == classes.Count ? "" : $"; there are {classes.Count:N0} classes";
        return $"{FileWords.Count(labels.Count, "name")}, {string.Join(", ", labels.Take(Named))}{(labels.Count > Named ? " ..." : "")}{(from is null ? "" : $", from {from}")}{count}";
    }
}
