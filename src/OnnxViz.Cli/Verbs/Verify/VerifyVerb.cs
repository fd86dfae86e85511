using System.Text.Json.Nodes;
using CommandLine;
using CommandLine.Text;
using OnnxViz.Cli.Results.Replays;

namespace OnnxViz.Cli.Verbs.Verify;

[Verb("verify", HelpText = "Make every picture of a folder again from its own manifest; exit code 4 when some differ, 3 when some cannot be made.")]
internal sealed class VerifyVerb : ReplayOptions
{
    [Value(0, MetaName = "DIR", HelpText = "A folder of pictures that this program made; folders in it are looked through, links and other pictures are passed over.")]
    public string? Folder { get; set; }

    [Option("update", HelpText = "Replace the pictures that differ by the new ones.")]
    public bool Update { get; set; }

    [Option("junit", MetaValue = "FILE.xml", HelpText = "Write what came of each picture as JUnit XML, for CI.")]
    public string? JUnit { get; set; }

    [Option("html", MetaValue = "FILE.html", HelpText = "Write a page with each picture before and now, and their difference.")]
    public string? Html { get; set; }

    public static IEnumerable<Example> Examples =>
    [
        Manual.Example("Has anything changed in these explanations?", new VerifyVerb { Folder = "explanations/", Html = "report.html", JUnit = "report.xml" }),
        Manual.Example("What would another model make of them?", new VerifyVerb { Folder = "explanations/", Model = "fine-tuned.onnx", Html = "report.html" }),
        Manual.Example("They are meant to look like this now", new VerifyVerb { Folder = "explanations/", Update = true }),
    ];

    public override int Run(Output output)
    {
        if (Folder is null) throw OnnxVizException.Usage("A folder is needed: onnxviz verify DIR.");
        if (File.Exists(Folder)) throw OnnxVizException.Usage($"'{Folder}' is a file: `onnxviz replay` makes one picture again.");
        if (!Directory.Exists(Folder)) throw OnnxVizException.Input($"There is no folder '{Folder}'.");
        if (Update && Model is not null) throw OnnxVizException.Usage("--update and -m do not go together: the pictures would tell of a model that the next run does not take.");
        var choice = Choice();
        var (manifests, unreadable, others) = Manifests(output.Cancellation);
        string[] files = [.. manifests.Select(m => m.File), .. unreadable.Select(u => u.File)];
        foreach (var (option, file) in new[] { ("--junit", JUnit), ("--html", Html) })
        {
            if (file is null) continue;
            if (FileStatus.Of(file).Identity is { } identity && files.Any(f => FileStatus.Of(f).Identity == identity))
                throw OnnxVizException.Usage($"{option} {file} is one of the pictures and would be written over; name another file.");
            OutputFile.Probe(file);
        }

        if (files.Length == 0) throw OnnxVizException.Input($"There is no picture in '{Folder}' that this program made.");
        List<VerifiedPicture> verified = [.. unreadable, .. output.WithProgress($"Making {manifests.Count} pictures again", report => All(manifests, choice, report, output.Cancellation))];
        verified.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        var updated = Update ? verified.Where(v => v.Verdict(Tolerance) == "different").Select(v => v.Name).ToHashSet() : [];
        foreach (var one in verified.Where(v => updated.Contains(v.Name))) OutputFile.Write(one.File, one.Found!.Bytes);
        return Tell(verified, updated, others, output);
    }

