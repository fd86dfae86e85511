using System.Text.Encodings.Web;
using System.Text.Json;

namespace OnnxViz.Cli.Shell;

/// <summary>How JSON is written.</summary>
internal static class JsonText
{
    /// <summary>For people and jq.</summary>
    public static JsonSerializerOptions Indented { get; } = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>For text chunks.</summary>
    public static JsonSerializerOptions Compact { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
