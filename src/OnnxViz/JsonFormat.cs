using System.Text.Json;

namespace OnnxViz;

/// <summary>How the library's own JSON files are written and read: snake_case, indented.</summary>
internal static class JsonFormat
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = PlainText.Json,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };
}
