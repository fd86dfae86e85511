using OnnxViz.Graphs.Naming;
using OnnxViz.Graphs.Opsets;
using OnnxViz.Onnx;
using OnnxViz.Runs;

namespace OnnxViz.Models;

/// <summary>
/// A network together with what it expects of pictures and what its layers and classes are called. It owns the files
/// that its weights are in; copies under other conventions share them, so only the last one in use is disposed. A model
/// may be used from several threads at once; it is disposed when none uses it any more.
/// </summary>
public sealed class VisionModel : IDisposable
{
    private readonly Lazy<LayerTable> _layers;

    private VisionModel(string name, OnnxModel file, Graph graph, PictureConventions conventions, Lazy<LayerTable>? layers = null)
    {
        (Name, File, Graph, Input, Conventions) = (name, file, graph, PictureInput(graph, name), conventions);
        _layers = layers ?? new(() =>
        {
            using var phase = Profiler.Phase("name the layers");
            return LayerTable.For(Graph, Name);
        });
    }

    /// <summary>What the user called it.</summary>
    public string Name { get; }

    /// <summary>The file that the network was read from.</summary>
    public OnnxModel File { get; }

    /// <summary>The network as operators of the ONNX standard; layers and outputs are values of it.</summary>
    public Graph Graph { get; }

    /// <summary>SHA-256 of the file in lower-case hexadecimal; of a prepared folder that of the file that was prepared.</summary>
    public string Sha256 => Prepared?.Index.Source.Sha256 ?? File.Sha256;

    /// <summary>Gradient graphs that were made before.</summary>
    internal PreparedFolder? Prepared { get; private init; }

    /// <summary>The input that takes pictures: float32 or uint8, [N, C, H, W] or [N, H, W, C].</summary>
    public Value Input { get; }

    /// <summary>What becomes of a picture before the network sees it.</summary>
    public PictureConventions Conventions { get; private init; }

    /// <summary>Whether the conventions are known, or only what most models are trained with.</summary>
    public bool IsDescribed { get; private init; }

    /// <summary>Whether it is the file's own metadata that says so (<see cref="ModelMetadata"/>).</summary>
    internal bool IsSelfDescribed { get; private init; }

    /// <summary>Why what the file's metadata say is not believed; null where it is, or where they say nothing.</summary>
    internal string? MetadataFault { get; private init; }

    /// <summary>Which model of a training run it is; null where it is of none.</summary>
    internal RunModel? Checkpoint { get; private init; }

    /// <summary>Names of the classes in the order of the scores, where known.</summary>
    public IReadOnlyList<string>? Labels { get; private init; }

    /// <summary>The layers and all that they are called.</summary>
    public LayerTable Layers => _layers.Value;

    /// <summary>Whether activations are rounded on the way, which gradients pass straight through.</summary>
    public bool IsQuantized => Graph.Nodes.Exists(n => n is { OpType: "QuantizeLinear", Domain: "" } && n.Input(0) is { Constant: null });

    /// <summary>Height and width of pictures in pixels, where the graph leaves no choice; else null.</summary>
    public (int Height, int Width)? FixedSize
    {
        get
        {
            var (h, w) = Conventions.ChannelsLast ? (Input.Dims![1], Input.Dims[2]) : (Input.Dims![2], Input.Dims[3]);
            return h > 0 && w > 0 ? ((int)h, (int)w) : null;
        }
    }

    /// <param name="model">
    /// An .onnx file, a folder that <see cref="PrepareExtensions.Prepare"/> wrote, the name of a known model, or a model of a training
    /// run: FOLDER/@3 after its third epoch, @0 before it, @s100 after 100 steps, @best by test accuracy, @last, which is also
    /// what the folder alone stands for.
    /// </param>
    /// <param name="catalog">
    /// The known models, by whose hashes a file is recognised, with its conventions and the names of its classes; null for those
    /// at hand (<see cref="ModelCatalog.AtHand"/>): beside the program, or beside the model.
    /// </param>
    /// <exception cref="OnnxVizException">None of these; not readable; or no input that could be a picture.</exception>
    public static VisionModel Open(string model, ModelCatalog? catalog = null) => Load(model, catalog ?? ModelCatalog.AtHand(model));

