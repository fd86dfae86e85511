using System.Globalization;
using System.Text.Json.Nodes;
using OnnxViz.Detect;
using OnnxViz.Objectives;

namespace OnnxViz.Cli.Verbs.Saliency;

/// <summary>One thing that is explained of each picture.</summary>
internal abstract record SaliencyTarget
{
    /// <summary>Whether it is another score in each picture, which is therefore explained by itself.</summary>
    public virtual bool DependsOnPicture => false;

    /// <summary>Whether a file's facts are those of a finished result for it.</summary>
    /// <param name="facts">Of one method.</param>
    /// <param name="others">All that is explained.</param>
    public abstract bool Counts(JsonObject facts, IReadOnlyList<SaliencyTarget> others);
}

/// <summary>A class, or a unit of a layer, the same of every picture.</summary>
internal sealed record ScoredTarget(ScoreTarget Score) : SaliencyTarget
{
    public override bool Counts(JsonObject facts, IReadOnlyList<SaliencyTarget> others)
    {
        if (facts["unit"]?.GetValue<long>() is not { } unit) return false;
        var place = facts["position"] is JsonArray position ? new MapPosition([.. position.Select(p => p!.GetValue<int>())]) : null;
        return Equals(place, Score.Position) && (Score.Unit is { } own ? unit == own : others.All(t => (t as ScoredTarget)?.Score.Unit != unit));
    }
}

/// <summary>A box that a detector finds: --score box:K.</summary>
/// <param name="Index">K, from the highest score on.</param>
/// <param name="Class">Whose boxes are counted; null for those of all classes.</param>
/// <param name="Minus">A class whose score at the same anchor is subtracted.</param>
internal sealed record BoxTarget(int Index, int? Class, int? Minus) : SaliencyTarget
{
    private const string Word = "box:";

    public override bool DependsOnPicture => true;

    /// <summary>Whether --score asks for boxes.</summary>
    public static bool IsAskedBy(string score) => score.StartsWith("box", StringComparison.OrdinalIgnoreCase);

    /// <summary>The numbers of "box:0", "box:0,2".</summary>
    /// <exception cref="OnnxVizException">Another text.</exception>
    public static IReadOnlyList<int> Indices(string score)
    {
        var numbers = score.StartsWith(Word, StringComparison.OrdinalIgnoreCase) ? score[Word.Length..].Split(',', StringSplitOptions.TrimEntries) : [""];
        return [.. numbers.Select(n => int.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? index
            : throw OnnxVizException.Usage($"--score {score}: write box:0 for the box of the highest score, box:1 for the next, or box:0,1 for both."))];
    }

    public override bool Counts(JsonObject facts, IReadOnlyList<SaliencyTarget> others) => facts["box"] is JsonObject box
        && box["index"]?.GetValue<int>() == Index && (Class is null || facts["unit"]?.GetValue<long>() == Class);

    /// <summary>It, of a picture's boxes.</summary>
    /// <exception cref="OnnxVizException">The picture has not so many.</exception>
    public DetectedBox Of(IReadOnlyList<DetectedBox> boxes, string picture, Func<int, string> nameOf)
    {
        if (Index < boxes.Count) return boxes[Index];
        var kind = Class is { } number ? $" of class {nameOf(number)}" : "";
        throw OnnxVizException.Input(boxes.Count == 0
            ? $"There is no box{kind} in {picture}."
            : $"There is no box {Index}{kind} in {picture}: it has {boxes.Count}, 0 to {boxes.Count - 1}.");
    }
}
