namespace OnnxViz.Runs;

/// <summary>What a run was asked for, written at its start (run.json): all that is needed to go on with it.</summary>
/// <param name="Format">Version of this form.</param>
/// <param name="Program">What wrote it, with its version.</param>
/// <param name="OnnxRuntime">Version of the runtime that trains.</param>
/// <param name="Network">What is trained.</param>
/// <param name="Data">What it is trained on.</param>
/// <param name="Classes">Their names, in the order of the scores.</param>
/// <param name="StepsPerEpoch">Whole batches of the training split.</param>
/// <param name="Options">Every option as it came to be, by name, as text.</param>
internal sealed record RunDescription(
    int Format,
    string Program,
    string OnnxRuntime,
    RunNetwork Network,
    RunData Data,
    IReadOnlyList<string> Classes,
    int StepsPerEpoch,
    IReadOnlyDictionary<string, string> Options)
{
    public const int CurrentFormat = 1;
}

/// <summary>A new network, or one that is trained further.</summary>
/// <param name="Architecture">Name of a built-in architecture; null for a model of one's own.</param>
/// <param name="Model">The .onnx file or known model that is trained further; null for a new network.</param>
/// <param name="Sha256">Of that model.</param>
/// <param name="TrainLayers">Which of its layers are trained.</param>
internal sealed record RunNetwork(string? Architecture, string? Model, string? Sha256, string? TrainLayers);

/// <param name="Name">Of the data set.</param>
/// <param name="Place">What it was opened by: a name, or a full path.</param>
/// <param name="Train">The split that is trained on.</param>
/// <param name="Test">The split that is not.</param>
internal sealed record RunData(string Name, string Place, RunSplit Train, RunSplit Test);

/// <param name="Count">Pictures.</param>
/// <param name="Fingerprint">Equal for equal pictures and labels.</param>
internal sealed record RunSplit(int Count, string Fingerprint);
