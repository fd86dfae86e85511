using System.Globalization;
using System.Text.Json.Nodes;
using OnnxViz.Runs;
using OnnxViz.Training.Loop;

namespace OnnxViz.Cli.Verbs.Train;

/// <summary>What is said of a run: before it, behind every epoch, and at its end.</summary>
internal sealed class TrainReport(TrainingRun run, RuntimeOptions runtime, Output output)
{
    public void Begin()
    {
        var (data, network, trainer) = (run.Data, run.Network, run.Trainer);
        output.Say($"{network.Name}: {Number(network.TrainedNumbers)} weights to train, {network.Classes} classes, on {runtime.Device}.");
        output.Say($"{data.Name}: {Number(data.Train.Count)} pictures to train on in {Number(trainer.StepsPerEpoch)} {(trainer.StepsPerEpoch == 1 ? "step" : "steps")}, {Number(data.Test.Count)} to test on.");
        if (data.Skipped > 0) output.Say($"{(data.Skipped == 1 ? "1 picture was left out." : $"{Number(data.Skipped)} pictures were left out, the first of them:")} {data.FirstSkipped}");
        if (trainer.IsFinished) output.Say($"All {trainer.Metrics.Epochs.Count} epochs are done; a larger --epochs goes on.");
        else if (trainer.Step > 0) output.Say($"Going on after step {Number(trainer.Step)}, in epoch {trainer.Metrics.Epochs.Count + 1}.");
        output.Say($"{"epoch",5}  {"loss",7}  {"train",8}  {"test loss",9}  {"test",8}  {"pictures/s",10}  {"time",7}");
        foreach (var epoch in trainer.Metrics.Epochs) Epoch(epoch);
    }

    public void Epoch(EpochMetrics e) => output.Say(
        $"{e.Epoch,5}  {Loss(e.Loss),7}  {Percent(e.TrainAccuracy),8}  {Loss(e.TestLoss),9}  {Percent(e.TestAccuracy),8}  {e.PicturesPerSecond,10:0}  {Time(TimeSpan.FromSeconds(e.Seconds)),7}");

    /// <summary>Four digits behind the point, of what has run away in powers of ten.</summary>
    private static string Loss(double loss) => Math.Abs(loss) < 1000 ? $"{loss:0.0000}" : $"{loss:0.00e0}";

    /// <param name="elapsed">Of this call of the program.</param>
    public void End(TimeSpan elapsed)
    {
        var (metrics, folder) = (run.Trainer.Metrics, run.Folder);
        var (best, last) = (metrics.Best!, metrics.Epochs[^1]);
        output.Say($"Best: {folder.Path}/@{best.Epoch} with {Percent(best.TestAccuracy)}. Models, metrics and curves are in {folder.Path}.");
        output.Object(new JsonObject
        {
            ["verb"] = "train",
            ["run"] = folder.Path,
            ["network"] = run.Network.Name,
            ["weights"] = run.Network.TrainedNumbers,
            ["data"] = run.Data.Name,
            ["classes"] = JsonText.Array(run.Data.Classes),
            ["device"] = runtime.Device.ToString(),
            ["files"] = JsonText.Array([folder.CurvesFile, Path.ChangeExtension(folder.CurvesFile, ".svg")]),
            ["steps"] = run.Trainer.Step,
            ["seconds"] = elapsed.TotalSeconds,
            ["epochs"] = new JsonArray([.. metrics.Epochs.Select(ToJson)]),
            ["best_model"] = folder.ModelOf(best.Epoch),
            ["best_test_accuracy"] = best.TestAccuracy,
            ["model"] = folder.ModelOf(last.Epoch),
            ["test_loss"] = last.TestLoss,
            ["test_accuracy"] = last.TestAccuracy,
        });
    }

    /// <summary>The line beside the progress bar.</summary>
    public static string Said(TrainingProgress p) =>
        $"loss {p.Loss:0.000}, accuracy {Percent(p.Accuracy)}, {p.PicturesPerSecond:0} pictures/s{(p.Left < TimeSpan.MaxValue ? $", {Time(p.Left)} to the end" : "")}";

    private static JsonObject ToJson(EpochMetrics e) => new()
    {
        ["epoch"] = e.Epoch,
        ["step"] = e.Step,
        ["loss"] = e.Loss,
        ["train_accuracy"] = e.TrainAccuracy,
        ["test_loss"] = e.TestLoss,
        ["test_accuracy"] = e.TestAccuracy,
        ["learning_rate"] = e.LearningRate,
        ["seconds"] = e.Seconds,
        ["pictures_per_second"] = e.PicturesPerSecond,
    };

    private static string Percent(double share) => $"{100 * share:0.00} %";

    private static string Number(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Time(TimeSpan time) => time.TotalHours >= 1 ? $"{(int)time.TotalHours}:{time:mm\\:ss}" : $"{time.Minutes}:{time:ss}";
}
