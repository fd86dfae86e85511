using System.Diagnostics;
using OnnxViz.Datasets;
using OnnxViz.Runs;

namespace OnnxViz.Training.Loop;

/// <summary>
/// A run, epoch by epoch: batches in their order, steps, models, checkpoints, and the test of every model that is saved. It goes
/// on from any step of another such run as if there had been no break. One thread uses it at a time.
/// </summary>
internal sealed class Trainer : IDisposable
{
    private readonly TrainableNetwork _network;
    private readonly Dataset _data;
    private readonly TrainingOptions _options;
    private readonly RunFolder _folder;
    private readonly IReadOnlyDictionary<string, string> _metadata;
    private readonly RuntimeOptions _runtime;
    private readonly TrainingSession _session;
    private readonly Batches _batches;
    private readonly LearningRateSchedule _rate;
    private readonly TrainingPace _pace;
    private readonly CheckpointFiles _checkpoints;
    private TrainingPlace _place = TrainingPlace.Start();

    /// <param name="network">What is trained.</param>
    /// <param name="data">What it is trained and tested on.</param>
    /// <param name="options">How.</param>
    /// <param name="folder">Where models and checkpoints go; it is there, with its description.</param>
    /// <param name="metadata">What every model says of itself.</param>
    /// <param name="runtime">Where it runs.</param>
    /// <exception cref="OnnxVizException">The data is smaller than a batch, or the network cannot be trained so.</exception>
    public Trainer(
        TrainableNetwork network, Dataset data, TrainingOptions options, RunFolder folder, IReadOnlyDictionary<string, string> metadata, RuntimeOptions runtime)
    {
        (_network, _data, _options, _folder, _metadata, _runtime) = (network, data, options, folder, metadata, runtime);
        StepsPerEpoch = StepsOf(data, options);
        _batches = new Batches(data.Train, new PictureRows(data.Train, network.Conventions, options.Augment ?? data.Augmentation, options.Seed), options.Batch, runtime.Threads);
        _rate = options.RateOver(StepsPerEpoch);
        _pace = new TrainingPace(options.Batch, StepsPerEpoch, options.Epochs, data.Test.Count);
        _checkpoints = new CheckpointFiles(folder, options);
        _session = new TrainingSession(network, options.Recipe, options.Batch, options.Seed, runtime);
    }

    /// <summary>Whole batches of an epoch.</summary>
    public int StepsPerEpoch { get; }

    /// <summary>Steps that were taken.</summary>
    public long Step => _session.Steps;

    /// <summary>Whether a checkpoint can be made of where it is: not when a step was ended while it wrote.</summary>
    public bool KeepsItsPlace => !_session.IsTorn;

    /// <summary>How the run went until now.</summary>
    public RunMetrics Metrics => _place.Metrics;

    public bool IsFinished => Metrics.Epochs.Count >= _options.Epochs;

    /// <summary>Steps of the epoch that it is in.</summary>
    private int StepInEpoch => (int)(Step - ((long)Metrics.Epochs.Count * StepsPerEpoch));

    /// <exception cref="OnnxVizException">The training split is smaller than a batch.</exception>
    public static int StepsOf(Dataset data, TrainingOptions options) => data.Train.Count / options.Batch is > 0 and var steps
        ? steps
        : throw OnnxVizException.BadArgument(nameof(options.Batch), $"{options.Batch}: {data.Name} has {data.Train.Count} pictures to train on, so batches may have no more; of {Math.Max(1, data.Train.Count / 8)} an epoch has {Math.Min(8, data.Train.Count)} or more.");

    /// <summary>Writes the network as it is before training.</summary>
    /// <exception cref="OnnxVizException">The folder cannot be written.</exception>
    public void Begin() => Save(_folder.ModelOf(0));

    /// <summary>Goes on from the newest checkpoint; from the beginning where there is none.</summary>
    /// <exception cref="OnnxVizException">It is damaged, or of another network; the message names the file.</exception>
    public void Resume()
    {
        if (_checkpoints.Newest is not { } path)
        {
            Begin();
            return;
        }

        var checkpoint = TrainingCheckpoint.Load(path, _options.Seed);
        try
        {
            _session.Restore(checkpoint.State, checkpoint.Step);
        }
        catch (OnnxVizException e)
        {
            throw OnnxVizException.Input($"'{path}': {e.Message}", e);
        }

        _place = checkpoint.Place;
        if (StepInEpoch < 0 || StepInEpoch > StepsPerEpoch) throw OnnxVizException.Input($"'{path}' is of another run: {Step} steps do not go with epochs of {StepsPerEpoch}.");
        // The metrics may be older than the checkpoint, but not newer than what is trained from here on.
        RunFile.Save(_folder.MetricsFile, Metrics);
    }

