using System.Diagnostics;
using CommandLine;
using CommandLine.Text;
using OnnxViz.Training;
using OnnxViz.Training.Loop;

namespace OnnxViz.Cli.Verbs.Train;

[Verb("train", HelpText = "Train a network, or a model further, on labelled pictures.")]
internal class TrainVerb : TrainArguments
{
    public static IEnumerable<Example> Examples =>
    [
        Manual.Example("A small network for handwritten digits", new TrainVerb { Architecture = "small", Data = "mnist", Out = "run/" }),
        Manual.Example("A classifier of one's own, from folders of pictures", new TrainVerb { From = "efficientnet-lite0", Data = "pictures/", Out = "run/" }),
        Manual.Example("Another recipe", new TrainVerb { Architecture = "lenet", Data = "fashion-mnist", Out = "run/" }.With(("optimizer", "sgd"), ("lr", "0.05"), ("schedule", "cosine"), ("epochs", "10"))),
        Manual.Example("Go on with a run, for more epochs", new TrainVerb { Resume = "run/" }.With(("epochs", "5"))),
    ];

    public static IEnumerable<string> Notes =>
    [
        "Architectures:",
        .. Architectures.Descriptions.Select(a => $"  {a.Name}: {a.Help}"),
        "",
        "Every verb takes a run's models by name: -m run/@3 after three epochs, run/@0 before training,",
        "run/@s100 after 100 steps, run/@best, run/@last. Ctrl-C leaves a checkpoint; --resume goes on from",
        "there, and the weights are those of a run without a break.",
    ];

    public override int Run(Output output)
    {
        var (folder, request, runtime) = Asked();
        using var run = output.WithProgress("Looking at the pictures", progress =>
        {
            var told = new Relay<double>(share => progress.Report((share, "")));
            return Resume is null ? TrainingRun.Start(folder, request, runtime, told, output.Cancellation) : TrainingRun.Resume(folder, request, runtime, told, output.Cancellation);
        });
        var report = new TrainReport(run, runtime, output);
        report.Begin();
        var clock = Stopwatch.StartNew();
        try
        {
            while (!run.Trainer.IsFinished)
            {
                var epoch = run.Trainer.Metrics.Epochs.Count + 1;
                report.Epoch(output.WithProgress($"Epoch {epoch} of {request.Options.Epochs}", progress => run.Trainer.RunEpoch(
                    new Relay<TrainingProgress>(p => progress.Report((output.Parent is null ? p.Share : (epoch - 1 + p.Share) / request.Options.Epochs, TrainReport.Said(p)))), output.Cancellation)));
                RunCurves.Write(run);
            }
        }
        catch (OperationCanceledException)
        {
            var place = run.Trainer.KeepsItsPlace ? "there" : "the last checkpoint";
            output.Say($"Stopped after step {run.Trainer.Step}. `onnxviz train --resume {folder.Path}` goes on from {place}.");
            throw;
        }

        report.End(clock.Elapsed);
        return 0;
    }
}
