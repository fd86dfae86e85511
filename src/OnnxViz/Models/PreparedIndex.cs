using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OnnxViz.Models;

/// <summary>What model.json of a prepared folder says: all that a program in any language needs to run the graphs in it.</summary>
/// <param name="Format">Version of this form; it changes when older readers would misunderstand.</param>
/// <param name="Program">What wrote the folder, with its version: another compiler may make other numbers.</param>
/// <param name="Source">The model that was prepared.</param>
/// <param name="Opset">Version of the standard operators in all graphs of the folder.</param>
/// <param name="Preprocessing">What becomes of a picture before it is fed; the name and shape are those of the graphs' input.</param>
/// <param name="IsDescribed">Whether that is known, or only what most models are trained with.</param>
/// <param name="Labels">Names of the classes in the order of the scores; null where nobody knows.</param>
/// <param name="Weights">Shared by all graphs; null where all weights are small.</param>
/// <param name="Forward">The graph of which every layer is an output.</param>
/// <param name="Outputs">The model's own outputs, which come first among them.</param>
/// <param name="Layers">In the order of the graph.</param>
/// <param name="Gradients">A graph for each layer and rule that was asked for.</param>
internal sealed record PreparedIndex(
    int Format,
    string Program,
    PreparedSource Source,
    int Opset,
    Preprocessing Preprocessing,
    bool IsDescribed,
    IReadOnlyList<string>? Labels,
    PreparedFile? Weights,
    PreparedFile Forward,
    IReadOnlyList<string> Outputs,
    IReadOnlyList<PreparedLayer> Layers,
    IReadOnlyList<PreparedGradient> Gradients)
{
    public const string FileName = "model.json";

    public const int CurrentFormat = 1;

    /// <summary>Bytes of the index; a layer takes some hundred.</summary>
    private const int Largest = 64 << 20;

    /// <summary>All files of the folder but the index itself.</summary>
    [JsonIgnore]
    public IEnumerable<PreparedFile> Files => [.. Weights is null ? [] : new[] { Weights }, Forward, .. Gradients.Select(g => g.Graph)];

    /// <summary>This program, as it writes itself into folders.</summary>
    public static string CurrentProgram { get; } =
        $"onnxviz {typeof(PreparedIndex).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0"}";

    public void Save(string folder) => WholeFile.Write(Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(this, ModelJson.Indented.PreparedIndex));

    /// <exception cref="OnnxVizException">There is none, it is broken, or another version of the program wrote it.</exception>
    public static PreparedIndex Load(string folder) => Load(folder, isOwn: true);

    /// <param name="folder">Where it lies.</param>
    /// <param name="isOwn">Whether this version of the program has to have written it.</param>
    /// <exception cref="OnnxVizException">There is none, it is broken, or another version wrote it.</exception>
    public static PreparedIndex Load(string folder, bool isOwn)
    {
        var file = Path.Combine(folder, FileName);
        if (FileStatus.Of(file).Kind == PathKind.Nothing) throw OnnxVizException.Input($"'{folder}' is no prepared folder: it has no {FileName}.", argument: "PreparedFolder");
        try
        {
            return JsonField.Read(OpenFile.ReadAll(file, Largest), field =>
            {
                // Looked at first: what another version wrote need not have the rest.
                var (format, program) = (field["format"].Whole(0, int.MaxValue), field["program"].Text());
                if (format != CurrentFormat || (isOwn && program != CurrentProgram))
                {
                    throw OnnxVizException.Input(
                        $"'{folder}' was prepared by {program} (format {format}), this is {CurrentProgram} (format {CurrentFormat}); prepare it again.");
                }

                return PreparedIndexReader.Read(field);
            });
        }
        catch (FormatException e)
        {
            throw OnnxVizException.Input($"'{file}' is not the {FileName} of a prepared folder: {e.Message.TrimEnd('.')}. Prepare the folder again.", e);
        }
    }
}

/// <param name="File">Its name, without the folder.</param>
/// <param name="Sha256">SHA-256 of the file, without external data.</param>
/// <param name="ExternalSha256">SHA-256 of its files of external data; null without such.</param>
/// <param name="Opset">Version of its standard operators.</param>
/// <param name="Input">What it calls the picture.</param>
internal sealed record PreparedSource(string File, string Sha256, string? ExternalSha256, int Opset, string Input);

