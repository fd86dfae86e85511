using System.Text.Json;
using System.Text.Json.Serialization;

namespace OnnxViz.Models;

/// <summary>What the JSON files of models hold, known when the program is compiled: to find it out by reflection takes a tenth of a second.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(Preprocessing))]
[JsonSerializable(typeof(PreparedIndex))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class ModelJson : JsonSerializerContext
{
    /// <summary>As <see cref="JsonFormat"/> has it.</summary>
    public static ModelJson Indented { get; } = new(new JsonSerializerOptions(JsonFormat.Options));

    /// <summary>The same on one line.</summary>
    public static ModelJson Compact { get; } = new(new JsonSerializerOptions(JsonFormat.Options) { WriteIndented = false });
}
