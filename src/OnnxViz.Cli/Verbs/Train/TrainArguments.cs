using OnnxViz.Datasets;
using OnnxViz.Options;
using OnnxViz.Runs;
using OnnxViz.Training.Loop;
using OptionAttribute = CommandLine.OptionAttribute;

namespace OnnxViz.Cli.Verbs.Train;

/// <summary>What is trained on what, and where the run goes.</summary>
internal abstract class TrainArguments : RunOptions, IRandom
{
    internal const string Architectural = "small|lenet|alexnet-cifar|vgg16-cifar|vgg16-bn-cifar";

    /// <summary>What a run may be gone on with otherwise than it was started: nothing that has had an effect on its weights.</summary>
    private static readonly string[] Changeable = ["epochs", "keep-checkpoints", "checkpoint-minutes", "save-steps"];

    public static IEnumerable<BoundOption> Bound => Binding.Of(new TrainingOptions(), new DatasetOptions());

    public ulong Seed { get; set; }

    [Option("arch", MetaValue = Architectural, HelpText = "A new network.")]
    public string? Architecture { get; set; }

    [Option("from", MetaValue = "MODEL", HelpText = "Train a model further instead: an .onnx file, or the name of a known model. It gets a new head where the data has other classes.")]
    public string? From { get; set; }

    [Option("train-layers", MetaValue = "classifier|all|PATTERN,...", HelpText = "With --from: which layers or weights are trained, * standing for anything (classifier).")]
    public string? TrainLayers { get; set; }

    [Option("data", MetaValue = "NAME|FOLDER", HelpText = "mnist, fashion-mnist, cifar10, the carried fashion-mnist-small, or a folder: IDX files, CIFAR's binary files, or a folder of pictures for each class.")]
    public string? Data { get; set; }

    [Option("size", MetaValue = "H|HxW", HelpText = "Size of the pictures that the network sees; by default that of the model, or of the data.")]
    public string? Size { get; set; }

    [NotInManifest]
    [Option('o', "out", MetaValue = "FOLDER", HelpText = "The run's folder: models, checkpoints, metrics and curves.")]
    public string? Out { get; set; }

    [NotInManifest]
    [Option("resume", MetaValue = "FOLDER", HelpText = "Go on with the run in this folder as it was started; --epochs may be raised.")]
    public string? Resume { get; set; }

    /// <exception cref="OnnxVizException">Options that do not go together, or a folder that has a run.</exception>
    protected (RunFolder Folder, TrainingRequest Request, RuntimeOptions Runtime) Asked() => Resume is null ? New() : Old(Resume);

    private (RunFolder Folder, TrainingRequest Request, RuntimeOptions Runtime) New()
    {
        if (Architecture is not null && From is not null) throw OnnxVizException.Usage("--arch and --from do not go together: a new network, or a model that is trained further.");
        if (Architecture is null && From is null) throw OnnxVizException.Usage($"What is to be trained? --arch {Architectural}, or --from MODEL.");
        if (TrainLayers is not null && From is null) throw OnnxVizException.Usage("--train-layers belongs to --from: a new network is trained as a whole.");
        if (Data is null) throw OnnxVizException.Usage("--data is needed: mnist, fashion-mnist, cifar10, fashion-mnist-small (carried, for a first try), or a folder.");
        if (Out is null) throw OnnxVizException.Usage("-o is needed: the folder of the run.");
        if (RunFolder.IsAt(Out)) throw OnnxVizException.Usage($"{Out} holds a training run already: go on with it by --resume {Out}, or name another folder.");
        OutputFile.Probe(new RunFolder(Out).DescriptionFile);
        var options = TrainingDefaults.With(Architecture, TrainLayers, this.Given<TrainingOptions>()) with { Seed = Seed };
        var request = new TrainingRequest(Architecture, From, TrainLayers, Data, Size is null ? null : Parsed(Size), this.Onto(new DatasetOptions()), options);
        return (new RunFolder(Out), request, Runtime());
    }

    private (RunFolder Folder, TrainingRequest Request, RuntimeOptions Runtime) Old(string path)
    {
        var folder = RunFolder.Open(path);
        if (Out is not null && Path.GetFullPath(Out) != Path.GetFullPath(path)) throw OnnxVizException.Usage("-o and --resume do not go together: a run goes on where it is.");
        foreach (var (name, value) in new[] { ("arch", Architecture), ("from", From), ("train-layers", TrainLayers), ("size", Size), ("seed", Seed == 0 ? null : $"{Seed}") })
            if (value is not null) throw Fixed(name);
        foreach (var (name, _) in this.Given())
            if (!Changeable.Contains(name)) throw Fixed(name);
        var description = folder.Description();
        var request = TrainingRun.RequestOf(description);
        var options = OptionTable.With(request.Options, this.Given<TrainingOptions>());
        if (options.Epochs < request.Options.Epochs) throw OnnxVizException.Usage($"--epochs {options.Epochs}: the run was started for {request.Options.Epochs}; they can be raised.");
        options.Check();
        var (device, threads) = TrainingRun.PlaceOf(description);
        if (Device == "auto") Device = device;
        Threads ??= threads > 0 ? threads : null;
        return (folder, request with { Options = options, Data = Data ?? request.Data }, Runtime());

        OnnxVizException Fixed(string name) => OnnxVizException.Usage($"--{name} belongs to a new run: {path} goes on as it was started. Only --{string.Join(", --", Changeable)}, --data, --device and --threads can be given beside --resume.");
    }

    private static PixelSize Parsed(string text)
    {
        try
        {
            return PixelSize.Parse(text);
        }
        catch (FormatException e)
        {
            throw OnnxVizException.Usage($"--size {text}: {e.Message} is needed.", e);
        }
    }
}
