using CommandLine;
using CommandLine.Text;
using OnnxViz.Evolve;
using OnnxViz.Shards;

namespace OnnxViz.Cli.Verbs.Evolve;

/// <summary>Which units of which run are watched, and where the results go.</summary>
internal abstract class EvolveArguments : RunOptions, IShared, IRandom
{
    public ulong Seed { get; set; }

    public static IEnumerable<BoundOption> Bound => Binding.Of(new EvolveOptions()).Concat(Sharding.Bound).Concat(Conventions.Bound);

    [Value(0, MetaName = "RUN", HelpText = "The folder of a training run.")]
    public string? Folder { get; set; }

    [Option("layer", MetaValue = "LAYER", HelpText = "The layer that holds the units; `onnxviz summary RUN/@last` lists them.")]
    public string? Layer { get; set; }

    [Option("unit", MetaValue = "UNITS", HelpText = "Which units: 25, or 0,5,8-12, or all, or random:9; by default eight at random, or all where there are fewer.")]
    public string? Unit { get; set; }

    [Option("checkpoints", MetaValue = "LIST|all", HelpText = "Which models of the run: 0,s10,s100,1,2,5,last; by default at most ten, closer together at the beginning.")]
    public string? Checkpoints { get; set; }

    [NotInManifest]
    [Option("data", MetaValue = "NAME|DIR", HelpText = "The training pictures that are searched: mnist, fashion-mnist, cifar10, fashion-mnist-small, or a folder; by default the run's own.")]
    public string? Data { get; set; }

    [NotInManifest]
    [Option('o', "out", MetaValue = "FILE.png|DIR", HelpText = "The sheet; the animation, the page, the curves and the numbers lie beside it, or all of them in a folder.")]
    public string? Out { get; set; }

    [NotInManifest]
    [Option("state", MetaValue = "DIR", HelpText = "Where what was found in each checkpoint is kept, to go on from, and shared by the parts of --shard; by default RUN/evolve.")]
    public string? State { get; set; }

    public PartSet? Joined { get; set; }

    string? IShared.Raw { get; set; }

    public override string? ModelName => Folder is null ? null : $"{Folder}/@last";

    public static IEnumerable<Example> Examples =>
    [
        Manual.Example("How eight units of a layer came to see what they see", new EvolveVerb { Folder = "run/", Layer = "conv1_2", Unit = "random:8", Out = "evolution.png" }),
        Manual.Example("Other data, chosen checkpoints, all files in a folder", new EvolveVerb { Folder = "run/", Layer = "conv2_2", Unit = "0-3", Data = "mnist", Checkpoints = "0,s10,s100,1,2,last", Out = "evolution/" }),
        Manual.Example("The second of three machines", new EvolveVerb { Folder = "run/", Layer = "conv2_2" }.With(("shard", "2/3"))),
    ];

    /// <exception cref="OnnxVizException">Something is missing, or does not go together.</exception>
    protected (string Run, string Layer, Shard? Shard) Named()
    {
        if (Folder is null) throw OnnxVizException.Usage("The folder of a training run is needed: onnxviz evolve run/ --layer conv1_2.");
        if (Layer is null) throw OnnxVizException.Usage($"--layer is needed: `onnxviz summary {ModelName}` lists the layers.");
        if (State?.Length == 0) throw OnnxVizException.Usage("--state is empty: name a folder.");
        var shard = this.PartOf();
        if (shard is not null && Out is not null) throw OnnxVizException.Usage("--shard and -o do not go together: a part draws nothing; the same command with -o and without --shard joins all parts.");
        return (Folder, Layer, shard);
    }
}
