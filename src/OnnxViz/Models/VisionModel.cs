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
        (Name, File, Graph, Input, Conventions) = (name, file, graph, InputOf(graph, name), conventions);
        // For all that asks the graph alone what its positions are.
        Input.AxisDenotations = conventions.Axes.Words();
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

    /// <summary>The input that is looked at: one that takes pictures, or else volumes, signals or rows of numbers. Its rank is known.</summary>
    public Value Input { get; }

    /// <summary>What becomes of a picture before the network sees it.</summary>
    public PictureConventions Conventions { get; private init; }

    /// <summary>Whether the conventions are known, or only what most models are trained with.</summary>
    public bool IsDescribed { get; private init; }

    /// <summary>What told the conventions, such as "the model's own metadata"; null for nothing.</summary>
    internal string? Source { get; private init; }

    /// <summary>Where the names of the classes come from, where it is elsewhere; else null.</summary>
    internal string? LabelSource { get; private init; }

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

    /// <summary>Whether the file has numbers of half precision, which are float32 here.</summary>
    internal bool HadHalves { get; private init; }

    /// <summary>Height and width of pictures in pixels, where the graph leaves no choice; else null. A signal is one line of its samples.</summary>
    public (int Height, int Width)? FixedSize => SizeUnder(Conventions.Axes);

    /// <summary>What was found out of an input whose shape the file does not declare; null where it does.</summary>
    internal string? InputNote { get; private init; }

    /// <summary>Which row of what was given is fed, of tensors that have one for each picture.</summary>
    internal int Row { get; private init; }

    /// <summary>What is fed beside the picture: what was given, and what inputs of known names usually hold.</summary>
    internal IReadOnlyDictionary<Value, Tensor> OtherInputs => Given.Select(g => (Input: g.Key, Tensor: GivenInputs.RowOf(g.Key, g.Value, Row)))
        .Concat(UsualInputs).ToDictionary(o => o.Input, o => o.Tensor);

    /// <summary>Inputs that nobody gave and that hold what their names say.</summary>
    internal IEnumerable<(Value Input, Tensor Tensor)> UsualInputs => Graph.Inputs.Where(i => i != Input)
        .Select(i => (i, GivenInputs.UsualOf(i, Conventions.Height, Conventions.Width))).Where(u => u.Item2 is not null).Select(u => (u.i, u.Item2!));

    /// <summary>Rows of what was given, one for each picture; 1 where it is the same for all.</summary>
    internal int GivenRows => Given.Select(g => GivenInputs.RowsOf(g.Key, g.Value)).DefaultIfEmpty(1).Max();

    private IReadOnlyDictionary<Value, Tensor> Given { get; init; } = new Dictionary<Value, Tensor>();

    /// <param name="model">
    /// An .onnx file, a folder that <see cref="PrepareExtensions.Prepare"/> wrote, the name of a known model, or a model of a training
    /// run: FOLDER/@3 after its third epoch, @0 before it, @s100 after 100 steps, @best by test accuracy, @last, which is also
    /// what the folder alone stands for.
    /// </param>
    /// <param name="catalog">
    /// The known models, by whose hashes a file is recognised, with its conventions and the names of its classes; null for those
    /// at hand (<see cref="ModelCatalog.AtHand"/>): beside the program, or beside the model.
    /// </param>
    /// <param name="given">
    /// Tensors for inputs beside the picture, by their names: one row for all pictures. Of several inputs for pictures the first that is not among
    /// them is looked at.
    /// </param>
    /// <exception cref="OnnxVizException">None of these; not readable; no input that could be a picture; or a tensor that fits no input.</exception>
    public static VisionModel Open(string model, ModelCatalog? catalog = null, IReadOnlyDictionary<string, Tensor>? given = null) => Load(model, catalog ?? ModelCatalog.AtHand(model), given);

    /// <inheritdoc cref="Open"/>
    internal static VisionModel Load(string model, ModelCatalog catalog, IReadOnlyDictionary<string, Tensor>? given = null)
    {
        using var phase = Profiler.Phase("open the model");
        var opened = Opened(model, catalog, given ?? new Dictionary<string, Tensor>());
        Profiler.Current?.Know([.. opened.Graph.Nodes.Select(n => n.Name)], () => opened.Layers.Layers.Select(l => (l.Node.Name, l.Name)));
        return opened;
    }

    private static VisionModel Opened(string model, ModelCatalog catalog, IReadOnlyDictionary<string, Tensor> given)
    {
        if (RunFolder.ModelNamed(model) is { } checkpoint) return OfRun(model, checkpoint, catalog, given);
        if (Directory.Exists(model) && (PreparedFolder.IsAt(model) || catalog.ByName(model) is null))
        {
            return given.Count == 0 ? OfFolder(model) : throw OnnxVizException.BadArgument(
                GivenInputs.Argument, $"does not go with '{model}': a prepared folder holds its other inputs. Prepare the model with these.", Fault.Input);
        }

        var known = System.IO.File.Exists(model) ? null : catalog.ByName(model);
        if (known is null && !System.IO.File.Exists(model) && !model.Contains('.') && !model.Contains(Path.DirectorySeparatorChar))
        {
            var others = catalog.Models.Count > 0 ? $"neither a file nor one of the known models ({string.Join(", ", catalog.Models.Select(m => m.Name))})" : "there is no such file";
            throw OnnxVizException.Input($"No model '{model}': {others}.");
        }

        var path = known is null ? model : catalog.PathOf(known);
        if (known is not null && !System.IO.File.Exists(path))
            throw OnnxVizException.Input($"{known.Name} is known and not here yet ({known.Size / 1e6:0.0} MB); it is looked for at '{path}'.", argument: nameof(KnownModel));
        return OfFile(model, path, known, null, catalog, given);
    }

    private static VisionModel OfRun(string model, RunModel checkpoint, ModelCatalog catalog, IReadOnlyDictionary<string, Tensor> given)
    {
        var run = RunFolder.IsAt(model) ? Path.TrimEndingDirectorySeparator(model) : Path.GetDirectoryName(model);
        return OfFile(Path.Combine(run ?? "", $"@{checkpoint.Name}"), checkpoint.Path, null, checkpoint, catalog, given);
    }

    private static VisionModel OfFile(string name, string path, KnownModel? known, RunModel? checkpoint, ModelCatalog catalog, IReadOnlyDictionary<string, Tensor> given)
    {
        var file = OnnxFile.Load(path);
        try
        {
            return Of(name, file, known, checkpoint, catalog, given);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static VisionModel Of(string model, OnnxModel file, KnownModel? known, RunModel? checkpoint, ModelCatalog catalog, IReadOnlyDictionary<string, Tensor> given)
    {
        var halves = HalfToFloat.IsNeeded(file.Graph);
        // Only where all is float64: elsewhere it serves for exact arithmetic with sizes.
        HalfToFloat.Apply(file.Graph, doubles: InputChoice.Find(file.Graph) is { Type: ElementType.Double });
        OperatorExpansion.Apply(file.Graph);
        var taken = GivenInputs.Take(file.Graph, model, given);
        known ??= catalog.ByContent(file);
        var input = InputChoice.Of(file.Graph, BatchAxis.Added(file.Graph, InputOf(file.Graph, model)));
        if (known is not null) return new VisionModel(model, file, file.Graph, known.Conventions) { IsDescribed = true, HadHalves = halves, Labels = ModelCatalog.LabelsOf(known), Given = taken };
        var described = ModelDescription.Of(file, input, Guess(input));
        return new VisionModel(model, file, file.Graph, described.Conventions)
        {
            InputNote = input.Note,
            HadHalves = halves,
            IsDescribed = described.Source is not null,
            Source = described.Source,
            LabelSource = described.LabelSource,
            MetadataFault = described.Fault,
            Labels = described.Labels,
            Checkpoint = checkpoint,
            Given = taken,
        };
    }

    /// <summary>The same model, fed the row of a picture of what was given for each.</summary>
    internal VisionModel OfRow(int row) => GivenRows == 1 ? this : Copy(Conventions, Prepared, row);

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
        var depth = conventions.Axes.Length(Input.Dims!, 'd');
        if (SizeUnder(conventions.Axes) is var (h, w) && ((h, w) != (conventions.Height, conventions.Width) || (depth > 0 && depth != conventions.Depth)))
        {
            throw OnnxVizException.Usage(
                $"{Name} takes {conventions.Kind}s of {(conventions with { Depth = (int)depth, Height = h, Width = w }).Size} only (its input is [{Shapes.Text(Input.Dims)}]), not {conventions.Size}.");
        }

        return Copy(conventions, Prepared);
    }

    /// <summary>Whether it answers with scores of classes. One without a classifier ends in features: its strongest unit takes the place of the highest class.</summary>
    public bool HasClasses => ClassOutput.HasClasses(this);

    /// <summary>"tiger cat", "class 282" where no names are known, "pool5 282" where there are no classes.</summary>
    public string NameOfClass(long number) => ClassOutput.NameOf(this, number);

    internal VisionModel WithLabels(IReadOnlyList<string> labels, string? source) => Copy(Conventions, Prepared, Row, labels, source);

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

    private (int Height, int Width)? SizeUnder(InputAxes axes)
    {
        var (h, w) = (axes.Length(Input.Dims!, 'h'), axes.Length(Input.Dims!, axes.IsSignal() ? 't' : 'w'));
        return h > 0 && w > 0 ? ((int)h, (int)w) : null;
    }

    private VisionModel Copy(PictureConventions conventions, PreparedFolder? prepared, int row = 0, IReadOnlyList<string>? labels = null, string? labelSource = null) =>
        new(Name, File, Graph, conventions, _layers)
        {
            IsDescribed = IsDescribed,
            HadHalves = HadHalves,
            Source = Source,
            LabelSource = labelSource ?? LabelSource,
            MetadataFault = MetadataFault,
            InputNote = InputNote,
            Labels = labels ?? Labels,
            Checkpoint = Checkpoint,
            Prepared = prepared,
            Given = Given,
            Row = row,
        };

    private static Value InputOf(Graph graph, string name) => InputChoice.Find(graph)
        ?? throw OnnxVizException.OfModel(
            $"{name} has no input that could be a picture, a volume or a signal (numbers, of up to 5 dimensions); its inputs: "
            + $"{(graph.Inputs.Count == 0 ? "none" : string.Join(", ", graph.Inputs))}.");

    private static PictureConventions Guess(InputChoice choice)
    {
        var (axes, dims) = (choice.Axes, choice.Input.Dims!);
        var side = axes.IsVolume() ? VolumeSide : PictureSide;
        var guess = new PictureConventions { Axes = axes }.WithChannels(choice.Channels) with
        {
            Depth = Length('d', FewSlices),
            Height = Length('h', side),
            Width = axes.IsSignal() ? Length('t', FewSamples) : Length('w', side),
        };
        // Who takes integers does the rest by itself.
        if (choice.Input.Type == ElementType.Int8) return guess with { Low = sbyte.MinValue, High = sbyte.MaxValue };
        if (!choice.Input.Type.IsFloating()) return guess with { High = byte.MaxValue };
        return !axes.IsPicture() ? guess
            : guess.Channels == 3 ? guess with { Mean = PictureConventions.ImageNet.Mean, Std = PictureConventions.ImageNet.Std }
            : guess.Channels == 1 ? guess with { Mean = [0.449f], Std = [0.226f] }
            : guess;

        int Length(char letter, int otherwise) => axes.Length(dims, letter) is var n and > 0 ? (int)n : otherwise;
    }

    /// <summary>Lengths that are taken where a graph leaves the choice and nothing was fed.</summary>
    private const int PictureSide = 224, VolumeSide = 64, FewSlices = 16, FewSamples = 1024;
}
