using System.Globalization;
using OnnxViz.Doctor;

namespace OnnxViz.Cli.Verbs.Doctor;

/// <summary>What a model takes, how that is known, and what would change it.</summary>
internal static class InputWords
{
    private static readonly Dictionary<char, string> Axes = new()
    {
        ['n'] = "batch",
        ['c'] = "channels",
        ['d'] = "slices",
        ['h'] = "height",
        ['w'] = "width",
        ['t'] = "samples",
    };

    public static IEnumerable<string[]> Rows(Examination found, IReadOnlyList<string> given)
    {
        var (model, c) = (found.Model, found.Model.Conventions);
        yield return ["input", $"{FileWords.Of(model.Input)}: {string.Join(", ", Names(model))}"];
        if (Open(model) is { Count: > 0 } open) yield return ["", $"open: {string.Join(", ", open)}{Sizes(found)}"];
        if (model.InputNote is { } note) yield return ["", note];
        yield return ["taken as", Conventions.Taken(c)];
        yield return ["known from", Source(model)];
        if (model.MetadataFault is { } fault) yield return ["", $"not believed: {fault}"];
        yield return ["changed by", string.Join(", ", Options(found))];
        if (!c.TakesPictures) yield return ["fed by", $"--input-tensor FILE.npy, [N,{Shapes.Text(found.InputDims.AsSpan(1))}]: no picture file holds it"];
        if (ViewPanel.Told(InputLayout.Of(c.Axes, found.InputDims)) is { } shown) yield return ["drawn", $"{shown} (--channels says otherwise)"];
        foreach (var (other, fed) in Others(found, given)) yield return ["also needs", $"{FileWords.Of(other)}: {fed}"];
        yield return ["batch", Batch(found)];
    }

    /// <summary>Names of the axes whose length the file leaves open.</summary>
    public static List<string> Open(VisionModel model) =>
        [.. model.Conventions.Axes.Letters().Zip(model.Input.Dims!).Where(a => a.Second < 0).Select(a => Axes[a.First])];

    /// <summary>The end of a sentence: who says what the model takes of pictures.</summary>
    public static string Source(VisionModel model)
    {
        if (model.Prepared is not null) return "the prepared folder";
        if (model.Source is { } source) return source;
        if (model.IsDescribed) return "models.json, which knows the file by its name or its SHA-256";
        return model.Conventions is { HasRgb: true } && model.Input.Type.IsFloating()
            ? "nothing: a guess, what most models of ImageNet take; no metadata, no config.json or preprocessor_config.json beside the model say it"
            : "nothing: a guess; no metadata say it";
    }

    /// <summary>Each input beside the picture, and what it is fed.</summary>
    public static IEnumerable<(Value Input, string Fed)> Others(Examination found, IReadOnlyList<string> given)
    {
        var model = found.Model;
        var (fed, usual) = (model.OtherInputs, model.UsualInputs.Select(u => u.Input).ToHashSet());
        foreach (var (input, tensor) in fed)
            yield return (input, usual.Contains(input)
                ? $"{string.Join(',', tensor.ToDoubles().Select(n => n.ToString(CultureInfo.InvariantCulture)))}, as is usual (--input {input.Name}=FILE.npy says otherwise)"
                : $"{given.FirstOrDefault(g => g.StartsWith($"{input.Name}=", StringComparison.Ordinal))?[(input.Name.Length + 1)..] ?? "given"}");
        var needed = found.Coverage?.OtherInputs ?? [];
        foreach (var input in model.Graph.Inputs.Where(i => i != model.Input && !fed.ContainsKey(i)))
            yield return (input, $"--input {input.Name}=FILE.npy feeds it{(needed.Contains(input.Name) ? "; without it only layers that do without are to be had" : ", but nothing depends on it")}");
    }

    private static IEnumerable<string> Names(VisionModel model) =>
        model.Conventions.Axes.Letters().Zip(model.Input.Dims!).Where(a => a.Second > 0).Select(a => $"{Axes[a.First]} {a.Second}");

    private static string Sizes(Examination found)
    {
        if (found.Model.FixedSize is not null || Open(found.Model) is ["batch"]) return "";
        return found.TakesOtherSizes switch
        {
            true => $"; {found.Model.Conventions.Size} unless --size asks for another",
            false => $"; but other sizes than {found.Model.Conventions.Size} do not go through the layers",
            null => $"; {found.Model.Conventions.Size} unless --size asks for another, which may not go through",
        };
    }

    private static IEnumerable<string> Options(Examination found)
    {
        var c = found.Model.Conventions;
        return Conventions.Bound.Select(b => b.Option.Name)
            .Where(o => o switch { "size" => found.Model.FixedSize is null, "color" => c.TakesPictures && c.Channels > 1, _ => true })
            .Select(o => $"--{o}");
    }

    private static string Batch(Examination found)
    {
        var declared = found.Model.Input.Dims![0];
        return (found.Rows, declared) switch
        {
            (null, < 0) => "open: any number at a time",
            (null, 1) => "1 in the file, but any number goes through",
            (null, _) => $"{declared} in the file, but any number goes through",
            (1, _) => "held by the graph: one at a time, which every verb does by itself",
            var (rows, _) => $"held by the graph: {rows} at a time; fewer are filled up",
        };
    }
}