    private int Tell(List<VerifiedPicture> verified, HashSet<string> updated, int others, Output output)
    {
        var counts = verified.CountBy(v => v.Verdict(Tolerance)).ToDictionary();
        var (different, unusable) = (counts.GetValueOrDefault("different"), counts.GetValueOrDefault("unusable"));
        foreach (var one in verified.Where(v => v.Verdict(Tolerance) != "same"))
        {
            output.Say($"{(updated.Contains(one.Name) ? "updated" : one.Verdict(Tolerance))}: {PlainText.Of(one.Name)}: {one.Found?.Text ?? one.Fault}");
            foreach (var (what, text) in one.Found?.Changes ?? []) output.Say($"    {what}: {text}");
        }

        var summary = $"{verified.Count} {(verified.Count == 1 ? "picture" : "pictures")}: {counts.GetValueOrDefault("same")} the same, {different} different{(updated.Count > 0 ? " and updated" : "")}, {unusable} could not be made again{(others > 0 ? $"; {others} that are no such pictures passed over" : "")}.";
        output.Say(summary);
        if (JUnit is not null)
        {
            JUnitFile.Write(JUnit, "onnxviz verify", [.. verified.Select(CaseOf)]);
            output.Say($"Wrote {JUnit}");
        }

        if (Html is not null)
        {
            VerifyPage.Write(Html, Folder!, verified, Tolerance, summary);
            output.Say($"Wrote {Html}");
        }

        output.Object(new JsonObject
        {
            ["verb"] = "verify",
            ["same"] = counts.GetValueOrDefault("same"),
            ["different"] = different,
            ["unusable"] = unusable,
            ["updated"] = JsonText.Array(updated.Order(StringComparer.Ordinal)),
            ["passed_over"] = others,
            ["pictures"] = new JsonArray([.. verified.Select(v => v.ToJson(Tolerance))]),
        });
        return unusable > 0 ? Failure.ExitCodeOf(Fault.Input) : different > updated.Count ? Failure.Differs : 0;
    }

    private JUnitCase CaseOf(VerifiedPicture one)
    {
        var differs = one.Verdict(Tolerance) == "different";
        return new(one.Name, differs ? one.Found!.Text : null, one.Fault, [.. one.Found?.Changes.Select(c => $"{c.What}: {c.Text}") ?? []]);
    }

    private List<VerifiedPicture> All(List<PictureManifest> manifests, ReplayChoice choice, IProgress<(double Share, string Text)> report, CancellationToken cancellation)
    {
        var verified = new List<VerifiedPicture>();
        var replayer = new Replayer(choice, cancellation);
        foreach (var group in Replayer.Groups(manifests))
        {
            cancellation.ThrowIfCancellationRequested();
            var (done, name) = (verified.Count, NameOf(group[0].File));
            try
            {
                var part = new Relay<(double Share, string Text)>(p => report.Report(((done + (p.Share * group.Count)) / manifests.Count, name)));
                verified.AddRange(replayer.Run(group, part).Select(r => new VerifiedPicture(NameOf(r.Picture.File), r.Picture.File, r.Found, r.Fault)));
            }
            catch (OnnxVizException e) when (e.Fault == Fault.Input)
            {
                verified.AddRange(group.Select(m => new VerifiedPicture(NameOf(m.File), m.File, null, e.Message)));
            }
        }

        return verified;
    }

    /// <summary>The pictures of the folder, those among them that cannot be made again, and how many are of other programs.</summary>
    private (List<PictureManifest> Found, List<VerifiedPicture> Unreadable, int Others) Manifests(CancellationToken cancellation)
    {
        var (found, unreadable, others) = (new List<PictureManifest>(), new List<VerifiedPicture>(), 0);
        var options = new EnumerationOptions { RecurseSubdirectories = true, MatchCasing = MatchCasing.CaseInsensitive, AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Hidden, MaxRecursionDepth = 64 };
        foreach (var file in Directory.EnumerateFiles(Folder!, "*.png", options).Order(StringComparer.Ordinal))
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                if (PictureManifest.TryOf(file) is not { IsOfAnotherKind: false } manifest)
                {
                    others++;
                    continue;
                }

                _ = manifest.Command;
                found.Add(manifest);
            }
            catch (OnnxVizException e) when (e.Fault == Fault.Input)
            {
                unreadable.Add(new(NameOf(file), file, null, e.Message));
            }
        }

        return (found, unreadable, others);
    }

    private string NameOf(string file) => Path.GetRelativePath(Folder!, file).Replace(Path.DirectorySeparatorChar, '/');
}
