using System.Diagnostics;
using System.Text.Json.Nodes;
using OnnxViz.Cli.Shared.Recording;
using OnnxViz.Shards;

namespace OnnxViz.Cli.Results;

/// <summary>One part of a verb's work: its pieces are kept as they are done, and those that are there already are passed over.</summary>
internal sealed class PartWork
{
    private readonly PartFolder _folder;
    private readonly VerbOptions _verb;
    private readonly Shard _shard;
    private readonly string _path;
    private readonly WorkCut _cut;
    private readonly RuntimeOptions _runtime;
    private readonly Output _output;

    /// <param name="verb">With its options.</param>
    /// <param name="path">Where the parts lie.</param>
    /// <param name="shard">Which part.</param>
    /// <param name="command">See <see cref="CommandOf"/>.</param>
    /// <param name="cut">How the work is cut into pieces.</param>
    /// <param name="runtime">Where it runs.</param>
    /// <param name="output">Told what is done.</param>
    /// <exception cref="OnnxVizException">Nothing can be written there.</exception>
    public PartWork(VerbOptions verb, string path, Shard shard, JsonObject command, WorkCut cut, RuntimeOptions runtime, Output output)
    {
        (_verb, _path, _shard, _cut, _runtime, _output) = (verb, path, shard, cut, runtime, output);
        _folder = new PartFolder(path, new PartRecord(PartRecord.CurrentVersion, shard.Index, shard.Count, command, cut, verb.Typed, MachineOf(runtime), []));
        OutputFile.Probe(_folder.RecordPath);
    }

    /// <summary>Whether records of parts of other work give way to this one's, and do not refuse it.</summary>
    public bool Replaces { get; init; }

    /// <summary>What decides about the results: a manifest, as it is read back.</summary>
    /// <param name="verb">With its options.</param>
    /// <param name="manifest">Of the whole work.</param>
    /// <param name="more">What manifests do not tell.</param>
    public static JsonObject CommandOf(RunOptions verb, JsonObject manifest, params (string Name, JsonNode? Value)[] more)
    {
        _ = ReplayRecord.Without(manifest);
        // What graphs were measured to be quicker by is known when they have run.
        manifest["winograd"] = verb.Winograd;
        foreach (var (name, value) in more) manifest[name] = value;
        // Which of several GPUs it is does not matter.
        manifest["device"] = manifest["device"]!.GetValue<string>().Split(':')[0];
        return JsonNode.Parse(manifest.ToJsonString())!.AsObject();
    }

    /// <summary>Does what is left.</summary>
    /// <param name="title">What is being done.</param>
    /// <param name="compute">A piece, by its number; null when it was interrupted.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="OnnxVizException">Parts of other work lie there, or the disk is full.</exception>
    /// <exception cref="OperationCanceledException">Ctrl-C; finished pieces are kept.</exception>
    public int Run(string title, Func<int, IProgress<(double Share, string Text)>, Piece?> compute)
    {
        _folder.Check();
        var (left, own) = (_folder.Left(), _folder.Own().Count);
        if (left.Count < own) _output.Say($"{own - left.Count} of {own} pieces are done already ({_path}).");
        var (done, clock) = (own - left.Count, Stopwatch.StartNew());
        try
        {
            _ = _output.WithProgress(title, report =>
            {
                foreach (var (i, number) in left.Index())
                {
                    _output.Cancellation.ThrowIfCancellationRequested();
                    var piece = compute(number, new Relay<(double Share, string Text)>(p => report.Report(((i + p.Share) / left.Count, p.Text)))) ?? throw new OperationCanceledException(_output.Cancellation);
                    _folder.Keep(number, piece with { Forms = _runtime.Winograd.Used });
                    done++;
                }

                return 0;
            });
        }
        catch (OperationCanceledException)
        {
            _output.Say($"{done} of {own} pieces are done and kept in {_path}: the same command goes on from there.");
            throw;
        }

        Complete();
        if (left.Count > 0) _output.Say($"{left.Count} {(left.Count == 1 ? "piece" : "pieces")} in {clock.Elapsed.TotalSeconds:0.0} s");
        if (own == 0) _output.Note($"All of the work is {_cut}: there is none for part {_shard}{(Manual.Options(_verb.GetType()).Any(o => o.Option.LongName == "batch") ? "; --batch with fewer at once makes more pieces" : "")}.");
        _output.Say($"Part {_shard} is in {_path}; `onnxviz merge {_path} -o FILE` joins all {_shard.Count}.");
        _output.Object(new JsonObject { ["verb"] = Manual.NameOf(_verb), ["shard"] = $"{_shard}", ["pieces"] = own, ["folder"] = _path });
        return 0;
    }

    /// <summary>Says that the part is done.</summary>
    /// <exception cref="OnnxVizException">Not writable, or the disk is full.</exception>
    public void Complete()
    {
        if (Replaces) _folder.Replace();
        _folder.Complete();
    }

    private static string MachineOf(RuntimeOptions runtime) => runtime.Device.Kind == DeviceKind.Cpu
        ? $"CPU with {string.Join(' ', CpuFeatures.Present())}"
        : runtime.Device.Kind.ToString();
}
