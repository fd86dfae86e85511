using OnnxViz.Graphs.Batching;
using OnnxViz.Graphs.Fields;
using OnnxViz.Graphs.Opsets;
using OnnxViz.Runtime.Memory;

namespace OnnxViz.Models;

/// <summary>A model inlined into a builder behind an input of a known size, cut at what is wanted.</summary>
internal sealed class ShapedModel
{
    /// <summary>Highest opset of graphs that are prepared for any runtime, and so of all others: equal graphs, equal numbers.</summary>
    internal const int PreparedOpset = 20;

    private const int NewestOpset = 21;

    /// <summary>Bytes that results may take at their height, and those for each byte of the input: some 400 maps of its size, twice.</summary>
    private const double AnyNetwork = 768 << 20, PerInputByte = 1024;

    private readonly IReadOnlyDictionary<Value, Value> _map;

    private readonly VisionModel _model;

    private ShapedModel(GraphBuilder builder, VisionModel model, Value input, IReadOnlyDictionary<Value, Value> map, IReadOnlyList<Value> wanted) =>
        (Builder, _model, Input, _map, Wanted) = (builder, model, input, map, wanted);

    public GraphBuilder Builder { get; }

    /// <summary>What stands for the model's picture input.</summary>
    public Value Input { get; }

    /// <summary>The values of the model at which it is cut.</summary>
    internal IReadOnlyList<Value> Wanted { get; }

    /// <summary>For every copied value of the model its counterpart.</summary>
    public IReadOnlyDictionary<Value, Value> Map => _map;

    /// <summary>How many pictures one copy of the network takes, where the graph holds their number; null for any number.</summary>
    public int? Rows => RowsOf(_model, Input.Dims!, [.. Wanted]);

    /// <summary>What is computed on the way.</summary>
    public IReadOnlyList<Value> Activations => [.. Builder.Graph.Nodes.SelectMany(n => n.Outputs)];

    /// <summary>The counterpart of a value of the model that was wanted.</summary>
    public Value this[Value original] => _map[original];

    /// <summary>
    /// The counterpart of a layer with its units on axis 1, as everything that looks for units expects: networks that
    /// have, or here and there have, their channels last are transposed.
    /// </summary>
    /// <exception cref="OnnxVizException">Its first axis is not that of the pictures.</exception>
    public Value Units(Value layer)
    {
        var value = WithRows(layer);
        return HasChannelsLast(layer) ? Builder.ChannelsFirst(value) : value;
    }

    /// <summary>Dimensions of <see cref="Units(Value)"/>, without emitting anything.</summary>
    /// <exception cref="OnnxVizException">They are not known before the model runs.</exception>
    public long[] UnitDims(Value layer)
    {
        var dims = WithRows(layer).StaticDims();
        return HasChannelsLast(layer) ? [dims[0], dims[^1], .. dims[1..^1]] : dims;
    }

    /// <summary>Whether it would be the same of another copy of the model.</summary>
    internal bool IsOf(VisionModel model) => model.Graph == _model.Graph && model.Row == _model.Row && model.Conventions.Axes == _model.Conventions.Axes;

    /// <summary>The counterpart of a layer, which has a row for each picture: a recurrence, for one, has its steps in front of them.</summary>
    private Value WithRows(Value layer)
    {
        var value = _map[layer];
        return value is { HasStaticShape: true, Dims: [var rows, ..] } && Input.Dims is [> 0 and var pictures, ..] && rows != pictures
            ? throw OnnxVizException.Input(
                $"'{_model.Layers.NameOf(layer)}' has the shape [{Shapes.Text(value.Dims)}] for {pictures} picture{(pictures == 1 ? "" : "s")}: no row for each, so that it has no units. Take a layer before or behind it.", argument: "Layer")
            : value;
    }

    private bool HasChannelsLast(Value layer) => MayHaveChannelsLast(_model, _map[layer]) && ReceptiveFields.Of(_model.Graph, _map).HasChannelsLast(layer, _map[layer].Rank);

    /// <summary>The activation of a layer of a prepared graph with its units on axis 1: [N, C, H, W].</summary>
    internal static Value Units(GraphBuilder builder, VisionModel model, long[] inputDims, Value layer, Value activation) =>
        MayHaveChannelsLast(model, activation) && ReceptiveFields.Of(model.Graph, ShapedModels.Layers(model, inputDims)).HasChannelsLast(layer, activation.Rank)
            ? builder.ChannelsFirst(activation)
            : activation;

    /// <summary>The whole network, up to its outputs, to be looked at only; null where it cannot be followed so far.</summary>
    public static ShapedModel? Whole(VisionModel model, long[] inputDims)
    {
        try
        {
            var builder = NewBuilder(model);
            return Into(builder, model, builder.Input("image", ElementType.Float, inputDims), model.Graph.Outputs, asks: false);
        }
        catch (OnnxVizException e) when (e.Fault == Fault.Input)
        {
            return null;
        }
    }

