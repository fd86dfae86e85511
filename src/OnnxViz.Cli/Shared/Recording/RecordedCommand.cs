using System.Globalization;
using System.Reflection;
using CommandLine;

namespace OnnxViz.Cli.Shared.Recording;

/// <summary>
/// What a picture was asked for with, as its manifest tells it: the verb, the model, the pictures, and each option that was given and says what comes out, as one
/// word "--name=value". Files are told by <see cref="RecordedPath"/>; places of results, and how to run, are left out.
/// </summary>
internal static class RecordedCommand
{
    public const string Model = "model", Image = "image", Input = "input";

    /// <summary>Told by themselves: what the machine had to do with it.</summary>
    private static readonly HashSet<string> ToldApart = ["threads", "shard"];

    /// <summary>How many pictures and folders are told that were named; of more each result tells its own alone.</summary>
    private const int MostPlaces = 16;

    /// <param name="verb">With its options.</param>
    /// <param name="model">The network.</param>
    /// <param name="own">The pictures that a result is of.</param>
    public static IReadOnlyList<string> Of(VerbOptions verb, VisionModel model, IReadOnlyList<InputFile> own)
    {
        List<string> words = [Manual.NameOf(verb), $"--{Model}={ModelOf(verb, model)}"];
        words.AddRange(Places(verb, own).Select(place => $"--{Image}={RecordedPath.Of(place)}"));
        foreach (var (option, property) in Options(verb.GetType()).OrderBy(o => o.Option.LongName, StringComparer.Ordinal))
        {
            if (option.LongName is Model or Image || property.GetValue(verb) is not { } value || Manual.Json(value) is null || value.Equals(option.Default)) continue;
            words.AddRange(value is true ? [$"--{option.LongName}"] : Texts(value).Select(text => $"--{option.LongName}={Named(option, text)}"));
        }

        return words;
    }

    /// <summary>The options of a verb that are recorded.</summary>
    /// <param name="verb">As the parser fills it.</param>
    public static IEnumerable<(OptionAttribute Option, PropertyInfo Property)> Options(Type verb) => Manual.Options(verb).Where(o =>
        !ToldApart.Contains(o.Option.LongName) && (Binding.IsBound(o.Property) || Manual.AttributeOf<NotInManifestAttribute>(o.Property) is null or { IsInput: true }));

    /// <summary>Whether the value of a recorded option may name a file or a folder.</summary>
    public static bool NamesFiles(OptionAttribute option) =>
        option.LongName == Model || new[] { "FILE", "DIR", "FOLDER" }.Any(word => option.MetaValue.Contains(word, StringComparison.Ordinal));

    /// <summary>The files that options name and no result lists among what it is made of.</summary>
    public static IEnumerable<string> Files(VerbOptions verb) => Options(verb.GetType())
        .Where(o => o.Option.LongName is not (Model or Image) && NamesFiles(o.Option) && o.Property.GetValue(verb) is not null)
        .SelectMany(o => Texts(o.Property.GetValue(verb)!).Select(text => FileOf(o.Option, text)))
        .Where(File.Exists);

    /// <summary>What follows the name of an input of the model.</summary>
    public static string FileOf(OptionAttribute option, string text) => option.LongName == Input ? text[(text.LastIndexOf('=') + 1)..] : text;

    private static string ModelOf(VerbOptions verb, VisionModel model)
    {
        if (model.Checkpoint is not null) return RecordedPath.Of(model.Name);
        var text = verb.ModelName ?? model.Name;
        return Path.Exists(text) ? RecordedPath.Of(text) : text;
    }

    private static List<string> Places(VerbOptions verb, IReadOnlyList<InputFile> own)
    {
        if (verb is PictureOptions { InputTensor: not null }) return [];
        var named = verb.GetType().GetProperties().Where(p => p.IsDefined(typeof(NamesPicturesAttribute), inherit: true))
            .SelectMany(p => p.GetValue(verb) is { } value ? Texts(value) : []).ToList();
        return named.Count > MostPlaces && own.Count > 0 ? [.. own.Select(o => o.Location)] : named;
    }

    private static string Named(OptionAttribute option, string text)
    {
        if (!NamesFiles(option)) return text;
        var file = FileOf(option, text);
        return Path.Exists(file) ? text[..^file.Length] + RecordedPath.Of(file) : text;
    }

    private static IEnumerable<string> Texts(object value) =>
        value is IEnumerable<string> several ? several : [Convert.ToString(value, CultureInfo.InvariantCulture)!];
}
