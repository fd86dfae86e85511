using System.Text.Json.Nodes;
using OnnxViz.Imaging.Sheets;
using OnnxViz.Onnx;
using OnnxViz.Options;

namespace OnnxViz.Cli.Results;

/// <summary>The last step of the verbs that make pictures: files, and what is said about them.</summary>
/// <param name="verb">With its options.</param>
/// <param name="model">The network under the conventions that were used.</param>
/// <param name="runtime">Where it ran.</param>
/// <param name="output">Told what is written.</param>
/// <param name="drawsPictures">False where -o names no place for pictures.</param>
internal sealed class Delivery(ModelOptions verb, VisionModel model, RuntimeOptions runtime, Output output, bool drawsPictures = true)
{
    private readonly Destination _destination = new(drawsPictures ? verb.Out : null);

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

    /// <summary>What the results are made of, for their manifest.</summary>
    public IReadOnlyList<InputFile> Inputs { get; set; } = [];

    /// <summary>Results on one sheet.</summary>
    public int PageSize
    {
        init => _destination.PageSize = value;
    }

    /// <summary>With --raw alone no picture is made.</summary>
    public bool WantsPicture => verb.Raw is null || verb.Out is not null;

    /// <summary>What default file names begin with: of a run's model the run and the model.</summary>
    public string Stem { get; } = model.Checkpoint is { } checkpoint ? $"{Manifest.NameOf(model).Split('/')[0]}-{checkpoint.Name}" : Path.GetFileNameWithoutExtension(model.Name);

    /// <inheritdoc cref="Destination.Companion"/>
    public string Companion(string name, string extension) => _destination.Companion(name, extension);

    /// <summary>Refuses, before work that may take hours, places that cannot be written and files that the results are made of.</summary>
    /// <param name="more">Options that name files, too.</param>
    /// <exception cref="OnnxVizException">There is such a place.</exception>
    public void CheckPlaces(params (string Option, string? File)[] more)
    {
        if (WantsPicture) _destination.Check(InputPaths());
        foreach (var (option, file) in more.Prepend(("--raw", verb.Raw)))
        {
            if (file is null) continue;
            Destination.Spare(file, InputPaths(), option);
            OutputFile.Probe(file);
        }
    }

    /// <summary>Writes --raw and the pictures, and says where they are.</summary>
    /// <param name="raw">What --raw holds.</param>
    /// <param name="results">Makes the pictures; asked only when some are wanted.</param>
    /// <param name="sheetName">Of the sheet of several.</param>
    /// <param name="sheet">How it looks.</param>
    /// <param name="result">The object for --json; the files are added.</param>
    public void Write(Func<Tensor> raw, Func<IReadOnlyList<PictureResult>> results, string sheetName, GridOptions sheet, JsonObject result)
    {
        if (verb.Raw is { } rawFile) WriteRaw(rawFile, raw());
        IReadOnlyList<string> files = [];
        if (WantsPicture)
        {
            var made = Drawn(results);
            var manifest = Manifest.Of(verb, model, runtime, Inputs, Resolved);
            files = _destination.Write(made, sheetName, sheet, manifest, InputPaths());
            foreach (var file in files) output.Say($"Wrote {file}");
        }

        if (verb.Raw is not null)
        {
            output.Say($"Wrote {verb.Raw}");
            result["raw"] = verb.Raw;
        }

        if (runtime.Manner is { } manner) result["precision"] = manner;
        if (verb.Verbose && runtime.CaptureFault is { } fault) output.Note($"Steps were not recorded as CUDA graphs: {fault}");
        if (model.IsQuantized && verb.UsesGradients) result["quantized"] = Manifest.Quantized;
        result["files"] = JsonText.Array(files);
        output.Object(result);
    }

    /// <exception cref="OnnxVizException">The name does not end in .npy, or the file cannot be written.</exception>
    public static void WriteRaw(string file, Tensor tensor)
    {
        CheckRaw(file);
        OutputFile.Write(file, NpyFile.Encode(tensor.ToFloats(), tensor.Dims));
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

    private List<string> InputPaths() => [.. Inputs.Select(i => i.Location)];
}
