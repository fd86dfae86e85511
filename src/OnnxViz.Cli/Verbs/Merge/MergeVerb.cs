using System.Text.Json.Nodes;
using CommandLine;
using CommandLine.Text;
using OnnxViz.Shards;

namespace OnnxViz.Cli.Verbs.Merge;

[Verb("merge", HelpText = "Join the parts that --shard made: the files that one process would have made, byte for byte on the same kind of CPU.")]
internal class MergeVerb : VerbOptions
{
    [Value(0, MetaName = "DIR...", HelpText = "One folder with all parts, or several. What the parts were made of, the model and the pictures, has to lie where it lay for them.")]
    public IEnumerable<string> Folders { get; set; } = [];

    [Option('o', "out", MetaValue = "FILE|DIR", HelpText = "As of the verb that made the parts: a sheet, or a folder for one file per result.")]
    public string? Out { get; set; }

    [Option("raw", MetaValue = "FILE.npy", HelpText = "Write the unscaled float32 results; then a picture is made only if -o asks for one.")]
    public string? Raw { get; set; }

    [Option("missing", HelpText = "Only print which parts are not there, as 2,5-7, for another try; exit code 3 if there are such.")]
    public bool Missing { get; set; }

    public static IEnumerable<Example> Examples =>
    [
        Manual.Example("One sheet of what three machines found", new MergeVerb { Folders = ["parts/"], Out = "units.png" }),
        Manual.Example("Which parts have to be done again", new MergeVerb { Folders = ["parts/"], Missing = true }),
    ];

    public override int Run(Output output)
    {
        string[] folders = [.. Folders];
        if (folders.Length == 0) throw OnnxVizException.Usage("A folder of parts is needed: onnxviz merge parts/ -o FILE.png.");
        var parts = new PartSet(folders);
        if (Missing) return Tell(parts, output);
        parts.Check();
        if (Arguments.Parse(parts.First.Arguments, Sharding.Verbs, output.Streams, out var verb) is not null || verb is not IShared shared)
            throw OnnxVizException.Input($"The parts in '{folders[0]}' are of no verb that could be joined.");
        (shared.Joined, shared.Out) = (parts, Out);
        if (Raw is not null) shared.Raw = Raw;
        (verb.Json, verb.Quiet, verb.Verbose) = (Json, Quiet, Verbose);
        if (parts.Machines is { Count: > 1 } machines)
            output.Note($"The parts come from different machines ({string.Join("; ", machines)}): results may differ from those of one process in rounding.");
        return verb.Run(output);
    }

    private static int Tell(PartSet parts, Output output)
    {
        var missing = parts.Missing;
        if (missing.Count > 0) output.Say(Shard.List(missing));
        output.Object(new JsonObject { ["verb"] = "merge", ["parts"] = parts.First.Parts, ["missing"] = JsonText.Array(missing) });
        return missing.Count == 0 ? 0 : Failure.ExitCodeOf(Fault.Input);
    }
}
