using OnnxViz.Autodiff;
using OnnxViz.Graphs;

namespace OnnxViz.Visualize;

/// <summary>
/// A layer in a builder and the way back from it to the model's input. Both come from a prepared graph where there is
/// one and from the compiler where not; what is emitted is the same, so are the numbers.
/// </summary>
internal sealed class LayerGradient
{
    private readonly GraphBuilder _builder;
    private readonly GradientRules _rules;
    private readonly Value _layer;
    private readonly Func<Value, Value> _back;

    private LayerGradient(GraphBuilder builder, GradientRules rules, Value layer, Value activation, Func<Value, Value> back) =>
        (_builder, _rules, _layer, Activation, _back) = (builder, rules, layer, activation, back);

    /// <summary>With its units on axis 1, wherever the model has them.</summary>
    public Value Activation { get; }

    /// <param name="builder">Receives the nodes.</param>
    /// <param name="model">The network.</param>
    /// <param name="input">What the model sees, of a known size.</param>
    /// <param name="layer">A value of the model's graph.</param>
    /// <param name="rules">How the gradient is taken.</param>
    public static LayerGradient Of(GraphBuilder builder, VisionModel model, Value input, Value layer, GradientRules rules)
    {
        if (model.Prepared?.Gradient(layer.Name, rules.Name) is { } graph && Takes(graph, input)) return Prepared(builder, model, graph, input, layer, rules);
        var forward = Specialization.Into(builder, model, input, layer);
        var activation = forward[layer];
        return new LayerGradient(
            builder, rules, activation, forward.Units(layer), seed => Backpropagation.Gradients(builder, new Dictionary<Value, Value> { [activation] = seed }, [input], rules)[0]);
    }

    /// <summary>d score / d input of a score that depends on the activation, one for each row.</summary>
    /// <exception cref="OnnxVizException">An operator on the way has no gradient, or the score does not depend on the input.</exception>
    public Value ToInput(Score score)
    {
        var one = _builder.Expand(_builder.Scalar(1), score.Value.StaticDims());
        return _back(Backpropagation.Gradients(
            _builder, new Dictionary<Value, Value> { [score.Value] = one }, [_layer], _rules, score.Constants)[0]);
    }

    /// <summary>The same from d score / d activation, units on axis 1.</summary>
    public Value ToInput(Value seed) => _back(Activation == _layer ? seed : _builder.Transpose(seed, 0, 2, 3, 1));

    private static LayerGradient Prepared(GraphBuilder builder, VisionModel model, Graph graph, Value input, Value layer, GradientRules rules)
    {
        var (image, seed) = (graph.Inputs[0], graph.Inputs[1]);
        var (activation, gradient) = (graph.Outputs[0], graph.Outputs[1]);
        var forward = builder.Inline(graph, new Dictionary<Value, Value> { [image] = input }, [activation]);
        var units = Specialization.Units(builder, model, input.Dims!, layer, forward[activation]);
        return new LayerGradient(
            builder, rules, forward[activation], units, given => builder.Inline(graph, new Dictionary<Value, Value>(forward) { [seed] = given }, [gradient])[gradient]);
    }

    /// <summary>A graph that was prepared for one size serves no other.</summary>
    private static bool Takes(Graph graph, Value input) => graph.Inputs[0].Dims!.Zip(input.Dims!).All(d => d.First < 0 || d.First == d.Second);
}
