using System.Text.Json.Nodes;
using OnnxViz.Cli.Shared.Recording;
using OnnxViz.Imaging.Sheets;
using OnnxViz.Options;

namespace OnnxViz.Cli.Results;

/// <summary>The last step of the verbs that make pictures: files, and what is said about them.</summary>
/// <param name="verb">With its options.</param>
/// <param name="model">The network under the conventions that were used.</param>
/// <param name="runtime">Where it ran.</param>
/// <param name="output">Told what is written.</param>
/// <param name="drawsPictures">False where -o names no place for pictures.</param>
internal sealed class Delivery(IResults verb, VisionModel model, RuntimeOptions runtime, Output output, bool drawsPictures = true)
{
    /// <summary>Files that are told one by one.</summary>
    private const int Told = 24;

    private readonly Destination _destination = new(drawsPictures ? verb.Out : null);

    private readonly Lazy<InputFile[]> _named = new(() => [.. RecordedCommand.Files(verb.Verb).Select(InputFile.Of)]);

    /// <summary>What options came to mean.</summary>
    public Dictionary<string, JsonNode?> Resolved { get; } = [];

    /// <summary>Records whose options the manifest tells, as they came to be.</summary>
    public IEnumerable<object> Records
    {
        init
        {
            foreach (var (name, option) in value.SelectMany(OptionTable.ToJson)) Resolved[name] = option?.DeepClone();
        }
    }

    /// <summary>What all results are made of, for their manifest; what one alone is made of says <see cref="PictureResult.Input"/>.</summary>
    public IReadOnlyList<InputFile> Inputs { get; set; } = [];

    /// <summary>Results on one sheet; more than these go on several, FILE-1.png and so on.</summary>
    public int PageSize { get; init; } = int.MaxValue;

    public bool HasPages => PageSize < int.MaxValue;

    /// <summary>With --raw alone no picture is made.</summary>
    public bool WantsPicture => drawsPictures && (verb.Raw is null || verb.Out is not null);

    /// <summary>The folder that takes a file for each result; null where there is none.</summary>
    public string? Folder => WantsPicture ? _destination.Folder : null;

    /// <summary>What default file names begin with: of a run's model the run and the model.</summary>
    public string Stem { get; } = model.Checkpoint is { } checkpoint ? $"{Manifest.NameOf(model).Split('/')[0]}-{checkpoint.Name}" : Path.GetFileNameWithoutExtension(model.Name);

    /// <inheritdoc cref="Destination.Companion"/>
    public string Companion(string name, string extension) => _destination.Companion(name, extension);

    /// <summary>Refuses, before work that may take hours, places that cannot be written and files that the results are made of.</summary>
    /// <param name="more">Where other files go.</param>
    /// <exception cref="OnnxVizException">There is such a place.</exception>
    public void CheckPlaces(params string?[] more)
    {
        if (WantsPicture) _destination.Check();
        var taken = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in more.Prepend(verb.Raw).Append(_destination.File).OfType<string>())
        {
            OutputFile.Probe(file);
            if (!taken.TryAdd(RealPath.Of(file), file)) throw OnnxVizException.Usage($"'{taken[RealPath.Of(file)]}' and '{file}' are one file: one result would be written over the other.");
        }
    }

    /// <summary>Takes results as they come; <see cref="Finish"/> ends it.</summary>
    public ResultStream Open() => new(this, _destination, verb.Raw);

    /// <summary>Writes what is left to be written, and says where all is.</summary>
    /// <param name="results">All that was added.</param>
    /// <param name="sheetName">Of the sheet of several.</param>
    /// <param name="sheet">How it looks.</param>
    /// <param name="result">The object for --json; the files are added.</param>
    public void Finish(ResultStream results, string sheetName, GridOptions sheet, JsonObject result)
    {
        var hasRaw = results.Finish(sheetName, sheet);
        if (results.Files.Count <= Told) foreach (var file in results.Files) output.Say($"Wrote {file}");
        else output.Say($"Wrote {results.Files.Count} pictures to {_destination.Folder}");
        if (hasRaw)
        {
            output.Say($"Wrote {verb.Raw}");
            result["raw"] = verb.Raw;
        }

        if (runtime.Manner is { } manner) result["precision"] = manner;
        if (verb.Verb.Verbose && runtime.CaptureFault is { } fault) output.Note($"Steps were not recorded as CUDA graphs: {fault}");
        if (model.IsQuantized && verb.Verb is ModelOptions { UsesGradients: true }) result["quantized"] = Manifest.Quantized;
        result["files"] = JsonText.Array(results.Files);
        output.Object(result);
    }

    /// <summary>Writes --raw and the pictures where all are there, and says where they are.</summary>
    /// <param name="raw">What --raw holds.</param>
    /// <param name="results">Makes the pictures; asked only when some are wanted.</param>
    /// <param name="sheetName">Of the sheet of several.</param>
    /// <param name="sheet">How it looks.</param>
    /// <param name="result">The object for --json; the files are added.</param>
    public void Write(Func<Tensor> raw, Func<IReadOnlyList<PictureResult>> results, string sheetName, GridOptions sheet, JsonObject result)
    {
        using var stream = Open();
        stream.AddRaw(raw);
        if (WantsPicture) foreach (var made in Drawn(results)) stream.Add(made);
        Finish(stream, sheetName, sheet, result);
    }

    /// <summary>What made a result, for a file of its own.</summary>
    public JsonObject ManifestOf(PictureResult result)
    {
        var resolved = result.Resolved is var (option, value) ? new Dictionary<string, JsonNode?>(Resolved) { [option] = value } : Resolved;
        var manifest = ManifestOf(result.Input is { } own ? [own] : [], resolved);
        manifest["result"] = result.Facts.DeepClone();
        manifest[ReplayRecord.Key]!["result"] = NameOf(result.Name);
        return manifest;
    }

    /// <summary>A result's name without the model's, which another one has as well.</summary>
    public string NameOf(string name) => name.StartsWith($"{Stem}_", StringComparison.Ordinal) ? name[(Stem.Length + 1)..] : name;

    /// <summary>What made a sheet.</summary>
    /// <param name="own">Files of its results.</param>
    /// <param name="resolved">What options came to mean; null for <see cref="Resolved"/>.</param>
    public JsonObject ManifestOf(IEnumerable<InputFile> own, IReadOnlyDictionary<string, JsonNode?>? resolved = null)
    {
        InputFile[] pictures = [.. own];
        var manifest = Manifest.Of(verb.Verb, model, runtime, pictures.Concat(Inputs), resolved ?? Resolved);
        manifest[ReplayRecord.Key] = ReplayRecord.Of(verb.Verb, model, runtime, [.. pictures, .. Inputs, .. _named.Value], pictures.Length);
        return manifest;
    }

    /// <exception cref="OnnxVizException">The name does not end in .npy, or the file cannot be written.</exception>
    public static void WriteRaw(string file, Tensor tensor)
    {
        CheckRaw(file);
        OutputFile.Write(file, Onnx.NpyFile.Encode(tensor.ToFloats(), tensor.Dims));
    }

    /// <exception cref="OnnxVizException">The name does not end in .npy.</exception>
    public static void CheckRaw(string? file, string option = "--raw")
    {
        if (file is not null && !file.EndsWith(".npy", StringComparison.OrdinalIgnoreCase))
            throw OnnxVizException.Usage($"{option} {file}: the result is written as .npy.");
    }

    private static IReadOnlyList<PictureResult> Drawn(Func<IReadOnlyList<PictureResult>> results)
    {
        using var phase = Profiler.Phase("draw");
        return results();
    }
}
