using CommandLine;
using OnnxViz.Imaging.Files;
using OnnxViz.Shards;
using OnnxViz.Top;

namespace OnnxViz.Cli.Verbs.Top;

/// <summary>What is searched for in which pictures, and what is shown of it.</summary>
internal abstract class TopArguments : ModelOptions, IShared, IResults, IRandom
{
    public string? Out { get; set; }

    public string? Raw { get; set; }

    public ulong Seed { get; set; }

    public static IEnumerable<BoundOption> Bound => Binding.Of(new TopOptions()).Concat(Sharding.Bound);

    [NamesPictures]
    [Value(0, MetaName = "FOLDER", HelpText = "A folder of pictures (" + ImageFile.Formats + ") of any size; folders in it are searched too.")]
    public string? Folder { get; set; }

    [NotInManifest(IsInput = true)]
    [NamesPictures]
    [Option('i', "image", MetaValue = "FOLDER|FILE...", HelpText = "The same as an option: folders and pictures.")]
    public IEnumerable<string> Image { get; set; } = [];

    [NotInManifest(IsInput = true)]
    [Option("input-tensor", MetaValue = "FILE.npy", HelpText = PictureOptions.TensorHelp)]
    public string? InputTensor { get; set; }

    [NotInManifest(IsInput = true)]
    [Option("data", MetaValue = "NAME|DIR", HelpText = "Instead of a folder the training pictures of a data set: mnist, fashion-mnist, cifar10, fashion-mnist-small, or its folder.")]
    public string? Data { get; set; }

    [Option("layer", MetaValue = "LAYER", HelpText = "The layer that holds the units; `onnxviz summary MODEL` lists them.")]
    public string? Layer { get; set; }

    [Option("unit", MetaValue = "UNITS", HelpText = "Which units: 25, or 0,5,8-12, or all, or random:9; by default nine at random, or all where there are fewer.")]
    public string? Unit { get; set; }

    [NotInManifest]
    [Option("state", MetaValue = "FILE.json", HelpText = "Keep the search in this file and go on with it; by default beside the result until that is there.")]
    public string? State { get; set; }

    [Option("no-maximize", HelpText = "Leave out the picture that each unit responds to most strongly, which takes the longest.")]
    public bool NoMaximize { get; set; }

    [Option("no-deconv", HelpText = "Leave out the deconvnet projections.")]
    public bool NoDeconv { get; set; }

    [Option("steps", Default = 64, MetaValue = "N", HelpText = "Steps of the maximisation.")]
    public int Steps { get; set; } = 64;

    [NotInManifest]
    [Option("prepared", MetaValue = "DIR", HelpText = PreparedHelp)]
    public string? Prepared { get; set; }

    [Option("columns", MetaValue = "N", HelpText = "Units in a row of the sheet.")]
    public int? Columns { get; set; }

    public PartSet? Joined { get; set; }

    /// <exception cref="OnnxVizException">A number that makes no sense, or nothing to search for or in.</exception>
    public IReadOnlyList<string> Places()
    {
        IReadOnlyList<string> places = [.. Folder is null ? [] : new[] { Folder }, .. Image];
        if (InputTensor is not null && (places.Count > 0 || Data is not null)) throw OnnxVizException.Usage($"--input-tensor and {(Data is null ? "a folder" : "--data")} do not go together: one of them says what is searched.");
        if (places.Count == 0 && Data is null && InputTensor is null) throw OnnxVizException.Usage("A folder of pictures is needed: onnxviz top FOLDER --layer conv4_3; or --data NAME, or --input-tensor FILE.npy.");
        if (places.Count > 0 && Data is not null) throw OnnxVizException.Usage("A folder and --data do not go together: one of them says which pictures are searched.");
        if (Layer is null) throw OnnxVizException.Usage("--layer is needed: `onnxviz summary` lists the layers.");
        if (Steps < 1) throw OnnxVizException.Usage($"--steps {Steps}: at least one step is needed; --no-maximize leaves the maximisation out.");
        if (State is not null && this.PartOf() is not null) throw OnnxVizException.Usage("--state and --shard do not go together: a part keeps its own state in the folder of -o.");
        if (this.PartOf() is not null) _ = Sharding.FolderOf(this);
        if (Columns < 1) throw OnnxVizException.Usage($"--columns {Columns}: at least one column is needed.");
        return places;
    }
}
