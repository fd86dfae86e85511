using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;

namespace OnnxViz.Autodiff.Rules;

/// <summary>
/// What a gradient rule sees of the node it is asked about: its inputs X, its outputs Y and the gradients DY of the
/// score with respect to the outputs. It emits with the operators of <see cref="Operators"/>.
/// </summary>
public sealed class GradientContext(GraphBuilder builder, Node node, Value?[] gradients) : IEmitter
{
    public GraphBuilder Builder { get; } = builder;

    public Node Node { get; } = node;

    /// <summary>Gradient of the first output.</summary>
    public Value DY => gradients[0] ?? Zeros(Y(0));

    /// <summary>Gradient of an output; null where the score does not depend on it.</summary>
    public Value? DYOrNull(int i) => i < gradients.Length ? gradients[i] : null;

    public Value X(int i = 0) => Node.Required(i);

    public Value Y(int i = 0) => Node.Outputs[i];

    public bool Has(int input) => Node.Input(input) is not null;

    /// <summary>The number of channels, which no graph leaves open.</summary>
    public long Channels => X().Dims is [_, >= 0 and var channels, ..] ? channels : X().StaticDims()[1];

    /// <summary>A number of the type that the node computes in.</summary>
    public Value Scalar(float value) => this.Scalar(value, Y().Type);

    /// <summary>The contents of an input that has to be known when the gradient is compiled.</summary>
    public Tensor ConstantInput(int i) => X(i).Constant
        ?? throw OnnxVizException.Input($"The gradient of {Node} needs input {i} ('{X(i).Name}') to be a constant, but it is computed from the image.");

    public Value ReshapeLike(Value value, Value like) => this.Emit("Reshape", [value, this.Shape(like)]);

    public Value ExpandLike(Value value, Value like) => this.Emit("Expand", [value, this.Shape(like)]);

    public Value Zeros(Value like) => ExpandLike(this.Scalar(0, like.Type), like);

    /// <summary>The value where the condition holds, zero elsewhere.</summary>
    public Value WhereOrZero(Value condition, Value value) => this.Where(condition, value, this.Scalar(0, value.Type));
}
