using CommandLine;
using CommandLine.Text;
using OnnxViz.Cli.Results.Replays;

namespace OnnxViz.Cli.Verbs.Replay;

[Verb("replay", HelpText = "Make a picture again from its own manifest, and say how far the two are apart; exit code 4 when they differ.")]
internal sealed class ReplayVerb : ReplayOptions
{
    [Value(0, MetaName = "PICTURE", HelpText = "A .png file that this program made.")]
    public string? Picture { get; set; }

    [Option('o', "out", MetaValue = "FILE.png", HelpText = "Where the new picture goes; by default NAME-replayed.png in the current folder.")]
    public string? Out { get; set; }

    public static IEnumerable<Example> Examples =>
    [
        Manual.Example("Does it come out the same here?", new ReplayVerb { Picture = "why.png", Out = "again.png" }),
        Manual.Example("What another model makes of it", new ReplayVerb { Picture = "why.png", Model = "fine-tuned.onnx" }),
    ];

    public override int Run(Output output)
    {
        if (Picture is null) throw OnnxVizException.Usage("A picture is needed: onnxviz replay PICTURE.png.");
        var manifest = PictureManifest.Of(Picture);
        var place = Out ?? Destination.FileName($"{Path.GetFileNameWithoutExtension(Picture)}-replayed");
        if (!place.EndsWith(".png", StringComparison.OrdinalIgnoreCase)) throw OnnxVizException.Usage($"-o {place}: the picture is written as .png.");
        RunFiles.Reads(Picture);
        OutputFile.Probe(place);
        var replayer = new Replayer(Choice(), output.Cancellation, used =>
        {
            foreach (var file in used) RunFiles.Reads(file);
            OutputFile.Probe(place);
        });
        var (_, found, fault) = output.WithProgress("Making the picture again", report => replayer.Run([manifest], report))[0];
        if (found is null) throw PictureManifest.Unusable(Picture, $"cannot be made again: {fault}");
        OutputFile.Write(place, found.Bytes);
        output.Say($"Wrote {place}");
        foreach (var (what, text) in found.Changes) output.Say($"Not as it was: {what}: {text}");
        var same = found.IsWithin(Tolerance);
        output.Say($"{(same ? "Same" : "Different")}: {found.Text}.");
        var json = found.ToJson(Tolerance);
        json.Insert(0, "verb", "replay");
        json["files"] = JsonText.Array([place]);
        output.Object(json);
        return same ? 0 : Failure.Differs;
    }
}
