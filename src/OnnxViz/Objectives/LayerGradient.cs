using OnnxViz.Autodiff;
using OnnxViz.Graphs.Opsets;

namespace OnnxViz.Objectives;

/// <summary>
/// A layer in a builder and the way back from it to the model's input. Both come from a prepared graph where there is
/// one and from the compiler where not; what is emitted is the same, so are the numbers.
/// </summary>
internal sealed class LayerGradient
{
    private readonly GraphBuilder _builder;
    private readonly IReadOnlyDictionary<Value, Value> _raw;
    private readonly Func<Dictionary<Value, Value>, Value> _back;

    /// <param name="builder">Holds the nodes.</param>
    /// <param name="raw">For each layer its activation as the model has it.</param>
    /// <param name="units">For each layer its activation with the units on axis 1.</param>
    /// <param name="back">From the gradient of each layer's activation to that of the input.</param>
    private LayerGradient(
        GraphBuilder builder, IReadOnlyDictionary<Value, Value> raw, IReadOnlyDictionary<Value, Value> units, Func<Dictionary<Value, Value>, Value> back) =>
        (_builder, _raw, Activations, _back) = (builder, raw, units, back);

    /// <summary>For each layer what it holds, with its units on axis 1, wherever the model has them.</summary>
    public IReadOnlyDictionary<Value, Value> Activations { get; }

    /// <summary>The activation of the one layer, units on axis 1.</summary>
    public Value Activation => Activations.Values.Single();

    /// <param name="builder">Receives the nodes.</param>
    /// <param name="model">The network.</param>
    /// <param name="input">What the model sees, of a known size.</param>
    /// <param name="layer">A value of the model's graph.</param>
    /// <param name="rules">How the gradient is taken.</param>
    public static LayerGradient Of(GraphBuilder builder, VisionModel model, Value input, Value layer, GradientRules rules) =>
        Of(builder, model, input, [layer], rules);

    /// <summary>Several layers, one of which may lie before another, and the way back from all of them.</summary>
    public static LayerGradient Of(GraphBuilder builder, VisionModel model, Value input, IReadOnlyList<Value> layers, GradientRules rules)
    {
        if (layers is [var only] && model.Prepared?.Gradient(only.Name, rules.Name) is { } graph && Takes(graph, input))
            return Prepared(builder, model, graph, input, only);
        var forward = ShapedModel.Into(builder, model, input, [.. layers]);
        return new LayerGradient(
            builder, layers.ToDictionary(l => l, l => forward[l]), layers.ToDictionary(l => l, forward.Units),
            seeds => Backpropagation.Gradients(builder, seeds.ToDictionary(s => forward[s.Key], s => s.Value), [input], rules)[0]);
    }

    /// <summary>d score / d input of a score that depends on the activations, one for each row.</summary>
    /// <exception cref="OnnxVizException">An operator on the way has no gradient, or the score does not depend on the input.</exception>
    public Value ToInput(Score score)
    {
        var one = new Dictionary<Value, Value> { [score.Value] = _builder.Expand(_builder.Scalar(1), score.Value.StaticDims()) };
        return _back(_raw.ToDictionary(r => r.Key, r => Backpropagation.Gradients(
            _builder, one, [r.Value], GradientRules.Default, Others(score, r.Value))[0]));
    }

    /// <summary>d score / d input from d score / d activation of the one layer, units on axis 1.</summary>
    public Value ToInput(Value seed)
    {
        var (layer, raw) = _raw.Single();
        return _back(new() { [layer] = Activation == raw ? seed : _builder.ChannelsLast(seed) });
    }

    /// <summary>What one layer does to another comes in on the way back to the input: here each counts by itself.</summary>
    private HashSet<Value> Others(Score score, Value layer) => [.. score.Constants, .. _raw.Values.Where(v => v != layer)];

    private static LayerGradient Prepared(GraphBuilder builder, VisionModel model, Graph graph, Value input, Value layer)
    {
        var (image, seed) = (graph.Inputs[0], graph.Inputs[1]);
        var (activation, gradient) = (graph.Outputs[0], graph.Outputs[1]);
        var forward = builder.Inline(graph, new Dictionary<Value, Value> { [image] = input }, [activation]);
        var units = ShapedModel.Units(builder, model, input.Dims!, layer, forward[activation]);
        return new LayerGradient(
            builder, new Dictionary<Value, Value> { [layer] = forward[activation] }, new Dictionary<Value, Value> { [layer] = units },
            given => builder.Inline(graph, new Dictionary<Value, Value>(forward) { [seed] = given[layer] }, [gradient])[gradient]);
    }

    /// <summary>A graph that was prepared for one size serves no other.</summary>
    private static bool Takes(Graph graph, Value input) => graph.Inputs[0].Dims!.Zip(input.Dims!).All(d => d.First < 0 || d.First == d.Second);
}
