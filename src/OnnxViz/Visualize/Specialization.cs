using OnnxViz.Graphs;

namespace OnnxViz.Visualize;

/// <summary>A model inlined into a builder behind an input of a known size, cut at what is wanted.</summary>
public sealed class Specialization
{
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
    public static Specialization Start(VisionModel model, long[] inputDims, params Value[] wanted)
    {
        var builder = NewBuilder(model);
        return Into(builder, model, builder.Input("image", ElementType.Float, inputDims), wanted);
    }

    /// <summary>Continues a graph: the model sees the given value.</summary>
    /// <exception cref="OnnxVizException">The model does not take pictures of this size, or needs other inputs as well.</exception>
    public static Specialization Into(GraphBuilder builder, VisionModel model, Value input, params Value[] wanted)
    {
        var declared = model.Input.Dims!;
        if (declared.Zip(input.StaticDims()).Any(d => d.First > 0 && d.First != d.Second && d.First != declared[0]))
        {
            throw OnnxVizException.Input(
                $"{model.Name} takes an input of [{Shapes.Text(declared)}], not [{Shapes.Text(input.Dims)}].");
        }

        var fed = model.Input.Type == ElementType.UInt8 ? builder.Cast(input, ElementType.UInt8) : input;
        var map = builder.Inline(model.Graph, new Dictionary<Value, Value> { [model.Input] = fed }, wanted);
        return new Specialization(builder, input, map);
    }

    /// <summary>A builder whose opset suits the model's operators.</summary>
    public static GraphBuilder NewBuilder(VisionModel model) =>
        new("onnxviz", Math.Clamp(model.Graph.Opset, GraphBuilder.EmittedOpset, 21));
}