    /// <summary>Trains to the end of the epoch, saves and tests the model, and leaves a checkpoint.</summary>
    /// <param name="progress">Told after every step.</param>
    /// <param name="token">Ends it within a step, with a checkpoint of that place.</param>
    /// <returns>How the epoch went.</returns>
    /// <exception cref="OperationCanceledException">The token asked for it.</exception>
    /// <exception cref="OnnxVizException">The loss is no number any more; the disk is full. The message names the last good checkpoint.</exception>
    public EpochMetrics RunEpoch(IProgress<TrainingProgress>? progress = null, CancellationToken token = default)
    {
        try
        {
            Train(progress, token);
            var epoch = Metrics.Epochs.Count + 1;
            Save(_folder.ModelOf(epoch));
            var metrics = Test(epoch, progress, token);
            _place = new TrainingPlace(Metrics with { Epochs = [.. Metrics.Epochs, metrics] }, 0, 0, 0);
            Keep(_folder.CheckpointOf(epoch));
            return metrics;
        }
        catch (OperationCanceledException)
        {
            if (KeepsItsPlace) Keep(_folder.CheckpointAt(Step));
            throw;
        }
        catch (OnnxVizException e)
        {
            throw new OnnxVizException(e.Fault, $"{e.Message.TrimEnd('.')}. {_checkpoints.Advice}", e) { Argument = e.Argument };
        }
    }

    public void Dispose() => _session.Dispose();

    private void Train(IProgress<TrainingProgress>? progress, CancellationToken token)
    {
        var epoch = Metrics.Epochs.Count;
        var order = Permutation.OfEpoch(_data.Train.Count, _options.Seed, epoch);
        var clock = new Stopwatch();
        _checkpoints.Restart();
        _pace.Resume();
        clock.Start();
        foreach (var batch in _batches.Whole(order, epoch, StepInEpoch, token))
        {
            var result = _session.Step(batch.Input, batch.Labels, _rate.At(Step), token);
            Metrics.Steps.Add(result.Loss, (double)result.Correct / _options.Batch);
            _place = _place with { Loss = _place.Loss + result.Loss, Correct = _place.Correct + result.Correct, Seconds = _place.Seconds + clock.Elapsed.TotalSeconds };
            progress?.Report(_pace.Step(epoch + 1, StepInEpoch, result.Loss, TrainAccuracy));
            if (epoch == 0 && StepInEpoch < StepsPerEpoch && _options.SaveSteps.Steps.Contains(StepInEpoch)) Save(_folder.ModelAt(Step));
            if (_checkpoints.IsDue && StepInEpoch < StepsPerEpoch) Keep(_folder.CheckpointAt(Step));
            // What was written in between is no training.
            clock.Restart();
            _pace.Resume();
        }

        token.ThrowIfCancellationRequested();
    }

    private double TrainAccuracy => (double)_place.Correct / Math.Max(1, (long)StepInEpoch * _options.Batch);

    private EpochMetrics Test(int epoch, IProgress<TrainingProgress>? progress, CancellationToken token)
    {
        var clock = Stopwatch.StartNew();
        using var model = VisionModel.Open(_folder.ModelOf(epoch)).With(_network.Conventions);
        var tested = ModelAccuracy.Of(model, _data.Test, _runtime, share => progress?.Report(_pace.Test(epoch, share, TrainAccuracy)), token);
        _pace.Tested(clock.Elapsed);
        return new EpochMetrics(
            epoch, Step, _place.Loss / StepsPerEpoch, TrainAccuracy, tested.Loss, tested.Accuracy, _rate.At(Step - 1), _place.Seconds,
            StepsPerEpoch * _options.Batch / Math.Max(1e-9, _place.Seconds));
    }

    private void Save(string path) => _network.Save(path, _session.Weights(), _metadata);

    private void Keep(string path)
    {
        new TrainingCheckpoint(_session.State(), Step, _place).Save(path, _options.Seed);
        RunFile.Save(_folder.MetricsFile, Metrics);
        _checkpoints.Kept(path);
    }
}