/// <param name="File">In the folder.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Sha256">SHA-256 of the file, lower-case hexadecimal.</param>
internal sealed record PreparedFile(string File, long Size, string Sha256);

/// <param name="Name">What to call it.</param>
/// <param name="Output">The output of the forward graph that delivers it.</param>
/// <param name="Op">The operator.</param>
/// <param name="Shape">-1 where it depends on the picture's size or the batch; null where not even the rank is known.</param>
/// <param name="Alias">Caffe's name in networks that are a chain.</param>
/// <param name="Modules">Modules of the exported program that deliver it, the innermost first.</param>
/// <param name="Node">In the source.</param>
/// <param name="Tensor">In the source.</param>
internal sealed record PreparedLayer(
    string Name, string Output, string Op, long[]? Shape, string? Alias, IReadOnlyList<string> Modules, string Node, string Tensor);

/// <param name="Layer">Its name.</param>
/// <param name="Tensor">In the source.</param>
/// <param name="Rule">default, guided or deconv.</param>
/// <param name="Shape">Shape of activation and seed.</param>
/// <param name="Graph">Inputs image and seed, outputs activation and gradient.</param>
internal sealed record PreparedGradient(string Layer, string Tensor, string Rule, long[] Shape, PreparedFile Graph);

/// <summary>Reads the model.json of a prepared folder, which anybody may have edited.</summary>
internal static class PreparedIndexReader
{
    private const long LongestAxis = 1L << 40;

    private const int HighestRank = 64;

    /// <exception cref="FormatException">Something is missing, of another kind, out of its bounds, or there twice.</exception>
    public static PreparedIndex Read(JsonField field)
    {
        var index = new PreparedIndex(
            (int)field["format"].Whole(0, int.MaxValue), field["program"].Text(), Source(field["source"]), (int)field["opset"].Whole(1, int.MaxValue),
            PreprocessingReader.Read(field["preprocessing"]), field["is_described"].Flag(), field.Find("labels")?.Texts(),
            field.Find("weights") is { } weights ? File(weights) : null, File(field["forward"]), field["outputs"].Texts(),
            [.. field["layers"].List().Select(Layer)], [.. field["gradients"].List().Select(Gradient)]);
        if (index.Outputs.Count == 0) throw field["outputs"].Wrong("is empty");
        RequireDistinct(field["outputs"], index.Outputs);
        RequireDistinct(field["layers"], index.Layers.Select(l => l.Tensor));
        RequireDistinct(field["gradients"], index.Gradients.Select(g => $"{g.Tensor} by {g.Rule}"));
        RequireDistinct(field, index.Files.Select(f => f.File));
        return index;
    }

    private static PreparedSource Source(JsonField field) => new(
        field["file"].Text(), field["sha256"].Sha256(), field.Find("external_sha256")?.Text(), (int)field["opset"].Whole(1, int.MaxValue), field["input"].Text());

    private static PreparedFile File(JsonField field) => new(field["file"].Text(), field["size"].Whole(1, long.MaxValue), field["sha256"].Sha256());

    private static PreparedLayer Layer(JsonField field) => new(
        field["name"].Text(), field["output"].Text(), field["op"].Text(), field.Find("shape") is { } shape ? Shape(shape) : null, field.Find("alias")?.Text(),
        field["modules"].Texts(), field["node"].Text(isEmptyAllowed: true), field["tensor"].Text());

    private static PreparedGradient Gradient(JsonField field) => new(
        field["layer"].Text(), field["tensor"].Text(), field["rule"].Word("default", "guided", "deconv"), Shape(field["shape"]), File(field["graph"]));

    private static long[] Shape(JsonField field)
    {
        long[] shape = [.. field.List().Select(d => d.Whole(-1, LongestAxis))];
        return shape.Length <= HighestRank ? shape : throw field.Wrong($"has {shape.Length} dimensions");
    }

    private static void RequireDistinct(JsonField field, IEnumerable<string> names)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        if (names.FirstOrDefault(n => !seen.Add(n)) is { } twice) throw field.Wrong($"has '{twice}' twice");
    }
}
