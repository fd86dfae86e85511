using System.Globalization;
using System.Text.RegularExpressions;
using OnnxViz.Options;

namespace OnnxViz.Optimize.Transforms;

/// <summary>Reads transforms: "lucid", "maco", "none", or a list such as "pad:12,jitter:8,scale:0.9..1.1,rotate:10".</summary>
internal static partial class TransformText
{
    private const double MostPixels = 4096;

    private const string Argument = nameof(Transforms);

    /// <summary>The words, the step that each is without a number, and the limits of its numbers.</summary>
    private static readonly (string Word, TransformStep Usual, double Least, double Most)[] Known =
    [
        ("pad", new(TransformKind.Pad, 12, 12), 0, MostPixels),
        ("jitter", new(TransformKind.Jitter, 8, 8), 0, MostPixels),
        ("scale", new(TransformKind.Scale, 0.9, 1.1), 0.1, 4),
        ("rotate", new(TransformKind.Rotate, -10, 10), -360, 360),
        ("roi", new(TransformKind.Roi, 0.5, 0.05), 0.01, 1),
        ("noise", new(TransformKind.Noise, 0.08, 0.08), 0, 10),
        ("resize", new(TransformKind.Resize, 224, 224), 1, MostPixels),
        ("crops", new(TransformKind.Crops, 6, 6), 1, 256),
    ];

    /// <summary>These have one number; the others a range, of which one number says both ends.</summary>
    private static readonly TransformKind[] Single = [TransformKind.Pad, TransformKind.Jitter, TransformKind.Noise, TransformKind.Resize, TransformKind.Crops];

    private static readonly TransformKind[] Whole = [TransformKind.Pad, TransformKind.Jitter, TransformKind.Resize, TransformKind.Crops];

    private static readonly TransformKind[] Once = [TransformKind.Noise, TransformKind.Resize, TransformKind.Crops];

    /// <exception cref="OnnxVizException">An unknown word, or a number out of its limits.</exception>
    public static Transforms Parse(string text)
    {
        foreach (var (word, preset) in Transforms.Presets)
            if (text.Equals(word, StringComparison.OrdinalIgnoreCase)) return preset;
        TransformStep[] steps = [.. text.Split(',', StringSplitOptions.TrimEntries).Select(Step)];
        foreach (var kind in Once)
            if (steps.Count(s => s.Kind == kind) > 1) throw OnnxVizException.BadArgument(Argument, $"{text}: {Words.Of(kind)} can be there only once.");
        return new Transforms(steps);
    }

    private static TransformStep Step(string text)
    {
        var (word, numbers) = text.Split(':', 2) is [var before, var after] ? (before, after) : (text, null);
        var (_, usual, least, most) = Words.Choose(Argument, word, [.. Transforms.Presets.Select(p => (p.Word, (p.Word, default(TransformStep), 0.0, 0.0))), .. Known.Select(k => (k.Word, ((string, TransformStep?, double, double))k))]);
        if (usual is null) throw OnnxVizException.BadArgument(Argument, $"{text}: {word} is a set of its own; spell its steps out to change them.");
        if (numbers is null) return usual;
        var match = Range().Match(numbers);
        if (!match.Success || !Number(match.Groups["low"], out var low)) throw Wrong();
        var high = low;
        if (match.Groups["high"].Success && (Single.Contains(usual.Kind) || !Number(match.Groups["high"], out high))) throw Wrong();
        // One angle stands for both directions.
        if (usual.Kind == TransformKind.Rotate && !match.Groups["high"].Success) (low, high) = (-Math.Abs(low), Math.Abs(low));
        var isWhole = !Whole.Contains(usual.Kind) || low == Math.Round(low);
        var isOrdered = usual.Kind == TransformKind.Roi || low <= high;
        return isWhole && isOrdered && Math.Min(low, high) >= least && Math.Max(low, high) <= most ? new TransformStep(usual.Kind, low, high) : throw Wrong();

        OnnxVizException Wrong() => OnnxVizException.BadArgument(
            Argument, $"{text}: {Words.Of(usual.Kind)} takes {(Single.Contains(usual.Kind) ? "a number" : "a range LO..HI")} from {Option.Text(least)} to {Option.Text(most)}, such as {usual}.");
    }

    private static bool Number(Group group, out double number) =>
        double.TryParse(group.ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    [GeneratedRegex(@"^(?<low>-?([0-9]+(\.[0-9]+)?|\.[0-9]+))((\.\.|-)(?<high>-?([0-9]+(\.[0-9]+)?|\.[0-9]+)))?$")]
    private static partial Regex Range();
}
