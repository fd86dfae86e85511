using System.Text.Json;
using OnnxViz.Onnx;
using OnnxViz.Runs;

namespace OnnxViz.Training.Loop;

/// <summary>How far a run has come, beside its weights.</summary>
/// <param name="Metrics">Of the epochs that are finished, and the loss of all steps.</param>
/// <param name="Loss">Sum of the losses of the unfinished epoch's steps.</param>
/// <param name="Correct">How many of its pictures were classified rightly.</param>
/// <param name="Seconds">How long it has trained.</param>
internal sealed record TrainingPlace(RunMetrics Metrics, double Loss, long Correct, double Seconds)
{
    public static TrainingPlace Start() => new(RunMetrics.New(), 0, 0, 0);
}

/// <summary>
/// All that a run goes on from: numpy.load finds the weights and what the optimiser keeps by their names, and beside them
/// training/step, training/epoch, training/seed, and training/place, which is JSON in bytes.
/// </summary>
/// <param name="State">Weights, running statistics, and what the optimiser keeps.</param>
/// <param name="Step">Steps that were taken.</param>
/// <param name="Place">How far that is.</param>
internal sealed record TrainingCheckpoint(IReadOnlyDictionary<string, Tensor> State, long Step, TrainingPlace Place)
{
    private const string Prefix = "training/", StepName = Prefix + "step", EpochName = Prefix + "epoch", SeedName = Prefix + "seed", PlaceName = Prefix + "place";

    /// <summary>Writes the file; it is there whole or not at all.</summary>
    /// <exception cref="OnnxVizException">Not writable, or the disk is full.</exception>
    public void Save(string path, ulong seed)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(Place, JsonFormat.Options);
        NpzFile.Save(path, new Dictionary<string, Tensor>(State)
        {
            [StepName] = Tensor.Scalar(Step),
            [EpochName] = Tensor.Scalar((long)Place.Metrics.Epochs.Count),
            [SeedName] = Tensor.Scalar(unchecked((long)seed)),
            [PlaceName] = Tensor.Of(json, json.Length),
        });
    }

    /// <exception cref="OnnxVizException">Missing, damaged, of another seed, or with numbers that are none; the message names the file.</exception>
    public static TrainingCheckpoint Load(string path, ulong seed)
    {
        var arrays = NpzFile.Load(path);
        var step = Number(StepName);
        if (Number(SeedName) != unchecked((long)seed)) throw Refused($"it is of a run with the seed {unchecked((ulong)Number(SeedName))}, not {seed}");
        var place = RunFile.Parse<TrainingPlace>(Array(PlaceName, ElementType.UInt8).As<byte>(), $"'{path}' ({PlaceName})");
        if (step < 0 || Number(EpochName) != place.Metrics.Epochs.Count) throw Refused("its steps and epochs do not go together");
        var state = arrays.Where(a => !a.Key.StartsWith(Prefix, StringComparison.Ordinal)).ToDictionary();
        foreach (var (name, tensor) in state)
            if (tensor.Type == ElementType.Float && !AllFinite(tensor.As<float>())) throw Refused($"'{name}' holds NaN or infinite numbers");

        return new TrainingCheckpoint(state, step, place);

        long Number(string name) => Array(name, ElementType.Int64) is { Count: 1 } array ? array.As<long>()[0] : throw Refused($"'{name}' is no single number");

        Tensor Array(string name, ElementType type) => arrays.GetValueOrDefault(name) is { } array && array.Type == type ? array : throw Refused($"it has no '{name}'");

        OnnxVizException Refused(string why) => OnnxVizException.Input($"'{path}' is no checkpoint to go on from: {why}.");
    }

    private static bool AllFinite(ReadOnlySpan<float> numbers)
    {
        foreach (var number in numbers)
            if (!float.IsFinite(number)) return false;
        return true;
    }
}
