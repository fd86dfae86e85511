using System.Text.Json;

namespace OnnxViz.Runs;

/// <summary>The JSON files of a run's folder.</summary>
internal static class RunFile
{
    /// <summary>Bytes; a run of a thousand epochs takes less than one million.</summary>
    private const int Largest = 64 << 20;

    /// <exception cref="OnnxVizException">The file cannot be written, or the disk is full.</exception>
    public static void Save<T>(string path, T value) =>
        WholeFile.WriteThrough(path, stream => JsonSerializer.Serialize(stream, value, JsonFormat.Options));

    /// <exception cref="OnnxVizException">There is no such file, or it is damaged.</exception>
    public static T Load<T>(string path) => Parse<T>(OpenFile.ReadAll(path, Largest, isInput: false), $"'{path}'");

    /// <param name="json">The bytes of the file.</param>
    /// <param name="what">What a message calls it.</param>
    /// <exception cref="OnnxVizException">They are damaged.</exception>
    public static T Parse<T>(ReadOnlySpan<byte> json, string what)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, JsonFormat.Options) ?? throw new JsonException("it is null");
        }
        catch (Exception e) when (e is JsonException or ArgumentException or NotSupportedException)
        {
            throw OnnxVizException.Input($"{what} is damaged, or none that a training run writes: {e.Message}", e);
        }
    }
}
