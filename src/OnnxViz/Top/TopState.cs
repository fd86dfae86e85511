using System.Text.Json;

namespace OnnxViz.Top;

/// <summary>How far a search has come, and what it has found: all that is needed to go on with it.</summary>
/// <param name="Version">Version of the form of this record.</param>
/// <param name="Key">What is searched for.</param>
/// <param name="Done">Pictures that have been looked at, from the first on.</param>
/// <param name="Skipped">Those of them that could not be read.</param>
/// <param name="Found">For each unit its pictures, the strongest first.</param>
internal sealed record TopState(int Version, TopKey Key, int Done, IReadOnlyList<SkippedPicture> Skipped, IReadOnlyList<IReadOnlyList<TopEntry>> Found)
{
    private const int CurrentVersion = 1;

    /// <summary>Bytes of a state; a unit's picture takes some dozen.</summary>
    private const int Largest = 256 << 20;

    public bool IsComplete => Done == Key.Files;

    /// <summary>Before the first picture.</summary>
    public static TopState New(TopKey key) => new(CurrentVersion, key, 0, [], [.. key.Units.Select(_ => Array.Empty<TopEntry>())]);

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, JsonFormat.Options);

    /// <exception cref="OnnxVizException">The file cannot be read, is no such state, or damaged.</exception>
    public static TopState Load(string path) => Parse(OpenFile.ReadAll(path, Largest, isInput: false), path);

    /// <exception cref="OnnxVizException">Not such a state, or damaged.</exception>
    public static TopState Parse(ReadOnlySpan<byte> json, string name)
    {
        try
        {
            if (JsonSerializer.Deserialize<TopState>(json, JsonFormat.Options) is { Version: CurrentVersion } state && state.IsSound) return state;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw Refused(e);
        }

        throw Refused(null);

        OnnxVizException Refused(Exception? inner) =>
            OnnxVizException.Input($"'{name}' is no state of such a search, or damaged: delete it, or name another file.", inner, argument: "State");
    }

    private bool IsSound =>
        Done >= 0 && Done <= Key.Files && Found.Count == Key.Units.Count
        && Found.All(f => f.Count <= Key.Top && f.All(e => e.File >= 0 && e.File < Done && e.Position >= 0 && float.IsFinite(e.Activation)))
        && Skipped.All(s => s.File >= 0 && s.File < Done);
}