    /// <summary>Dimensions of a layer's activation, units on axis 1, for an input of known ones.</summary>
    /// <exception cref="OnnxVizException">They are not known before the model runs.</exception>
    public static long[] DimsOf(VisionModel model, Value layer, long[] inputDims) => ShapedModels.Of(model, inputDims, layer).UnitDims(layer);

    /// <summary>Starts a graph whose input "image" is the model's picture input.</summary>
    public static ShapedModel Start(VisionModel model, long[] inputDims, params Value[] wanted) =>
        Start(NewBuilder(model), model, inputDims, wanted);

    /// <summary>Starts a graph whose input "image" is the model's picture input, in a builder that is still empty; dimensions may be -1.</summary>
    public static ShapedModel Start(GraphBuilder builder, VisionModel model, long[] inputDims, params Value[] wanted)
    {
        return Into(builder, model, builder.Input("image", ElementType.Float, inputDims), wanted);
    }

    /// <summary>Continues a graph: the model sees the given value.</summary>
    /// <exception cref="OnnxVizException">The model does not take pictures of this size, or needs other inputs as well.</exception>
    public static ShapedModel Into(GraphBuilder builder, VisionModel model, Value input, params Value[] wanted) =>
        Into(builder, model, input, wanted, asks: true);

    /// <summary>The same with values in place of layers.</summary>
    /// <param name="builder">Receives the nodes.</param>
    /// <param name="model">The network.</param>
    /// <param name="input">What it sees.</param>
    /// <param name="replaced">For each layer what stands for it, in the layout that it has.</param>
    /// <param name="wanted">What has to be computed.</param>
    internal static ShapedModel Into(
        GraphBuilder builder, VisionModel model, Value input, IReadOnlyDictionary<Value, Value> replaced, params Value[] wanted) =>
        Into(builder, model, input, wanted, asks: true, replaced);

    private static ShapedModel Into(
        GraphBuilder builder, VisionModel model, Value input, IEnumerable<Value> wanted, bool asks, IReadOnlyDictionary<Value, Value>? replaced = null)
    {
        using var phase = Profiler.Phase("fit the model to its input");
        var declared = model.Input.Dims!;
        // The number of pictures is the caller's affair: a batch of one that an exporter wrote down is rarely meant.
        if (declared.Length != input.Dims!.Length || declared.Zip(input.Dims).Skip(1).Any(d => d.First > 0 && d.First != d.Second))
        {
            throw OnnxVizException.Input(
                $"{model.Name} takes an input of [{Shapes.Text(declared)}], not [{Shapes.Text(input.Dims)}].");
        }

        var fed = Fed(builder, model, input, replaced);
        Value[] cut = [.. wanted];
        // Of other domains' operators nothing is known here, but ONNX Runtime runs its own.
        var keeps = !asks || model.Graph.NodesFor(cut).TrueForAll(n => n.Domain is "" or "com.microsoft" or "ai.onnx.ml");
        var map = PartOf(model, input.Dims!, cut) is { } rows && rows != input.Dims![0]
            ? builder.InlineInParts(model.Graph, model.Input, fed, cut, rows, keeps)
            : builder.Inline(model.Graph, fed, cut, keeps);
        ShapedModels.Count(model);
        if (input.HasStaticShape) CheckDemand(model, input, builder.Graph);
        CheckMemory(map.Values);
        foreach (var value in cut.Where(v => asks && input.HasStaticShape && !map[v].HasStaticShape))
        {
            var asked = ShapedModels.Asked(model, input.Dims!, value, () => Asked(model, input.Dims!, (b, x) => Into(b, model, x, [value], asks: false)[value]));
            if (asked is var (type, dims)) (map[value].Type, map[value].Dims) = (type, dims);
        }

        return new ShapedModel(builder, model, input, map, cut);
    }

    /// <summary>How many pictures one copy of the network takes, where the graph holds their number; null for any number.</summary>
    /// <param name="model">The network.</param>
    /// <param name="inputDims">Of its input; their number of rows is of no effect.</param>
    /// <param name="wanted">What is computed of it.</param>
    internal static int? RowsOf(VisionModel model, long[] inputDims, params Value[] wanted) =>
        ShapedModels.RowsOf(model, inputDims, wanted, () => BakedBatch.Of(
            model.Graph, model.Input, wanted, rows => Copied(model, [rows, .. inputDims[1..]], wanted),
            (rows, value) => Asked(model, [rows, .. inputDims[1..]], (b, x) => b.Inline(model.Graph, Fed(b, model, x, null), [value], keepPrivate: true)[value])?.Dims));

    /// <summary>The same for a batch that may be spared the question: a single picture fits nearly everywhere.</summary>
    private static int? PartOf(VisionModel model, long[] inputDims, Value[] wanted) =>
        inputDims[0] < 1 || (inputDims[0] == 1 && !BakedBatch.MayBeSeveral(model.Graph, model.Input, wanted)) ? null : RowsOf(model, inputDims, wanted);

    private static IReadOnlyDictionary<Value, Value>? Copied(VisionModel model, long[] inputDims, Value[] wanted)
    {
        var builder = NewBuilder(model);
        try
        {
            ShapedModels.Count(model);
            var input = builder.Input("image", ElementType.Float, inputDims);
            return builder.Inline(model.Graph, Fed(builder, model, input, null), wanted, keepPrivate: true);
        }
        catch (OnnxVizException e) when (e.Fault == Fault.Input)
        {
            return null;
        }
    }

