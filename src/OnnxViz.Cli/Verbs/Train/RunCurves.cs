using System.Text.Json.Nodes;
using OnnxViz.Runs;
using OnnxViz.Training.Loop;

namespace OnnxViz.Cli.Verbs.Train;

/// <summary>The curves of a run: the loss by step, and accuracy by epoch.</summary>
internal static class RunCurves
{
    /// <summary>Of the points, over which the smoothed loss is a mean with falling weights.</summary>
    private const double Window = 0.02;

    /// <summary>Writes curves.png and curves.svg into the run's folder.</summary>
    /// <exception cref="OnnxVizException">They cannot be written.</exception>
    public static void Write(TrainingRun run) =>
        Curves.Write(run.Folder.CurvesFile, [Loss(run.Trainer.Metrics), Accuracy(run.Trainer.Metrics)], Manifest(run).ToJsonString(JsonText.Compact));

    /// <summary>What the run was asked for, without folders.</summary>
    private static JsonObject Manifest(TrainingRun run) => new()
    {
        ["program"] = run.Description.Program,
        ["onnxruntime"] = run.Description.OnnxRuntime,
        ["verb"] = "train",
        ["network"] = Path.GetFileName(run.Network.Name),
        ["data"] = run.Data.Name,
        ["options"] = new JsonObject(run.Description.Options.Select(o => KeyValuePair.Create(o.Key, (JsonNode?)o.Value))),
    };

    private static CurvePanel Loss(RunMetrics metrics)
    {
        var curve = metrics.Steps;
        double[] xs = [.. Enumerable.Range(1, curve.Loss.Count).Select(i => (double)i * curve.Every)];
        double[] smooth = Smoothed(curve.Loss);
        var top = Math.Max(smooth.DefaultIfEmpty(1).Max(), metrics.Epochs.Select(e => e.TestLoss).DefaultIfEmpty(0).Max());
        return new CurvePanel("Loss", "step", [
            new(null, xs, [.. curve.Loss]) { IsFaint = true, Hue = 0 },
            new("train", xs, smooth) { Hue = 0 },
            new("test", [.. metrics.Epochs.Select(e => (double)e.Step)], [.. metrics.Epochs.Select(e => e.TestLoss)]) { Hue = 1 },
        ])
        {
            HasWholeX = true,
            YLimits = (0, top * 1.05),
        };
    }

    private static CurvePanel Accuracy(RunMetrics metrics)
    {
        double[] xs = [.. metrics.Epochs.Select(e => (double)e.Epoch)];
        return new CurvePanel("Accuracy", "epoch", [
            new("train", xs, [.. metrics.Epochs.Select(e => e.TrainAccuracy)]) { Hue = 0 },
            new("test", xs, [.. metrics.Epochs.Select(e => e.TestAccuracy)]) { Hue = 1 },
        ])
        {
            IsPercent = true,
            HasWholeX = true,
        };
    }

    /// <summary>A running mean with falling weights, right from the first point on.</summary>
    private static double[] Smoothed(IReadOnlyList<double> values)
    {
        var kept = 1 - (1 / Math.Max(1, Window * values.Count));
        var (sum, weight) = (0.0, 0.0);
        return [.. values.Select(v =>
        {
            (sum, weight) = ((sum * kept) + v, (weight * kept) + 1);
            return sum / weight;
        })];
    }
}
