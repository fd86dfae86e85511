using OnnxViz.Runs;

namespace OnnxViz.Evolve;

/// <summary>Which models of a training run are shown: as in figure 4 of Zeiler and Fergus 2013 (epochs 1, 2, 5, 10, 20, 30, 40, 64) closer together at the beginning, where most happens, than at the end.</summary>
internal static class CheckpointChoice
{
    private const int Usual = 8, Most = 10;

    /// <param name="run">The run.</param>
    /// <param name="text">"0,s10,s100,1,2,5" in any order, best and last among them; "all"; null for a choice.</param>
    /// <returns>In the order of their steps.</returns>
    /// <exception cref="OnnxVizException">The run has no such model, or none at all.</exception>
    public static IReadOnlyList<RunModel> Of(RunFolder run, string? text)
    {
        var models = run.Models();
        if (models.Count == 0) throw OnnxVizException.Input($"'{run.Path}' has no models yet.");
        if (text is null) return Some(models);
        if (text.Equals("all", StringComparison.OrdinalIgnoreCase)) return models;
        var names = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (names.Length == 0) throw OnnxVizException.BadArgument("Checkpoints", $"'{text}' names none: write 0,s10,s100,1,2,5 or all.");
        return [.. names.Select(name => run.Find(name.TrimStart('@'))).DistinctBy(m => m.Path).OrderBy(m => m.Step).ThenBy(m => m.Epoch is null)];
    }

    /// <summary>
    /// At most ten, with the first and the last: of more than eight those go whose numbers are not 1, 2 or 5 times a power of ten (of
    /// steps within an epoch: powers of ten from 10 on), of more than ten others, too; first the ones closest to their neighbours
    /// in the logarithm of their steps.
    /// </summary>
    internal static IReadOnlyList<RunModel> Some(IReadOnlyList<RunModel> models)
    {
        var left = models.ToList();
        while (left.Count > Usual)
        {
            var inner = Enumerable.Range(1, left.Count - 2).ToList();
            var odd = inner.FindAll(i => !IsRound(left[i]));
            if (odd.Count == 0 && left.Count <= Most) break;
            left.RemoveAt((odd.Count > 0 ? odd : inner).MinBy(i => (1.0 + left[i + 1].Step) / (1 + left[i - 1].Step)));
        }

        return left;
    }

    private static bool IsRound(RunModel model)
    {
        var number = model.Epoch ?? model.Step;
        while (number >= 10 && number % 10 == 0) number /= 10;
        return model.Epoch is null ? number == 1 && model.Step >= 10 : number is 1 or 2 or 5;
    }
}
