using System.Text.Json.Nodes;
using OnnxViz.Runtime.Hardware;

namespace OnnxViz.Cli.Shared.Recording;

/// <summary>
/// The part of a manifest that a picture is made again by: what was asked for, where its files lie and what they hold, and how the machine went about it. It says
/// nothing about what comes out that the rest of the manifest does not say, and is no part of a comparison of two manifests.
/// </summary>
internal static class ReplayRecord
{
    /// <summary>Its name in manifests.</summary>
    public const string Key = "replay";

    public const int CurrentVersion = 1;

    /// <param name="verb">With its options.</param>
    /// <param name="model">The network under the conventions that were used.</param>
    /// <param name="runtime">Where it ran.</param>
    /// <param name="files">What the result is made of, its own pictures first.</param>
    /// <param name="own">How many of the files are its own.</param>
    public static JsonObject Of(VerbOptions verb, VisionModel model, RuntimeOptions runtime, IReadOnlyList<InputFile> files, int own) => new()
    {
        ["version"] = CurrentVersion,
        ["command"] = JsonText.Array(RecordedCommand.Of(verb, model, [.. files.Take(own)])),
        ["files"] = new JsonArray([.. files.Select((f, i) => new JsonObject { ["path"] = RecordedPath.Of(f.Location), ["sha256"] = f.Sha256, ["picture"] = i < own ? f.Name : null })]),
        ["threads"] = runtime.Threads > 0 ? runtime.Threads : PhysicalCores.Count,
        ["cpu"] = string.Join(' ', CpuFeatures.Present()),
    };

    /// <summary>Takes it out of a manifest that is compared with others.</summary>
    public static JsonObject Without(JsonObject manifest)
    {
        manifest.Remove(Key);
        return manifest;
    }
}
