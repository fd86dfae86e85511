using OnnxViz.Graphs;

namespace OnnxViz.Autodiff;

/// <summary>
/// Gives, for the node in the context, the gradient of each input: null where there is none. A gradient may still have
/// the shape that broadcasting gave its input.
/// </summary>
public delegate Value?[] GradientRule(GradientContext g);

/// <summary>A table from operator to gradient. ReLU variants are tables laid over the default one.</summary>
public sealed class GradientRules
{
    private readonly IReadOnlyDictionary<string, GradientRule> _rows;

    private GradientRules(string name, IReadOnlyDictionary<string, GradientRule> rows) => (Name, _rows) = (name, rows);

    /// <summary>The derivative as it is.</summary>
    public static GradientRules Default { get; } = new("default", DefaultRules.Rows);

    /// <summary>Guided backpropagation: activations pass only positive gradients (Springenberg et al. 2014).</summary>
    public static GradientRules Guided { get; } = Default.With("guided", ActivationRules.Guided);

    /// <summary>Deconvnet: activations rectify the gradient and forget their own input (Zeiler and Fergus 2013).</summary>
    public static GradientRules Deconv { get; } = Default.With("deconv", ActivationRules.Deconv);

    /// <summary>
    /// Where an activation blocks the gradient of a whole image, what would push its inputs back into the active
    /// range passes instead (Lucid's redirected ReLU); the score is taken as one to be raised.
    /// </summary>
    public static GradientRules Redirected { get; } = Default.With("redirected", ActivationRules.Redirected);

    public string Name { get; }

    /// <summary>The operators that have a rule.</summary>
    public IEnumerable<string> Operators => _rows.Keys;

    /// <summary>This table with some rows replaced.</summary>
    public GradientRules With(string name, IReadOnlyDictionary<string, GradientRule> rows)
    {
        var merged = new Dictionary<string, GradientRule>(_rows);
        foreach (var (op, rule) in rows) merged[op] = rule;
        return new GradientRules(name, merged);
    }

    /// <summary>Whether no gradient flows through this input, whatever the rule says.</summary>
    public static bool Stops(Node node, int input) => StopGradient.At(node, input);

    /// <exception cref="OnnxVizException">The operator has no rule.</exception>
    public GradientRule For(Node node, int opset)
    {
        var key = Activations.KeyOf(node);
        return node.Domain.Length == 0 && _rows.TryGetValue(key, out var rule)
            ? rule
            : throw OnnxVizException.Input(
                $"No gradient rule for '{(node.Domain.Length > 0 ? node.Domain + "." : "")}{node.OpType}' (node '{node.Name}', opset {opset}), on the path from the image to the score. Explain a layer before it, or export the model with standard operators.");
    }
}
