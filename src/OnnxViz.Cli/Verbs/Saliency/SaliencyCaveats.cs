using System.Text.Json.Nodes;
using OnnxViz.Options;
using OnnxViz.Saliency;
using OnnxViz.Views;

namespace OnnxViz.Cli.Verbs.Saliency;

/// <summary>What is said of results that say less than they seem to.</summary>
internal static class SaliencyCaveats
{
    public static JsonArray ToJson(IEnumerable<Caveat> caveats) => new([.. caveats.Select(c => new JsonObject { ["kind"] = Words.Of(c.Kind), ["text"] = c.Text })]);

    public static IReadOnlyList<Caveat> FromJson(JsonArray array) =>
        [.. array.Select(c => new Caveat((CaveatKind)Words.Parse("kind", typeof(CaveatKind), c!["kind"]!.GetValue<string>()), c["text"]!.GetValue<string>()))];

    /// <summary>A sentence for each.</summary>
    public static IEnumerable<string> Notes(Explained result) => result.Caveats.Select(c => c.Kind switch
    {
        // Of the network, not of the picture.
        CaveatKind.NoSwitches => $"The {result.Method.Word} {c.Text}.",
        CaveatKind.Incomplete when result.Steps < 10_000 => $"The {result.Method.Word} of {result.Subject} on {result.Picture} {c.Text} (--steps takes more).",
        _ => $"The {result.Method.Word} of {result.Subject} on {result.Picture} {c.Text}.",
    });
}
