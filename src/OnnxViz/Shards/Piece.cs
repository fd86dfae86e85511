using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OnnxViz.Onnx;

namespace OnnxViz.Shards;

/// <summary>What a piece of work came to, as it is kept: a .npz file, which NumPy reads, in which the facts are JSON in an array of bytes.</summary>
/// <param name="Facts">What is no array.</param>
/// <param name="Arrays">By names other than that of the facts.</param>
internal sealed record Piece(JsonNode Facts, IReadOnlyDictionary<string, Tensor> Arrays)
{
    private const string FactsName = "facts", FormsName = "forms";

    /// <summary>Forms that graphs were given because they were measured to be quicker: what results may differ by in rounding.</summary>
    public IReadOnlyList<string> Forms { get; init; } = [];

    /// <summary>How many results there are; null where there are no arrays.</summary>
    public long? Rows => Arrays.Count > 0 ? Arrays.First().Value.Dims[0] : null;

    /// <summary>Whole, on the disk itself, or not at all.</summary>
    /// <exception cref="OnnxVizException">Not writable, or the disk is full.</exception>
    public void Save(string path)
    {
        var json = Encoding.UTF8.GetBytes(Facts.ToJsonString(JsonFormat.Options));
        var forms = Encoding.UTF8.GetBytes(string.Join(',', Forms));
        NpzFile.Save(path, new Dictionary<string, Tensor>(Arrays) { [FactsName] = Tensor.Of(json, json.Length), [FormsName] = Tensor.Of(forms, forms.Length) });
    }

    /// <exception cref="OnnxVizException">Missing, truncated, or another kind of file.</exception>
    public static Piece Load(string path)
    {
        var arrays = NpzFile.Load(path);
        try
        {
            if (arrays.Remove(FactsName, out var facts) && arrays.Remove(FormsName, out var forms) && JsonNode.Parse(facts.Bytes) is { } json)
                return new Piece(json, arrays) { Forms = Encoding.UTF8.GetString(forms.Bytes).Split(',', StringSplitOptions.RemoveEmptyEntries) };
        }
        catch (JsonException e)
        {
            throw Refused(e);
        }

        throw Refused(null);

        OnnxVizException Refused(Exception? inner) => OnnxVizException.Input($"'{path}' is no piece of such work, or damaged.", inner);
    }
}