    /// <inheritdoc cref="Open"/>
    internal static VisionModel Load(string model, ModelCatalog catalog)
    {
        using var phase = Profiler.Phase("open the model");
        var opened = Opened(model, catalog);
        Profiler.Current?.Know([.. opened.Graph.Nodes.Select(n => n.Name)], () => opened.Layers.Layers.Select(l => (l.Node.Name, l.Name)));
        return opened;
    }

    private static VisionModel Opened(string model, ModelCatalog catalog)
    {
        if (RunFolder.ModelNamed(model) is { } checkpoint) return OfRun(model, checkpoint, catalog);
        if (Directory.Exists(model) && (PreparedFolder.IsAt(model) || catalog.ByName(model) is null)) return OfFolder(model);
        var known = System.IO.File.Exists(model) ? null : catalog.ByName(model);
        if (known is null && !System.IO.File.Exists(model) && !model.Contains('.') && !model.Contains(Path.DirectorySeparatorChar))
        {
            var others = catalog.Models.Count > 0 ? $"neither a file nor one of the known models ({string.Join(", ", catalog.Models.Select(m => m.Name))})" : "there is no such file";
            throw OnnxVizException.Input($"No model '{model}': {others}.");
        }

        var path = known is null ? model : catalog.PathOf(known);
        if (known is not null && !System.IO.File.Exists(path))
            throw OnnxVizException.Input($"{known.Name} is known and not here yet ({known.Size / 1e6:0.0} MB); it is looked for at '{path}'.", argument: nameof(KnownModel));
        return OfFile(model, path, known, null, catalog);
    }

    private static VisionModel OfRun(string model, RunModel checkpoint, ModelCatalog catalog)
    {
        var run = RunFolder.IsAt(model) ? Path.TrimEndingDirectorySeparator(model) : Path.GetDirectoryName(model);
        return OfFile(Path.Combine(run ?? "", $"@{checkpoint.Name}"), checkpoint.Path, null, checkpoint, catalog);
    }

