using OnnxViz.Evolve;

namespace OnnxViz.Cli.Verbs.Evolve;

/// <summary>How far each unit moved from checkpoint to checkpoint.</summary>
internal static class EvolutionCurves
{
    /// <summary>More lines than these are told apart by nobody: they are pale behind their mean.</summary>
    private const int MostNamed = 9;

    public static IReadOnlyList<CurvePanel> Of(EvolutionStory story)
    {
        var overlap = Panel(story, "Overlap of the strongest pictures with the checkpoint before", m => m.Overlap) with { IsPercent = true, YLimits = (-0.02, 1.02) };
        var cosine = Panel(story, "Cosine of the kernel with that of the checkpoint before", m => m.Cosine);
        return cosine.Lines.Count > 0 ? [cosine, overlap] : [overlap];
    }

    private static CurvePanel Panel(EvolutionStory story, string title, Func<Movement, double?> number)
    {
        var lines = new List<Curve>();
        var isNamed = story.Units.Count <= MostNamed;
        var sums = new double[story.Checkpoints.Count];
        foreach (var (u, unit) in story.Units.Index())
        {
            var points = Enumerable.Range(1, story.Checkpoints.Count - 1).Select(c => (X: (double)c, Y: number(story.MovementOf(u, c)!))).Where(p => p.Y is not null).ToList();
            if (points.Count == 0) continue;
            foreach (var (x, y) in points) sums[(int)x] += y!.Value;
            lines.Add(new Curve(isNamed ? $"{unit}" : null, [.. points.Select(p => p.X)], [.. points.Select(p => p.Y!.Value)]) { Hue = isNamed ? u : -1, IsFaint = !isNamed });
        }

        if (!isNamed && lines.Count > 0) lines.Add(new Curve("mean", [.. Enumerable.Range(1, sums.Length - 1).Select(c => (double)c)], [.. sums.Skip(1).Select(s => s / lines.Count)]));
        return new CurvePanel(title, "checkpoint", lines) { XNames = [.. story.Checkpoints.Select(m => m.Name)], XLimits = (0, Math.Max(1, story.Checkpoints.Count - 1)) };
    }
}
