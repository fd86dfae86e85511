using System.Text.Json.Nodes;
using OnnxViz.Imaging.Files;
using OnnxViz.Runtime.Hardware;

namespace OnnxViz.Cli.Results.Replays;

/// <summary>Makes pictures again: those of one command by running it once, in a folder of its own that is gone afterwards.</summary>
/// <param name="choice">What is not taken from manifests.</param>
/// <param name="cancellation">Ctrl-C.</param>
/// <param name="spare">Is given the files that are read, and refuses those that would be written over; null for nobody.</param>
internal sealed class Replayer(ReplayChoice choice, CancellationToken cancellation, Action<IReadOnlyList<string>>? spare = null)
{
    /// <summary>Pictures that come from one run of one command, in the order of the first of each.</summary>
    public static IReadOnlyList<IReadOnlyList<PictureManifest>> Groups(IEnumerable<PictureManifest> manifests) =>
        [.. manifests.GroupBy(KeyOf).Select(g => (IReadOnlyList<PictureManifest>)[.. g])];

    /// <summary>What the pictures of a group come to, in their order.</summary>
    /// <param name="group">See <see cref="Groups"/>.</param>
    /// <param name="progress">Is told the share that is done.</param>
    /// <exception cref="OnnxVizException">The command cannot be run.</exception>
    /// <exception cref="OperationCanceledException">Ctrl-C.</exception>
    public IReadOnlyList<(PictureManifest Picture, ReplayedPicture? Found, string? Fault)> Run(IReadOnlyList<PictureManifest> group, IProgress<(double Share, string Text)> progress)
    {
        var first = group[0];
        var streams = new Streams(TextWriter.Null, TextWriter.Null, cancellation);
        var command = new ReplayedCommand(first, choice);
        var verb = VerbOf(command, first, streams);
        if (Isolation.IsWanted(verb)) throw OnnxVizException.Input($"'{first.File}' was made from a model that came by `pull --untrusted`: --isolate makes it again in a process of its own.");
        spare?.Invoke(command.Used);
        var place = Path.GetTempPath();
        Leftovers.Sweep(place);
        var (folder, held) = Leftovers.NewFolder(place, isPrivate: true);
        try
        {
            var isSheet = first.Result is null;
            ((IResults)verb).Out = Path.Combine(folder, isSheet ? "sheet.png" : "results" + Path.DirectorySeparatorChar);
            if (!isSheet) verb.Only = new OnlyThese(PicturesOf(group), group.Select(m => m.Result!).ToHashSet());
            if (verb is RunOptions run) Place(run, first);
            verb.Expected = first.Conventions;
            _ = verb.Run(new Output(streams, verb) { Parent = progress });
            cancellation.ThrowIfCancellationRequested();
            var made = Made(folder);
            return [.. group.Select(m => Compared(m, made))];
        }
        catch (OnnxVizException e) when (e.Fault != Fault.Machine)
        {
            throw Unusable(first, e, verb);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
            held.Dispose();
        }
    }

    private static VerbOptions VerbOf(ReplayedCommand command, PictureManifest manifest, Streams streams)
    {
        try
        {
            return command.Verb(streams);
        }
        catch (OnnxVizException e) when (e.Fault == Fault.Argument)
        {
            throw Unusable(manifest, e, null);
        }
    }

    private static OnnxVizException Unusable(PictureManifest manifest, OnnxVizException why, VerbOptions? verb) =>
        OnnxVizException.Input($"'{manifest.File}' cannot be made again: {PlainText.Of(Advice.Of(why, verb))}");

    /// <summary>Where it runs: as it ran, as far as that is to be had here.</summary>
    private void Place(RunOptions run, PictureManifest manifest)
    {
        run.Device = choice.Device ?? (manifest.Device?.StartsWith("cuda", StringComparison.OrdinalIgnoreCase) == true ? "auto" : "cpu");
        // What was the default then and is so now is not asked for, so that equal pictures have equal files.
        var wereAsked = (manifest.Json["options"] as JsonObject)?.ContainsKey("threads") == true;
        run.Threads = choice.Threads ?? (manifest.Threads is { } threads && (wereAsked || threads != PhysicalCores.Count) ? Math.Clamp(threads, 1, Environment.ProcessorCount) : null);
        // Which convolutions were measured to be quicker on that machine.
        if (!run.Exact) run.Winograd = PictureManifest.Text(manifest.Json, "winograd") ?? "none";
        if (PictureManifest.Text(manifest.Json, "precision") is { } precision && precision.Split(';')[0] is var word and ("float32" or "tf32")) run.Precision = word;
    }

    private static string KeyOf(PictureManifest manifest) => new JsonArray(
        manifest.Result is null ? manifest.File : "", JsonText.Array(manifest.Command), manifest.ModelSha256, manifest.Threads, manifest.Device,
        PictureManifest.Text(manifest.Json, "winograd"), PictureManifest.Text(manifest.Json, "precision")).ToJsonString();

    private static HashSet<string>? PicturesOf(IReadOnlyList<PictureManifest> group)
    {
        var own = group.SelectMany(m => m.Files.Select(f => f.Picture)).OfType<string>().ToHashSet();
        return own.Count > 0 ? own : null;
    }

    /// <summary>The files of a run that was one of several, by the names of their results, and the pages of a sheet.</summary>
    private static List<PictureManifest> Made(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.png", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(PictureManifest.TryOf).OfType<PictureManifest>()];

    private static (PictureManifest, ReplayedPicture?, string?) Compared(PictureManifest manifest, List<PictureManifest> made)
    {
        if (Find(manifest, made) is not { } again)
            return (manifest, null, made.Count == 0 ? "its command makes no picture" : $"its command makes {made.Count} pictures, none of which is called '{PlainText.Of(manifest.Result ?? $"page {manifest.Page}")}'");
        var bytes = File.ReadAllBytes(again.File);
        return (manifest, ReplayedPicture.Of(manifest, ImageFile.Decode(File.ReadAllBytes(manifest.File), manifest.File), ImageFile.Decode(bytes, again.File), bytes, ManifestChanges.Between(manifest.Json, again.Json)), null);
    }

    private static string? OwnOf(PictureManifest manifest) => manifest.Files is [var first, ..] ? first.Picture : null;

    private static PictureManifest? Find(PictureManifest manifest, List<PictureManifest> made)
    {
        if (manifest.Result is null) return made.Find(m => m.Result is null && m.Page == manifest.Page) ?? (made is [var page] ? page : null);
        if (made.Find(m => m.Result == manifest.Result) is { } same) return same;
        // Another model may see something else in a picture, and its name says what.
        var ofPicture = made.FindAll(m => OwnOf(m) == OwnOf(manifest));
        return ofPicture is [var only] ? only : null;
    }
}
