using OnnxViz.Autodiff.Rules;

namespace OnnxViz.Autodiff;

/// <summary>
/// Gives, for the node in the context, the gradient of each input: null where there is none. A gradient may still have
/// the shape that broadcasting gave its input.
/// </summary>
public delegate Value?[] GradientRule(GradientContext g);

/// <summary>
/// A table from operator to gradient, and a rule for everything that acts as a ReLU does: the variants of
/// backpropagation are that rule.
/// </summary>
public sealed class GradientRules
{
    private readonly IReadOnlyDictionary<string, GradientRule> _rows;
    private readonly ReluLikeRule? _reluLikes;

    private GradientRules(string name, IReadOnlyDictionary<string, GradientRule> rows, ReluLikeRule? reluLikes = null) =>
        (Name, _rows, _reluLikes) = (name, rows, reluLikes);

    /// <summary>The derivative as it is.</summary>
    public static GradientRules Default { get; } = new("default", DefaultRules.Rows);

    /// <summary>Guided backpropagation: activations pass only positive gradients (Springenberg et al. 2014).</summary>
    public static GradientRules Guided { get; } = new("guided", DefaultRules.Rows, ReluLikeRules.Guided);

    /// <summary>Deconvnet: activations rectify the gradient and forget their own input (Zeiler and Fergus 2013).</summary>
    public static GradientRules Deconv { get; } = new("deconv", DefaultRules.Rows, ReluLikeRules.Deconv);

    /// <summary>
    /// Where an activation blocks the gradient of a whole image, what would push its inputs back into the active
    /// range passes instead (Lucid's redirected ReLU); the score is taken as one to be raised.
    /// </summary>
    public static GradientRules Redirected { get; } = new("redirected", DefaultRules.Rows, ReluLikeRules.Redirected);

    /// <summary>Such as "default", "guided".</summary>
    public string Name { get; }

    /// <summary>The operators that have a rule.</summary>
    public IEnumerable<string> Operators => _rows.Keys;

    /// <summary>The operators at which gradients end by definition.</summary>
    internal static IEnumerable<string> Stopping => OperatorTraits.All.Where(o => o.Is(OperatorNature.StopsGradients)).Select(o => o.Name).Order(StringComparer.Ordinal);

    /// <summary>Whether an operator is a ReLU for the variants wherever it stands; others are where they do what one does.</summary>
    internal static bool IsReluLike(string op) => op == Activations.Silu || OperatorTraits.Of(op).Is(OperatorNature.ReluLike);

    /// <summary>This table with some rows added or replaced.</summary>
    /// <param name="name">Name of the new table.</param>
    /// <param name="rows">Rules by the operator of the ONNX standard, such as "Conv".</param>
    public GradientRules With(string name, IReadOnlyDictionary<string, GradientRule> rows)
    {
        var merged = new Dictionary<string, GradientRule>(_rows);
        foreach (var (op, rule) in rows) merged[op] = rule;
        return new GradientRules(name, merged, _reluLikes);
    }

    /// <summary>The derivative's rule for a node; null where there is none.</summary>
    internal GradientRule? Find(Node node, IReadOnlySet<Value>? onPath = null) =>
        node.Domain.Length == 0 ? _rows.GetValueOrDefault(Activations.KeyOf(node, onPath)) : null;

    /// <summary>Whether no gradient flows through this input, whatever the rule says.</summary>
    internal static bool Stops(Node node, int input) => node.Traits.Stops(input);

    /// <param name="node">The node that a gradient has arrived at.</param>
    /// <param name="opset">The graph's, for the error.</param>
    /// <param name="onPath">The values that the targets influence.</param>
    /// <param name="relu">Where the node is a max pool: the ReLU whose values it alone reads, if there is one.</param>
    /// <returns>The rule, and the values that it gives gradients of: the node's inputs, or an activation's.</returns>
    /// <exception cref="OnnxVizException">The operator has no rule.</exception>
    internal (GradientRule Rule, Value?[] Inputs) For(Node node, int opset, IReadOnlySet<Value> onPath, Node? relu = null)
    {
        if (relu is not null && _rows.GetValueOrDefault("Relu") == DefaultRules.Rows["Relu"] && ReluLikeRules.BehindPool(_reluLikes, node) is { } behind && Find(node, onPath) is { } pool)
            return (g => pool(new GradientContext(g.Builder, node, [behind(g)])), relu.Inputs);
        // An activation with a target inside is taken node by node.
        if (_reluLikes is not null && ReluLike.Of(node) is { } reluLike && onPath.Contains(reluLike.X))
            return (g => [_reluLikes(g, reluLike)], [reluLike.X]);
        return Find(node, onPath) is { } rule
            ? (rule, node.Inputs)
            : throw OnnxVizException.OfModel(
                $"No gradient rule for '{(node.Domain.Length > 0 ? node.Domain + "." : "")}{node.OpType}' (node '{node.Name}', opset {opset}), on the path from the image to the score. Explain a layer before it, or export the model with standard operators.", argument: nameof(GradientRules));
    }
}
