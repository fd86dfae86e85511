namespace OnnxViz.Autodiff.Rules;

/// <summary>
/// What a gradient rule sees of the node it is asked about: its inputs X, its outputs Y and the gradients DY of the
/// score with respect to the outputs. It emits with the operators of <see cref="Operators"/>.
/// </summary>
public sealed class GradientContext : IEmitter
{
    private readonly Value?[] _gradients;

    internal GradientContext(GraphBuilder builder, Node node, Value?[] gradients) => (Builder, Node, _gradients) = (builder, node, gradients);

    /// <summary>Receives the nodes of the gradient.</summary>
    public GraphBuilder Builder { get; }

    /// <summary>The node whose gradient is taken; its inputs and outputs may be used as they are.</summary>
    public Node Node { get; }

    /// <summary>Gradient of the first output.</summary>
    public Value DY => _gradients[0] ?? Zeros(Y(0));

    /// <summary>Gradient of an output; null where the score does not depend on it.</summary>
    public Value? DYOrNull(int i) => i < _gradients.Length ? _gradients[i] : null;

    /// <summary>An input that the operator cannot do without.</summary>
    public Value X(int i = 0) => Node.Required(i);

    /// <summary>An output.</summary>
    public Value Y(int i = 0) => Node.Outputs[i];

    /// <summary>Whether an input is given.</summary>
    public bool Has(int input) => Node.Input(input) is not null;

    /// <summary>The number of channels, which no graph leaves open.</summary>
    public long Channels => X().Dims is [_, >= 0 and var channels, ..] ? channels : X().StaticDims()[1];

    /// <summary>A number of the type that the node computes in.</summary>
    public Value Scalar(float value) => this.Scalar(value, Y().Type);

    /// <summary>The contents of an input that has to be known when the gradient is compiled.</summary>
    public Tensor ConstantInput(int i) => X(i).Constant
        ?? throw OnnxVizException.OfModel($"The gradient of {Node} needs input {i} ('{X(i).Name}') to be a constant, but it is computed from the image.");

    /// <summary>The value in the shape of another of the same number of elements.</summary>
    public Value ReshapeLike(Value value, Value like) => this.Emit("Reshape", [value, this.Shape(like)]);

    /// <summary>The value broadcast to the shape of another.</summary>
    public Value ExpandLike(Value value, Value like) => this.Emit("Expand", [value, this.Shape(like)]);

    /// <summary>Zeros in the shape and type of a value.</summary>
    public Value Zeros(Value like) => ExpandLike(this.Scalar(0, like.Type), like);

    /// <summary>The value where the condition holds, zero elsewhere.</summary>
    public Value WhereOrZero(Value condition, Value value) => this.Where(condition, value, this.Scalar(0, value.Type));
}
