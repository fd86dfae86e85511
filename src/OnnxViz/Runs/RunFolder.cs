using System.Globalization;
using System.Text.RegularExpressions;

namespace OnnxViz.Runs;

/// <summary>
/// The folder of a training run: run.json, metrics.json, models (epoch-0003.onnx, step-000100.onnx) and checkpoints (the same
/// with .npz). A model of it is named FOLDER/@3 after the third epoch, @0 before training, @s100 after 100 steps, @best, @last.
/// </summary>
/// <param name="path">The folder; it need not exist yet.</param>
internal sealed partial class RunFolder(string path)
{
    private const string DescriptionName = "run.json";

    /// <summary>The folder as it was named.</summary>
    public string Path { get; } = System.IO.Path.TrimEndingDirectorySeparator(path);

    public string DescriptionFile => At(DescriptionName);

    public string MetricsFile => At("metrics.json");

    /// <summary>The curves as a picture; beside it lies the same as .svg.</summary>
    public string CurvesFile => At("curves.png");

    /// <summary>Whether there is a run at a place.</summary>
    public static bool IsAt(string path) => File.Exists(System.IO.Path.Combine(path, DescriptionName));

    /// <exception cref="OnnxVizException">There is no run.</exception>
    public static RunFolder Open(string path) => IsAt(path)
        ? new RunFolder(path)
        : throw OnnxVizException.Input($"'{path}' is no training run: {(Directory.Exists(path) ? $"it has no {DescriptionName}" : "there is no such folder")}.");

    /// <summary>Keeps others from training in the folder until it is disposed of, or the process ends, in whatever way.</summary>
    /// <exception cref="OnnxVizException">Another does, or the folder cannot be written.</exception>
    public IDisposable Occupy()
    {
        var file = At("lock");
        try
        {
            Directory.CreateDirectory(Path);
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Only a file that is open elsewhere is there and gives no other reason.
            throw e.GetType() == typeof(IOException) && File.Exists(file)
                ? OnnxVizException.Input($"'{Path}' is being trained by another process: wait for its end, or name another folder.", e)
                : OnnxVizException.Machine($"Cannot write '{file}': {e.Message}", e);
        }
    }

    /// <summary>The file that FOLDER/@NAME stands for.</summary>
    /// <inheritdoc cref="ModelNamed"/>
    public static string? Resolve(string model) => ModelNamed(model)?.Path;

    /// <summary>The model that FOLDER/@NAME stands for, or FOLDER alone: the last one of that.</summary>
    /// <param name="model">How a model is named.</param>
    /// <returns>Null for a text of another form.</returns>
    /// <exception cref="OnnxVizException">There is no such run, or no such model in it.</exception>
    public static RunModel? ModelNamed(string model)
    {
        if (IsAt(model)) return new RunFolder(model).Find("last");
        var name = System.IO.Path.GetFileName(model);
        return name.StartsWith('@') && !File.Exists(model) ? Open(System.IO.Path.GetDirectoryName(model) is { Length: > 0 } folder ? folder : ".").Find(name[1..]) : null;
    }

    /// <summary>The model after so many epochs; 0 for that before training.</summary>
    public string ModelOf(int epoch) => At($"epoch-{epoch:0000}.onnx");

    /// <summary>The model after so many steps from the beginning.</summary>
    public string ModelAt(long step) => At($"step-{step:000000}.onnx");

    /// <summary>The checkpoint after so many epochs.</summary>
    public string CheckpointOf(int epoch) => At($"epoch-{epoch:0000}.npz");

    /// <summary>The checkpoint after so many steps from the beginning, within an epoch.</summary>
    public string CheckpointAt(long step) => At($"step-{step:000000}.npz");

    /// <exception cref="OnnxVizException">There is none, it is damaged, or another version of the program wrote it.</exception>
    public RunDescription Description()
    {
        var description = RunFile.Load<RunDescription>(DescriptionFile);
        return description.Format == RunDescription.CurrentFormat ? description : throw OnnxVizException.Input(
            $"'{DescriptionFile}' was written by {description.Program} (format {description.Format}), this reads format {RunDescription.CurrentFormat}.");
    }

    /// <summary>What was measured; before the first epoch's end nothing.</summary>
    /// <exception cref="OnnxVizException">It is damaged.</exception>
    public RunMetrics Metrics() => File.Exists(MetricsFile) ? RunFile.Load<RunMetrics>(MetricsFile) : RunMetrics.New();

    /// <summary>The models that are there, in the order of their steps.</summary>
    /// <exception cref="OnnxVizException">The run cannot be read.</exception>
    public IReadOnlyList<RunModel> Models() => Files("onnx");

    /// <summary>The checkpoints that are there, in the order of their steps.</summary>
    /// <exception cref="OnnxVizException">The run cannot be read.</exception>
    public IReadOnlyList<RunModel> Checkpoints() => Files("npz");

    /// <param name="name">"3", "0", "s100", "best" or "last".</param>
    /// <exception cref="OnnxVizException">There is no such model; the message lists those that there are.</exception>
    public RunModel Find(string name)
    {
        var models = Models();
        if (models.Count == 0) throw OnnxVizException.Input($"'{Path}' has no models yet.");
        var wanted = name switch
        {
            "last" => models[^1].Name,
            "best" => Metrics().Best is { } best ? $"{best.Epoch}" : throw OnnxVizException.Input($"'{Path}' has finished no epoch yet, so none of its models is the best. There are {List(models)}."),
            _ => name,
        };
        return models.FirstOrDefault(m => m.Name == wanted)
            ?? throw OnnxVizException.Input($"'{Path}' has no model @{wanted}. There are {List(models)}, @best and @last.");
    }

    private static string List(IEnumerable<RunModel> models) => string.Join(", ", models.Select(m => $"@{m.Name}"));

    private List<RunModel> Files(string extension)
    {
        var stepsPerEpoch = Description().StepsPerEpoch;
        try
        {
            return [.. Directory.EnumerateFiles(Path, $"*.{extension}").Select(f => Parse(f, stepsPerEpoch)).OfType<RunModel>().OrderBy(m => m.Step).ThenBy(m => m.Epoch is null)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw OnnxVizException.Input($"'{Path}' cannot be read: {e.Message}", e);
        }
    }

    private static RunModel? Parse(string file, int stepsPerEpoch)
    {
        if (Pattern().Match(System.IO.Path.GetFileNameWithoutExtension(file)) is not { Success: true } match
            || !int.TryParse(match.Groups["number"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return null;
        return match.Groups["kind"].Value == "epoch"
            ? new RunModel($"{number}", file, (long)number * stepsPerEpoch, number)
            : new RunModel($"s{number}", file, number, null);
    }

    private string At(string name) => System.IO.Path.Combine(Path, name);

    [GeneratedRegex("^(?<kind>epoch|step)-(?<number>[0-9]{4,9})$")]
    private static partial Regex Pattern();
}
