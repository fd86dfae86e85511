using OnnxViz.Graphs.Fields;
using OnnxViz.Graphs.Opsets;

namespace OnnxViz.Models;

/// <summary>A model inlined into a builder behind an input of a known size, cut at what is wanted.</summary>
internal sealed class ShapedModel
{
    /// <summary>Highest opset of graphs that are prepared for any runtime, and so of all others: equal graphs, equal numbers.</summary>
    internal const int PreparedOpset = 20;

    private const int NewestOpset = 21;

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

    /// <summary>What is computed on the way.</summary>
    public IReadOnlyList<Value> Activations => [.. Builder.Graph.Nodes.SelectMany(n => n.Outputs)];

    /// <summary>The counterpart of a value of the model that was wanted.</summary>
    public Value this[Value original] => _map[original];

    /// <summary>
    /// The counterpart of a layer with its units on axis 1, as everything that looks for units expects: networks that
    /// have, or here and there have, their channels last are transposed.
    /// </summary>
    public Value Units(Value layer)
    {
        var value = _map[layer];
        return HasChannelsLast(layer) ? Builder.ChannelsFirst(value) : value;
    }

    /// <summary>Dimensions of <see cref="Units(Value)"/>, without emitting anything.</summary>
    /// <exception cref="OnnxVizException">They are not known before the model runs.</exception>
    public long[] UnitDims(Value layer)
    {
        var dims = _map[layer].StaticDims();
        return HasChannelsLast(layer) ? [dims[0], dims[^1], .. dims[1..^1]] : dims;
    }

    /// <summary>Whether it would be the same of another copy of the model.</summary>
    internal bool IsOf(VisionModel model) => model.Graph == _model.Graph && model.Conventions.Axes == _model.Conventions.Axes;

    private bool HasChannelsLast(Value layer) => MayHaveChannelsLast(_model, _map[layer]) && ReceptiveFields.Of(_model.Graph, _map).HasChannelsLast(layer, _map[layer].Rank);

    /// <summary>The activation of a layer of a prepared graph with its units on axis 1: [N, C, H, W].</summary>
    internal static Value Units(GraphBuilder builder, VisionModel model, long[] inputDims, Value layer, Value activation) =>
        MayHaveChannelsLast(model, activation) && ReceptiveFields.Of(model.Graph, Shapes(model, inputDims)).HasChannelsLast(layer, activation.Rank)
            ? builder.ChannelsFirst(activation)
            : activation;

    /// <summary>The shapes of all layers for inputs of a size, as far as they can be told.</summary>
    public static IReadOnlyDictionary<Value, Value> Shapes(VisionModel model, long[] inputDims)
    {
        var builder = NewBuilder(model);
        return Into(builder, model, builder.Input("image", ElementType.Float, inputDims), model.Graph.Outputs, keepPrivate: true)._map;
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
        Into(builder, model, input, wanted, keepPrivate: false);

    /// <summary>The same with values in place of layers.</summary>
    /// <param name="builder">Receives the nodes.</param>
    /// <param name="model">The network.</param>
    /// <param name="input">What it sees.</param>
    /// <param name="replaced">For each layer what stands for it, in the layout that it has.</param>
    /// <param name="wanted">What has to be computed.</param>
    internal static ShapedModel Into(
        GraphBuilder builder, VisionModel model, Value input, IReadOnlyDictionary<Value, Value> replaced, params Value[] wanted) =>
        Into(builder, model, input, wanted, keepPrivate: false, replaced);

    private static ShapedModel Into(
        GraphBuilder builder, VisionModel model, Value input, IEnumerable<Value> wanted, bool keepPrivate, IReadOnlyDictionary<Value, Value>? replaced = null)
    {
        using var phase = Profiler.Phase("fit the model to its input");
        var declared = model.Input.Dims!;
        // The number of pictures is the caller's affair: a batch of one that an exporter wrote down is rarely meant.
        if (declared.Length != input.Dims!.Length || declared.Zip(input.Dims).Skip(1).Any(d => d.First > 0 && d.First != d.Second))
        {
            throw OnnxVizException.Input(
                $"{model.Name} takes an input of [{Graphs.Shapes.Text(declared)}], not [{Graphs.Shapes.Text(input.Dims)}].");
        }

        var fed = new Dictionary<Value, Value>(replaced ?? new Dictionary<Value, Value>()) { [model.Input] = Fed(builder, model, input) };
        ShapedModels.Count(model);
        Value[] cut = [.. wanted];
        var map = builder.Inline(model.Graph, fed, cut, keepPrivate);
        CheckMemory(map.Values);
        return new ShapedModel(builder, model, input, map, cut);
    }

    /// <summary>What the model's input is given: where integers are made floats first of all, floats are as good, and there is a gradient.</summary>
    internal static Value Fed(GraphBuilder builder, VisionModel model, Value input) =>
        model.Input.Type != ElementType.Float && !IsMadeFloat(model) ? builder.Cast(input, model.Input.Type) : input;

    /// <summary>A tensor that the machine cannot even hold beside its gradient ends the process when it is allocated.</summary>
    private static void CheckMemory(IEnumerable<Value> values)
    {
        var largest = values.Where(v => v.HasStaticShape).MaxBy(v => Bytes(v));
        var there = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (largest is not null && 2 * Bytes(largest) > there)
        {
            throw OnnxVizException.Machine(
                $"'{largest.Name}' alone, [{Graphs.Shapes.Text(largest.Dims)}], would take {Bytes(largest) / 1e9:0.#} GB of this machine's {there / 1e9:0.#} GB; use a smaller size of the picture.",
                argument: "Size");
        }
    }

    /// <summary>Nothing else moves channels behind, unless the picture itself has them there.</summary>
    private static bool MayHaveChannelsLast(VisionModel model, Value activation) =>
        activation.Rank is >= 3 and <= 5 && (model.Conventions.ChannelsLast || model.Graph.Nodes.Exists(n => n.OpType == "Transpose"));

    private static double Bytes(Value value) => value.Dims!.Aggregate((double)sizeof(float), (product, d) => product * d);

    private static bool IsMadeFloat(VisionModel model) =>
        model.Graph.Nodes.FindAll(n => n.Inputs.Contains(model.Input)).TrueForAll(MakesFloat) && !model.Graph.Outputs.Contains(model.Input);

    private static bool MakesFloat(Node node) =>
        node.OpType == "DequantizeLinear" || (node.OpType == "Cast" && node.Attributes.GetValueOrDefault("to") is (long)ElementType.Float);

    /// <summary>A builder whose opset suits the model's operators.</summary>
    public static GraphBuilder NewBuilder(VisionModel model) => NeedsNewest(model.Graph) ? new GraphBuilder("onnxviz", NewestOpset) : NewBuilder(model, PreparedOpset);

    /// <param name="model">The network.</param>
    /// <param name="highest">The opset is not higher than this.</param>
    public static GraphBuilder NewBuilder(VisionModel model, int highest) =>
        new("onnxviz", Math.Clamp(model.Graph.Opset, Graph.EmittedOpset, highest));

    /// <summary>Standard operators have quantised numbers of 16 bits since opset 21, other domains' had them before.</summary>
    private static bool NeedsNewest(Graph graph) =>
        graph.Nodes.Exists(n => n.Subgraphs.Any(NeedsNewest)
            || (n.OpType == "QuantizeLinear" && (n.Input(2)?.Type ?? (ElementType)n.Int("output_dtype", 0)) is ElementType.Int16 or ElementType.UInt16));
}