    /// <summary>What cannot be inferred is asked of ONNX Runtime: one run at that size.</summary>
    /// <param name="model">The network.</param>
    /// <param name="inputDims">Of its input.</param>
    /// <param name="emit">Emits the network up to the value whose type and dimensions are asked for.</param>
    private static (ElementType Type, long[] Dims)? Asked(VisionModel model, long[] inputDims, Func<GraphBuilder, Value, Value> emit)
    {
        try
        {
            var builder = NewBuilder(model);
            var output = builder.Output("wanted", emit(builder, builder.Input("image", ElementType.Float, inputDims)));
            if (output.Type == ElementType.Undefined) output.Type = ElementType.Float;
            var random = new CounterRandom(0, 0);
            var numbers = new float[Shapes.Count(inputDims)];
            for (var i = 0; i < numbers.Length; i++) numbers[i] = (float)random.Uniform();
            using var session = new Session(builder.Build(), RuntimeOptions.Default);
            var found = session.Run(new Dictionary<string, Tensor> { ["image"] = Tensor.Of(numbers, inputDims) })["wanted"];
            return (found.Type, found.Dims);
        }
        catch (OnnxVizException e) when (e.Fault == Fault.Input)
        {
            return null;
        }
    }

    /// <summary>What stands for all inputs that are known.</summary>
    private static Dictionary<Value, Value> Fed(GraphBuilder builder, VisionModel model, Value input, IReadOnlyDictionary<Value, Value>? replaced)
    {
        var fed = new Dictionary<Value, Value>(replaced ?? new Dictionary<Value, Value>()) { [model.Input] = Fed(builder, model, input) };
        foreach (var (other, tensor) in model.OtherInputs) fed.TryAdd(other, builder.Constant(tensor, other.Name));
        return fed;
    }

    /// <summary>What the model's input is given: bytes and other integers as floats, so that there is a gradient.</summary>
    internal static Value Fed(GraphBuilder builder, VisionModel model, Value input) =>
        model.Input.Type == ElementType.Float || model.Input.Type.Whole() is not null ? HeldIntegers.Of(input, model.Input.Type) : builder.Cast(input, model.Input.Type);

    /// <summary>A network that makes gigabytes of a small picture is not one that was trained: whatever it does so with, its sizes are the file's.</summary>
    private static void CheckDemand(VisionModel model, Value input, Graph graph)
    {
        var need = MemoryNeed.Of(graph);
        if (need > AnyNetwork + (PerInputByte * Bytes(input)))
            throw OnnxVizException.Input($"{model.Name} asks for {need / 1e9:0.0} GB of memory for an input of [{Shapes.Text(input.Dims)}], as no network does that was trained.");
    }

    /// <summary>A tensor that the machine cannot even hold beside its gradient ends the process when it is allocated.</summary>
    private static void CheckMemory(IEnumerable<Value> values)
    {
        var largest = values.Where(v => v.HasStaticShape).MaxBy(v => Bytes(v));
        var there = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (largest is not null && 2 * Bytes(largest) > there)
        {
            throw OnnxVizException.Machine(
                $"'{largest.Name}' alone, [{Shapes.Text(largest.Dims)}], would take {Bytes(largest) / 1e9:0.#} GB of this machine's {there / 1e9:0.#} GB; use a smaller size of the picture.",
                argument: "Size");
        }
    }

    /// <summary>Nothing else moves channels behind, unless the picture itself has them there.</summary>
    private static bool MayHaveChannelsLast(VisionModel model, Value activation) =>
        activation.Rank is >= 3 and <= 5 && (model.Conventions.ChannelsLast || model.Graph.Nodes.Exists(n => n.OpType == "Transpose"));

    private static double Bytes(Value value) => value.Dims!.Aggregate((double)sizeof(float), (product, d) => product * d);

    /// <summary>A builder whose opset suits the model's operators.</summary>
    public static GraphBuilder NewBuilder(VisionModel model) => NeedsNewest(model.Graph) ? new GraphBuilder("onnxviz", NewestOpset, model.Graph.Domains) : NewBuilder(model, PreparedOpset);

    /// <param name="model">The network.</param>
    /// <param name="highest">The opset is not higher than this.</param>
    public static GraphBuilder NewBuilder(VisionModel model, int highest) =>
        new("onnxviz", Math.Clamp(model.Graph.Opset, Graph.EmittedOpset, highest), model.Graph.Domains);

    /// <summary>Standard operators have quantised numbers of 16 bits since opset 21, other domains' had them before.</summary>
    private static bool NeedsNewest(Graph graph) =>
        graph.Nodes.Exists(n => n.Subgraphs.Any(NeedsNewest)
            || (n.OpType == "QuantizeLinear" && (n.Input(2)?.Type ?? (ElementType)n.Int("output_dtype", 0)) is ElementType.Int16 or ElementType.UInt16));
}
