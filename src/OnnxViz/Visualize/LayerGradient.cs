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
    private readonly Func<Value, Value> _back;

    private LayerGradient(GraphBuilder builder, GradientRules rules, Value activation, Func<Value, Value> back) =>
        (_builder, _rules, Activation, _back) = (builder, rules, activation, back);

    public Value Activation { get; }

    /// <param name="builder">Receives the nodes.</param>
    /// <param name="model">The network.</param>
    /// <param name="input">What the model sees, of a known size.</param>
    /// <param name="layer">A value of the model's graph.</param>
    /// <param name="rules">How the gradient is taken.</param>
    public static LayerGradient Of(GraphBuilder builder, VisionModel model, Value input, Value layer, GradientRules rules)
    {
        if (model.Prepared?.Gradient(layer.Name, rules.Name) is { } graph && Takes(graph, input)) return Prepared(builder, graph, input, rules);
        var activation = Specialization.Into(builder, model, input, layer)[layer];
        return new LayerGradient(
            builder, rules, activation, seed => Backpropagation.Gradients(builder, new Dictionary<Value, Value> { [activation] = seed }, [input], rules)[0]);
    }

    /// <summary>d score / d input of a score that depends on the activation, one for each row.</summary>
    /// <exception cref="OnnxVizException">An operator on the way has no gradient, or the score does not depend on the input.</exception>
    public Value ToInput(Score score)
    {
        var one = _builder.Expand(_builder.Scalar(1), score.Value.StaticDims());
        return _back(Backpropagation.Gradients(
            _builder, new Dictionary<Value, Value> { [score.Value] = one }, [Activation], _rules, score.Constants)[0]);
    }

    private static LayerGradient Prepared(GraphBuilder builder, Graph graph, Value input, GradientRules rules)
    {
        var (image, seed) = (graph.Inputs[0], graph.Inputs[1]);
        var (activation, gradient) = (graph.Outputs[0], graph.Outputs[1]);
        var forward = builder.Inline(graph, new Dictionary<Value, Value> { [image] = input }, [activation]);
        return new LayerGradient(
            builder, rules, forward[activation], given => builder.Inline(graph, new Dictionary<Value, Value>(forward) { [seed] = given }, [gradient])[gradient]);
    }

    /// <summary>A graph that was prepared for one size serves no other.</summary>
    private static bool Takes(Graph graph, Value input) => graph.Inputs[0].Dims!.Zip(input.Dims!).All(d => d.First < 0 || d.First == d.Second);
}
