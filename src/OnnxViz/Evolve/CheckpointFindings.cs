using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using OnnxViz.Top;

namespace OnnxViz.Evolve;

/// <summary>What was found in one checkpoint: all that is needed to show it.</summary>
/// <param name="Version">Version of the form of this record.</param>
/// <param name="Key">What was looked for in what.</param>
/// <param name="Checkpoint">Name of the model in its run.</param>
/// <param name="Skipped">Pictures that could not be read.</param>
/// <param name="Accuracy">Share of the test pictures that it classifies rightly, 0 to 1; null where that was not asked for.</param>
/// <param name="Units">In the order asked for.</param>
internal sealed record CheckpointFindings(
    int Version, EvolveKey Key, string Checkpoint, IReadOnlyList<SkippedPicture> Skipped, double? Accuracy, IReadOnlyList<UnitFindings> Units)
{
    public const int CurrentVersion = 1;

    private const int Largest = 1 << 30;

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, JsonFormat.Options);

    /// <exception cref="OnnxVizException">The file cannot be read, holds nothing of the kind, or is damaged.</exception>
    public static CheckpointFindings Load(string path)
    {
        var json = OpenFile.ReadAll(path, Largest, isInput: false);
        try
        {
            if (JsonSerializer.Deserialize<CheckpointFindings>(json, JsonFormat.Options) is { Version: CurrentVersion } found && found.IsSound) return found;
        }
        catch (Exception e) when (e is JsonException or ArgumentException or FormatException)
        {
            throw Refused(path, e);
        }

        throw Refused(path, null);
    }

    private bool IsSound =>
        Units.Select(u => u.Unit).SequenceEqual(Key.Search.Units)
        && Units.All(u => u.Top.Count > 0 && u.Top.Count <= Key.Search.Top && u.Top.All(e => e.File >= 0 && e.File < Key.Search.Files && e.Position >= 0));

    private static OnnxVizException Refused(string path, Exception? inner) =>
        OnnxVizException.Input($"'{path}' does not hold a checkpoint's findings, or is damaged: delete it and it is made anew.", inner);
}

/// <summary>What findings depend on: equal keys, equal findings.</summary>
/// <param name="Search">Model, conventions, layer, units, pictures.</param>
/// <param name="Maximization">All its options; empty where it is left out.</param>
/// <param name="Test">Fingerprint of the pictures that it is tested on; empty for none.</param>
internal sealed record EvolveKey(TopKey Search, string Maximization, string Test)
{
    public bool Is(EvolveKey other) => Maximization == other.Maximization && Test == other.Test && Search.DifferenceTo(other.Search) is null;
}

/// <summary>What was found of one unit.</summary>
/// <param name="Unit">Of the layer.</param>
/// <param name="Top">Its strongest pictures, the strongest first.</param>
/// <param name="Projection">Of the strongest one's activation, PNG, in the size that the model sees.</param>
/// <param name="Maximized">What it responds to most strongly, PNG; null where it was left out.</param>
/// <param name="Objective">Its activation in the middle of its map for that.</param>
/// <param name="Active">False for a unit whose gradient stayed zero: the maximisation means nothing.</param>
/// <param name="Kernel">Its weights; null where the layer has none of its own.</param>
internal sealed record UnitFindings(
    int Unit,
    IReadOnlyList<TopEntry> Top,
    byte[] Projection,
    byte[]? Maximized,
    float? Objective,
    bool? Active,
    [property: JsonConverter(typeof(PackedFloats))] float[]? Kernel);

/// <summary>float32 in base64, little-endian.</summary>
internal sealed class PackedFloats : JsonConverter<float[]>
{
    public override float[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var bytes = reader.GetBytesFromBase64();
        return bytes.Length % sizeof(float) == 0 ? MemoryMarshal.Cast<byte, float>(bytes).ToArray() : throw new FormatException("a part of a number");
    }

    public override void Write(Utf8JsonWriter writer, float[] value, JsonSerializerOptions options) =>
        writer.WriteBase64StringValue(MemoryMarshal.AsBytes<float>(value));
}
