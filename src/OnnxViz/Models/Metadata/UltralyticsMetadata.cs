using OnnxViz.Imaging.Resample;

namespace OnnxViz.Models.Metadata;

/// <summary>
/// What Ultralytics' exporter writes: names (a Python dictionary), stride, imgsz, task. Its networks take RGB in 0..1; pictures are
/// fitted in with gray beside them, those of classifiers cut out of the middle.
/// </summary>
internal static class UltralyticsMetadata
{
    private const int LargestSide = 16384;

    /// <param name="metadata">Of the file.</param>
    /// <returns>Null where it is not of Ultralytics.</returns>
    /// <exception cref="FormatException">Values of another form.</exception>
    public static InputDescription? Read(IReadOnlyDictionary<string, string> metadata)
    {
        if (!metadata.TryGetValue("names", out var names)) return null;
        // Others write names of classes in the same form, and say nothing of pictures by it.
        if (!metadata.ContainsKey("stride"))
            return names.StartsWith('{') || names.StartsWith('[') ? new() { Source = "'names' of its metadata", Labels = Tried("names", () => Names(Literal.Parse(names))) } : null;
        var size = metadata.TryGetValue("imgsz", out var sides) ? Tried("imgsz", () => Size(Literal.Numbers(Literal.Parse(sides)))) : ((int, int)?)null;
        var classifies = metadata.GetValueOrDefault("task") == "classify";
        return new()
        {
            Source = "Ultralytics' metadata",
            IsBgr = false,
            Range = (0, 1),
            Size = size,
            IsLetterboxed = !classifies,
            ShortSide = classifies && size is var (h, w) ? Math.Max(h, w) : null,
            Filter = ResampleFilter.Bilinear,
            Labels = Tried("names", () => Names(Literal.Parse(names))),
        };
    }

    /// <summary>{0: 'person', 1: 'bicycle'}, or a list.</summary>
    internal static string[] Names(object? value)
    {
        var named = value switch
        {
            List<object?> list => list.Index().Select(n => (Number: (double)n.Index, Name: n.Item)),
            Dictionary<object, object?> pairs => pairs.Select(p => (Number: Number(p.Key), Name: p.Value)),
            _ => throw new FormatException("a dictionary or a list of names is needed"),
        };
        var ordered = named.OrderBy(n => n.Number).ToList();
        for (var i = 0; i < ordered.Count; i++)
            if (ordered[i].Number != i || ordered[i].Name is not string { Length: > 0 }) throw new FormatException("a name for each number from 0 on is needed");
        return ordered.Count > 0 ? [.. ordered.Select(n => (string)n.Name!)] : throw new FormatException("there are none");
    }

    private static double Number(object key) => key switch
    {
        double number => number,
        string text when int.TryParse(text, out var number) => number,
        _ => throw new FormatException("a name for each number from 0 on is needed"),
    };

    private static (int Height, int Width) Size(float[] sides) => sides.All(s => s is >= 1 and <= LargestSide) && sides.Length is 1 or 2
        ? ((int)sides[0], (int)sides[^1])
        : throw new FormatException("one side or two are needed");

    private static T Tried<T>(string key, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (FormatException e)
        {
            throw new FormatException($"'{key}' of its metadata is of no use: {e.Message}", e);
        }
    }
}
