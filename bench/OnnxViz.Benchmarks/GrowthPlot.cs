using System.Text.Json;
using OnnxViz.Cli.Results;

namespace OnnxViz.Benchmarks;

/// <summary>Draws what bench/growth.py measured: time and memory against size, batch, units and depth.</summary>
internal static class GrowthPlot
{
    /// <param name="numbers">JSON: for each panel its title, the name of x, and x, seconds and mebibytes.</param>
    /// <param name="picture">Where to; "-time" and "-memory" go before its extension.</param>
    public static int Run(string numbers, string picture)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(numbers));
        var panels = document.RootElement.EnumerateArray().ToArray();
        foreach (var (row, ending) in new[] { ("seconds", "time"), ("mebibytes", "memory") })
        {
            var name = $"{Path.Combine(Path.GetDirectoryName(picture) ?? "", Path.GetFileNameWithoutExtension(picture))}-{ending}";
            Curves.Write(name, [.. panels.Select(panel => new CurvePanel(
                $"{panel.GetProperty("title").GetString()}: {row}", panel.GetProperty("x_name").GetString()!, [new Curve(null, Row(panel, "x"), Row(panel, row))])
            {
                YLimits = (0, 1.05 * Row(panel, row).Max()),
                XNames = panel.TryGetProperty("x_names", out var names) ? [.. names.EnumerateArray().Select(n => n.GetString()!)] : null,
            })]);
        }

        return 0;
    }

    private static double[] Row(JsonElement panel, string name) => [.. panel.GetProperty(name).EnumerateArray().Select(v => v.GetDouble())];
}
