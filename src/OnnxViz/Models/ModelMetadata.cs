using System.Text;
using System.Text.Json;
using OnnxViz.Onnx;

namespace OnnxViz.Models;

/// <summary>
/// What a model's file says of itself in its metadata_props: "onnxviz.preprocessing", what it expects of pictures in the form of
/// models.json, and "onnxviz.labels", the names of its classes as a JSON array in the order of the scores.
/// </summary>
public static class ModelMetadata
{
    private const string PreprocessingKey = "onnxviz.preprocessing";

    private const string LabelsKey = "onnxviz.labels";

    private const int LongestPreprocessing = 1 << 16;

    /// <summary>What <see cref="OnnxFile.Save(Graph, string, IReadOnlyDictionary{string, string})"/> is told, so that <see cref="VisionModel"/> finds it again.</summary>
    /// <param name="conventions">What becomes of a picture before the network sees it.</param>
    /// <param name="labels">Names of the classes in the order of the scores; null where there are none.</param>
    public static IReadOnlyDictionary<string, string> Of(PictureConventions conventions, IReadOnlyList<string>? labels)
    {
        ArgumentNullException.ThrowIfNull(conventions);
        var preprocessing = Preprocessing.Of(conventions, "", conventions.InputDims(-1, conventions.Height, conventions.Width));
        var entries = new Dictionary<string, string> { [PreprocessingKey] = JsonSerializer.Serialize(preprocessing, ModelJson.Compact.Preprocessing) };
        if (labels is not null) entries[LabelsKey] = JsonSerializer.Serialize(labels, ModelJson.Compact.IReadOnlyListString);
        return entries;
    }

    /// <param name="metadata">Of the file.</param>
    /// <param name="graph">Of the file: what does not fit it is not believed.</param>
    /// <param name="input">Takes the pictures.</param>
    /// <returns>What is said; null for what is not, or not to be believed, of which the fault says why.</returns>
    internal static (PictureConventions? Conventions, IReadOnlyList<string>? Labels, string? Fault) Read(IReadOnlyDictionary<string, string> metadata, Graph graph, Value input)
    {
        var (conventions, fault) = Tried(PreprocessingKey, text => Conventions(text, input));
        var (labels, second) = Tried(LabelsKey, text => Labels(text, graph));
        return (conventions, labels, fault ?? second);

        (T? Said, string? Fault) Tried<T>(string key, Func<string, T> read) where T : class
        {
            if (!metadata.TryGetValue(key, out var text)) return (null, null);
            try
            {
                return (read(text), null);
            }
            catch (Exception e) when (e is JsonException or FormatException or ArgumentException or NotSupportedException)
            {
                return (null, $"'{key}' of its metadata is of no use: {e.Message.TrimEnd('.')}");
            }
        }
    }

    private static PictureConventions Conventions(string text, Value input)
    {
        Require(text.Length <= LongestPreprocessing, $"it has {text.Length} characters");
        var said = JsonField.Read(Encoding.UTF8.GetBytes(text), PreprocessingReader.Read);
        var c = said.ToConventions();
        var dims = c.InputDims(Shapes.Unknown);
        Require(
            dims.Length == input.Dims!.Length && dims.Zip(input.Dims).Skip(1).All(d => d.Second < 0 || d.First == d.Second),
            $"{c.Channels} channels of {c.Size}, {said.Input.Layout}, do not fit the model's input [{Shapes.Text(input.Dims)}]");
        return c;
    }

    private static string[] Labels(string text, Graph graph)
    {
        var labels = JsonSerializer.Deserialize(text, ModelJson.Compact.StringArray) ?? throw new JsonException("it is null");
        Require(labels.Length > 0 && Array.TrueForAll(labels, l => !string.IsNullOrWhiteSpace(l)), "every class needs a name");
        Require(Fits(labels, graph), $"{labels.Length} names of classes do not fit the output [{Shapes.Text(graph.Outputs[0].Dims)}]");
        return labels;
    }

    /// <summary>Where the graph does not say how many scores there are, names beyond them do no harm; of several outputs any may be the scores, and those of detectors have more than them.</summary>
    internal static bool Fits(IReadOnlyList<string> labels, Graph graph) => graph.Outputs is not [{ Dims: { Length: not 3 } and [_, > 0 and var classes, ..] }] || labels.Count == classes;

    private static void Require(bool holds, string otherwise)
    {
        if (!holds) throw new FormatException(otherwise);
    }
}
