using System.Text.Json.Nodes;

namespace OnnxViz.Cli.Results;

/// <param name="Name">Of a file of its own, without .png.</param>
/// <param name="Label">What is written below it on a sheet.</param>
/// <param name="Picture">Draws the result, when it is its turn.</param>
/// <param name="Facts">What the manifest and --json say about it.</param>
internal sealed record PictureResult(string Name, string Label, Func<Image> Picture, JsonObject Facts)
{
    public PictureResult(string name, string label, Image picture, JsonObject facts)
        : this(name, label, () => picture, facts)
    {
    }

    /// <summary>What it alone is made of, beside what all are made of.</summary>
    public InputFile? Input { get; init; }

    /// <summary>What an option came to mean for it alone: of its own file's manifest.</summary>
    public (string Option, JsonNode Value)? Resolved { get; init; }

    /// <summary>Its place on a sheet among those with other numbers; results of one number keep their order.</summary>
    public long Place { get; init; }
}