    private static VisionModel OfFile(string name, string path, KnownModel? known, RunModel? checkpoint, ModelCatalog catalog)
    {
        var file = OnnxFile.Load(path);
        try
        {
            return Of(name, file, known, checkpoint, catalog);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static VisionModel Of(string model, OnnxModel file, KnownModel? known, RunModel? checkpoint, ModelCatalog catalog)
    {
        // Only where all is float64: elsewhere it serves for exact arithmetic with sizes.
        HalfToFloat.Apply(file.Graph, doubles: file.Graph.Inputs.Exists(i => i is { Type: ElementType.Double, Dims.Length: 4 }));
        OperatorExpansion.Apply(file.Graph);
        known ??= catalog.ByContent(file);
        if (known is not null) return new VisionModel(model, file, file.Graph, known.Conventions) { IsDescribed = true, Labels = ModelCatalog.LabelsOf(known) };
        var input = PictureInput(file.Graph, model);
        var (conventions, labels, fault) = ModelMetadata.Read(file.Metadata, file.Graph, input);
        return new VisionModel(model, file, file.Graph, conventions ?? Guess(input))
        {
            IsDescribed = conventions is not null,
            IsSelfDescribed = conventions is not null,
            MetadataFault = fault,
            Labels = labels,
            Checkpoint = checkpoint,
        };
    }

    /// <summary>The same model with gradient graphs that were made from it before.</summary>
    /// <exception cref="OnnxVizException">No prepared folder, damaged, of another version, or made from another model.</exception>
    public VisionModel WithPrepared(string folder)
    {
        var prepared = PreparedFolder.Open(folder);
        prepared.RequireSource(this);
        return Copy(Conventions, prepared);
    }

    /// <summary>The same model under other conventions; it shares the open files.</summary>
    /// <exception cref="OnnxVizException">The model takes pictures of another size only.</exception>
    public VisionModel With(PictureConventions conventions)
    {
        if (FixedSize is var (h, w) && (h, w) != (conventions.Height, conventions.Width))
        {
            throw OnnxVizException.Usage(
                $"{Name} takes pictures of {h}x{w} only (its input is [{Shapes.Text(Input.Dims)}]), not {conventions.Height}x{conventions.Width}.");
        }

        return Copy(conventions, Prepared);
    }

    /// <summary>"tiger cat", or "class 282" where no names are known.</summary>
    public string NameOfClass(long number) => Labels is { } labels && number < labels.Count ? labels[(int)number] : $"class {number}";

    /// <summary>The input tensor of pictures, float32: [N, C, H, W], or [N, H, W, C] where the model has channels last.</summary>
    /// <param name="framed">Pictures of one size, such as <see cref="PictureConventions.Frame"/> makes them.</param>
    public Tensor ToTensor(IReadOnlyList<Image> framed) => Tensors.Stack([.. framed.Select(Conventions.ToTensor)]);

    private static VisionModel OfFolder(string path)
    {
        var prepared = PreparedFolder.Open(path);
        var file = prepared.Forward();
        var name = Path.TrimEndingDirectorySeparator(path);
        var (graph, layers) = PreparedLayers.Restore(prepared.Index, file.Graph, name);
        return new VisionModel(name, file, graph, prepared.Index.Preprocessing.ToConventions(), new(layers))
        {
            IsDescribed = prepared.Index.IsDescribed,
            Labels = prepared.Index.Labels,
            Prepared = prepared,
        };
    }

    /// <summary>Closes the files that weights are read from.</summary>
    public void Dispose()
    {
        File.Dispose();
        Prepared?.Dispose();
    }

    private VisionModel Copy(PictureConventions conventions, PreparedFolder? prepared) =>
        new(Name, File, Graph, conventions, _layers)
        {
            IsDescribed = IsDescribed,
            IsSelfDescribed = IsSelfDescribed,
            MetadataFault = MetadataFault,
            Labels = Labels,
            Checkpoint = Checkpoint,
            Prepared = prepared,
        };

    private static Value PictureInput(Graph graph, string name)
    {
        // A picture is a tensor of floats (float16 is one by now) or bytes, of rank 4, with 1 or 3 channels; unknown
        // dimensions may be anything.
        return graph.Inputs.Find(i => i is { Dims.Length: 4, Type: ElementType.Float or ElementType.UInt8 } && (i.Dims[1] is 1 or 3 or < 0 || i.Dims[3] is 1 or 3))
            ?? throw OnnxVizException.Input(
                $"{name} has no input that could be a picture (Float or UInt8, [N,3,H,W] or [N,H,W,3]); its inputs: "
                + $"{(graph.Inputs.Count == 0 ? "none" : string.Join(", ", graph.Inputs))}.");
    }

    private static PictureConventions Guess(Value input)
    {
        var d = input.Dims!;
        var last = d[1] is not (1 or 3) && d[3] is 1 or 3;
        var (channels, h, w) = last ? (d[3], d[1], d[2]) : (d[1], d[2], d[3]);
        var guess = PictureConventions.ImageNet with
        {
            ChannelsLast = last,
            Height = h > 0 ? (int)h : 224,
            Width = w > 0 ? (int)w : 224,
        };
        // Who takes bytes does the rest by itself.
        if (input.Type == ElementType.UInt8) guess = guess with { High = 255, Mean = [0, 0, 0], Std = [1, 1, 1] };
        return channels == 1 ? guess with { Channels = 1, Mean = [guess.High > 1 ? 0 : 0.449f], Std = [guess.High > 1 ? 1 : 0.226f] } : guess;
    }
}
