using System.Text.Json.Nodes;
using OnnxViz.Cli.Shell;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Snapshots;
using Xunit;

namespace OnnxViz.Tests.Features;

public class PredictSnapshotTests
{
    /// <summary>Two classes each: their numbers lie 1e-4 and more from where the last printed digit would change.</summary>
    [Fact]
    public void Table() => Snapshot.Verify(CliRun.Text(
        "predict", "-m", "efficientnet-lite0", "--top", "2", "-i", Repository.Carried("images/coffee.png"), Repository.Carried("images/rocket.jpg")));

    [Fact]
    public void Json()
    {
        var json = CliRun.Of("predict", "-i", Repository.Carried("images/chelsea.png"), "--top", "3", "--json", "--device", "cpu").Json;
        Snapshot.Verify(Rounded(json).ToJsonString(JsonText.Indented));
    }

    /// <summary>Other processors round the seventh digit in another way.</summary>
    private static JsonNode Rounded(JsonNode node) => node switch
    {
        JsonObject o => new JsonObject(o.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)Rounded(p.Value!)))),
        JsonArray a => new JsonArray([.. a.Select(n => Rounded(n!))]),
        JsonValue v when v.GetValueKind() == System.Text.Json.JsonValueKind.Number => JsonValue.Create(Math.Round(v.GetValue<decimal>(), 2)),
        _ => node.DeepClone(),
    };
}
