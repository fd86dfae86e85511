using System.Text.Json.Nodes;

namespace OnnxViz.Cli.Results;

/// <param name="Name">Of a file of its own, without .png.</param>
/// <param name="Label">What is written below it on a sheet.</param>
/// <param name="Picture">The result.</param>
/// <param name="Facts">What the manifest and --json say about it.</param>
internal sealed record PictureResult(string Name, string Label, Image Picture, JsonObject Facts);
