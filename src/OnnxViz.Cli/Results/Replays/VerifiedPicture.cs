using System.Text.Json.Nodes;

namespace OnnxViz.Cli.Results.Replays;

/// <summary>What came of a picture that was to be made again.</summary>
/// <param name="Name">From the folder on, with forward slashes.</param>
/// <param name="File">Where it lies.</param>
/// <param name="Found">Both pictures; null where there is no second one.</param>
/// <param name="Fault">Why there is none; null where there is one.</param>
internal sealed record VerifiedPicture(string Name, string File, ReplayedPicture? Found, string? Fault)
{
    /// <summary>"same", "different" or "unusable".</summary>
    /// <param name="tolerance">See <see cref="ReplayedPicture.IsWithin"/>.</param>
    public string Verdict(double tolerance) => Found is null ? "unusable" : Found.IsWithin(tolerance) ? "same" : "different";

    public JsonObject ToJson(double tolerance)
    {
        var json = Found?.ToJson(tolerance) ?? [];
        json["picture"] = Name;
        json["verdict"] = Verdict(tolerance);
        if (Fault is not null) json["fault"] = Fault;
        return json;
    }
}
