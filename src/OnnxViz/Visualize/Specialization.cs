using OnnxViz.Graphs;

namespace OnnxViz.Visualize;

/// <summary>A model inlined into a builder behind an input of a known size, cut at what is wanted.</summary>
public sealed class Specialization
{
    /// <summary>Highest opset of graphs that are prepared for any runtime, and so of all others: equal graphs, equal numbers.</summary>
    internal const int PreparedOpset = 20;

    private const int NewestOpset = 21;

    private readonly IReadOnlyDictionary<Value, Value> _map;

    private Specialization(GraphBuilder builder, Value input, IReadOnlyDictionary<Value, Value> map) =>
        (Builder, Input, _map) = (builder, input, map);

    public GraphBuilder Builder { get; }

    /// <summary>What stands for the model's picture input.</summary>
    public Value Input { get; }

    /// <summary>For every copied value of the model its counterpart.</summary>
    public IReadOnlyDictionary<Value, Value> Counterparts => _map;

    /// <summary>The counterpart of a value of the model that was wanted.</summary>
    public Value this[Value original] => _map[original];

    /// <summary>Starts a graph whose input "image" is the model's picture input.</summary>
    public static Specialization Start(VisionModel model, long[] inputDims, params Value[] wanted) =>
        Start(NewBuilder(model), model, inputDims, wanted);

    /// <summary>The same in a builder that is still empty; dimensions may be open.</summary>
    public static Specialization Start(GraphBuilder builder, VisionModel model, long[] inputDims, params Value[] wanted)
    {
        return Into(builder, model, builder.Input("image", ElementType.Float, inputDims), wanted);
    }

    /// <summary>Continues a graph: the model sees the given value.</summary>
    /// <exception cref="OnnxVizException">The model does not take pictures of this size, or needs other inputs as well.</exception>
    public static Specialization Into(GraphBuilder builder, VisionModel model, Value input, params Value[] wanted)
    {
        var declared = model.Input.Dims!;
        if (declared.Zip(input.Dims!).Any(d => d.First > 0 && d.First != d.Second && d.First != declared[0]))
        {
            throw OnnxVizException.Input(
                $"{model.Name} takes an input of [{Shapes.Text(declared)}], not [{Shapes.Text(input.Dims)}].");
        }

        // Where bytes are made floats first of all, floats are as good, and there is a gradient.
        var fed = model.Input.Type == ElementType.UInt8 && !IsMadeFloat(model) ? builder.Cast(input, ElementType.UInt8) : input;
        var map = builder.Inline(model.Graph, new Dictionary<Value, Value> { [model.Input] = fed }, wanted);
        CheckMemory(map.Values);
        return new Specialization(builder, input, map);
    }

    /// <summary>A tensor that the machine cannot even hold beside its gradient ends the process when it is allocated.</summary>
    private static void CheckMemory(IEnumerable<Value> values)
    {
        var largest = values.Where(v => v.HasStaticShape).MaxBy(v => Bytes(v));
        var there = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (largest is not null && 2 * Bytes(largest) > there)
        {
            throw OnnxVizException.Machine(
                $"'{largest.Name}' alone, [{Shapes.Text(largest.Dims)}], would take {Bytes(largest) / 1e9:0.#} GB of this machine's {there / 1e9:0.#} GB; use a smaller --size.");
        }
    }

    private static double Bytes(Value value) => value.Dims!.Aggregate((double)sizeof(float), (product, d) => product * d);

    private static bool IsMadeFloat(VisionModel model) => model.Graph.Nodes.FindAll(n => n.Inputs.Contains(model.Input))
        .TrueForAll(n => n.OpType == "Cast" && n.Attributes.GetValueOrDefault("to") is (long)ElementType.Float) && !model.Graph.Outputs.Contains(model.Input);

    /// <summary>A builder whose opset suits the model's operators.</summary>
    public static GraphBuilder NewBuilder(VisionModel model) => NewBuilder(model, NeedsNewest(model.Graph) ? NewestOpset : PreparedOpset);

    /// <param name="model">The network.</param>
    /// <param name="highest">The opset is not higher than this.</param>
    public static GraphBuilder NewBuilder(VisionModel model, int highest) =>
        new("onnxviz", Math.Clamp(model.Graph.Opset, GraphBuilder.EmittedOpset, highest));

    /// <summary>Quantised numbers of 16 and 4 bits came with opset 21; whatever else it says can be said in older words.</summary>
    private static bool NeedsNewest(Graph graph) => graph.Opset >= NewestOpset
        && graph.Nodes.Exists(n => n.OpType is "QuantizeLinear" or "DequantizeLinear" && !Array.TrueForAll(n.Inputs, IsOld));

    private static bool IsOld(Value? value) => value is null || value.Type.IsFloating() || value.Type is ElementType.Int8 or ElementType.UInt8 or ElementType.Int32;
}
