using CommandLine;
using OnnxViz.Cli.Shared.Recording;
using OnnxViz.Datasets;

namespace OnnxViz.Cli.Results.Replays;

/// <summary>How pictures are made again: what is not taken from their manifests.</summary>
internal sealed record ReplayChoice
{
    /// <summary>Instead of the model that a manifest names.</summary>
    public string? Model { get; init; }

    /// <summary>Where files are looked for instead.</summary>
    public string? Root { get; init; }

    /// <summary>Where it runs; null for where it ran, or what there is.</summary>
    public string? Device { get; init; }

    /// <summary>Null for as many threads as there were, or as there are processors here.</summary>
    public int? Threads { get; init; }
}

/// <summary>
/// From what a manifest says was asked for to a verb that can be run: only verbs that make pictures, of these only options that are recorded, and of files only
/// those that <see cref="FileSearch"/> finds.
/// </summary>
/// <param name="manifest">Of the picture.</param>
/// <param name="choice">What is not taken from it.</param>
internal sealed class ReplayedCommand(PictureManifest manifest, ReplayChoice choice)
{
    /// <summary>Those that make pictures.</summary>
    public static IReadOnlyList<Type> Verbs { get; } = [.. typeof(ReplayedCommand).Assembly.GetTypes().Where(t => t.IsClass && !t.IsAbstract && typeof(IResults).IsAssignableFrom(t))];

    private readonly FileSearch _search = new(manifest.File, choice.Root);
    private readonly List<string> _used = [];

    /// <summary>The files that it reads, once the verb is known.</summary>
    public IReadOnlyList<string> Used => _used;

    /// <exception cref="OnnxVizException">It asks for something that makes no picture, or a file is not there.</exception>
    public VerbOptions Verb(Streams streams)
    {
        var words = manifest.Command;
        if (Verbs.FirstOrDefault(v => Manual.NameOf(v) == words[0]) is not { } type)
            throw Unusable($"was made by '{PlainText.Of(words[0])}', whose pictures cannot be made again");
        var options = RecordedCommand.Options(Binding.TypeOf(type)).ToDictionary(o => o.Option.LongName, o => (o.Option, IsFlag: o.Property.PropertyType == typeof(bool)));
        string[] arguments = [words[0], .. words.Skip(1).Select(word => Word(word, options)), "--quiet"];
        if (Arguments.Parse(arguments, Verbs, streams, out var verb) is not null || verb is null) throw Unusable("has a command in its manifest that is none");
        return verb;
    }

    private string Word(string word, Dictionary<string, (OptionAttribute Option, bool IsFlag)> options)
    {
        var at = word.IndexOf('=', StringComparison.Ordinal);
        var name = word.StartsWith("--", StringComparison.Ordinal) ? at < 0 ? word[2..] : word[2..at] : "";
        if (!options.TryGetValue(name, out var found) || found.IsFlag != at < 0) throw Unusable($"has '{PlainText.Of(word)}' in its manifest, which is none of the options of {manifest.Command[0]} that a manifest may have");
        if (found.IsFlag || !RecordedCommand.NamesFiles(found.Option)) return word;
        var value = RecordedCommand.FileOf(found.Option, word[(at + 1)..]);
        var place = name == RecordedCommand.Model ? ModelOf(value) : FileOf(value, found.Option);
        _used.Add(place);
        return word[..^value.Length] + place;
    }

    private string ModelOf(string recorded)
    {
        if (choice.Model is not null) return choice.Model;
        // Of a run's models the run is looked for.
        var checkpoint = recorded.LastIndexOf("/@", StringComparison.Ordinal);
        if (checkpoint > 0 && !recorded[(checkpoint + 2)..].Contains('/', StringComparison.Ordinal) && _search.Folder(recorded[..checkpoint]) is { } run) return run + recorded[checkpoint..];
        return _search.File(recorded, manifest.ModelSha256) ?? _search.Folder(recorded)
            ?? (ModelCatalog.Open().ByName(recorded) is { } known ? known.Name
                : throw Unusable($"was made of the model '{PlainText.Of(recorded)}', which is not found: {Advice} or -m names it"));
    }

    private string FileOf(string recorded, OptionAttribute option)
    {
        var sha256 = manifest.Files.FirstOrDefault(f => f.Path == recorded).Sha256;
        if (_search.File(recorded, sha256) is { } file) return file;
        if (_search.Folder(recorded) is { } folder) return folder;
        if (PatternOf(recorded) is { } pattern) return pattern;
        if (Path.GetFileName(recorded) == recorded)
        {
            // The program's own pictures, and words such as "noise" or the name of a data set.
            if (CarriedPictures.Find(recorded) is { } carried) return carried;
            if (option.MetaValue.Contains('|', StringComparison.Ordinal) && option.LongName != RecordedCommand.Image && !Path.Exists(recorded) && recorded.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or ':' or ',' or '.')) return recorded;
        }

        throw Unusable($"was made of '{PlainText.Of(recorded)}', which is not found: {Advice} names the folder that it lies in");
    }

    private string? PatternOf(string recorded)
    {
        var parts = recorded.Split('/');
        var first = Array.FindIndex(parts, p => PicturePattern.Is(p));
        if (first < 0) return null;
        return _search.Folder(first == 0 ? "." : string.Join('/', parts.Take(first))) is { } folder ? Path.Combine(folder, Path.Combine(parts[first..])) : null;
    }

    private const string Advice = "--root DIR";

    private OnnxVizException Unusable(string why) => PictureManifest.Unusable(manifest.File, why);
}
