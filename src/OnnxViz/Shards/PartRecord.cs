using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace OnnxViz.Shards;

/// <summary>What a part is part of, and what it holds. It is written when all of the part is there.</summary>
/// <param name="Version">Version of the form of this record.</param>
/// <param name="Part">From 1 on.</param>
/// <param name="Parts">How many there are.</param>
/// <param name="Command">What the whole work is: the model's hash, the options, the versions. Equal commands give equal results.</param>
/// <param name="Cut">How the work was cut into pieces; equal in all parts of a whole.</param>
/// <param name="Arguments">As they were typed, so that the joined parts can be drawn.</param>
/// <param name="Machine">What results may differ by in rounding.</param>
/// <param name="Pieces">In their order.</param>
internal sealed record PartRecord(
    int Version, int Part, int Parts, JsonObject Command, WorkCut Cut, IReadOnlyList<string> Arguments, string Machine, IReadOnlyList<PieceFile> Pieces)
{
    public const int CurrentVersion = 1;

    private const int Largest = 256 << 20, KeyLetters = 12, ShownLetters = 40;

    /// <summary>Of the file.</summary>
    [JsonIgnore]
    public string Name => NameOf(Part, Parts);

    public static string NameOf(int part, int parts) => $"part-{part}-of-{parts}.json";

    /// <summary>A few letters that tell this work from other work.</summary>
    [JsonIgnore]
    public string Key => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Parts}\n{Command.ToJsonString()}\n{Cut}")))[..KeyLetters];

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, JsonFormat.Options);

    /// <exception cref="OnnxVizException">The file cannot be read, is none, damaged, or of another version.</exception>
    public static PartRecord Load(string path)
    {
        var json = OpenFile.ReadAll(path, Largest, isInput: false);
        try
        {
            if (JsonSerializer.Deserialize<PartRecord>(json, JsonFormat.Options) is { Version: CurrentVersion } record && record.Name == Path.GetFileName(path) && record.IsSound) return record;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw Refused(e);
        }

        throw Refused(null);

        OnnxVizException Refused(Exception? inner) =>
            OnnxVizException.Input($"'{path}' is damaged, or was written by another version: delete it and repeat that part.", inner);
    }

    /// <summary>What of this is another than in a part of the same whole; null when nothing is.</summary>
    public string? DifferenceTo(PartRecord other) =>
        Parts != other.Parts ? $"{Parts} parts instead of {other.Parts}"
        : Difference(Command, other.Command)
        ?? (Cut == other.Cut ? null : $"work cut into {Cut} instead of {other.Cut}, as a machine with other memory does: name the number that runs at once");

    /// <summary>Where two texts of JSON differ first, in words: "options.steps 64 instead of 128"; null where they do not.</summary>
    public static string? Difference(JsonNode? a, JsonNode? b, string at = "")
    {
        if (JsonNode.DeepEquals(a, b)) return null;
        if (a is JsonObject x && b is JsonObject y)
        {
            return x.Select(p => p.Key).Concat(y.Select(p => p.Key)).Distinct()
                .Select(name => Difference(x[name], y[name], at.Length == 0 ? name : $"{at}.{name}")).OfType<string>().FirstOrDefault();
        }

        return $"{at} {Shown(a)} instead of {Shown(b)}";
    }

    private bool IsSound => Parts >= 1 && Part >= 1 && Part <= Parts && Cut.Pieces >= 0 && Pieces.All(p => p.Number >= 0 && p.Number < Cut.Pieces && Shard.Of(p.Number, Parts) == Part);

    private static string Shown(JsonNode? node) =>
        node is null ? "none" : node.ToJsonString(JsonFormat.Options) is { Length: > ShownLetters } text ? $"{text[..ShownLetters]}..." : node.ToJsonString(JsonFormat.Options);
}

/// <param name="Pieces">How many.</param>
/// <param name="Batches">How much of the work runs at once; where there are several kinds of pieces, of each: "39", "39,12".</param>
internal sealed record WorkCut(int Pieces, string Batches)
{
    public override string ToString() => $"{Pieces} {(Pieces == 1 ? "piece" : "pieces")} of {Batches}";
}

/// <param name="Number">Of the piece, from 0, among those of all parts.</param>
/// <param name="Bytes">Of the file.</param>
/// <param name="Sha256">Of the file.</param>
internal sealed record PieceFile(int Number, long Bytes, string Sha256);
