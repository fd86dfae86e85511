
namespace OnnxViz.Graphs;

/// <summary>What can be said of an operator without its attributes and inputs. An operator may have several of these.</summary>
[Flags]
internal enum OperatorNature
{
    None = 0,

    /// <summary>Each element of the output depends on one element of each input, by the same function everywhere.</summary>
    Elementwise = 1 << 0,

    /// <summary>All inputs are data and are broadcast against each other.</summary>
    Broadcasts = 1 << 1,

    /// <summary>The output is bool, whatever the inputs are.</summary>
    Logical = 1 << 2,

    /// <summary>Each position of the output [N, C, spatial] depends on that position of the input only: on its channels, or by its channel's function.</summary>
    PerPosition = 1 << 3,

    /// <summary>The nonlinear function that networks have behind a layer with weights, as one operator.</summary>
    Activation = 1 << 4,

    /// <summary>An activation that passes what is large and dampens or blocks what is negative: the variants of backpropagation replace its derivative.</summary>
    ReluLike = 1 << 5,

    /// <summary>Several pieces meet, where the function or one of its first two derivatives jumps.</summary>
    Kinked = 1 << 6,

    /// <summary>A window moves over the spatial axes, described by kernel_shape, strides, dilations, pads and auto_pad.</summary>
    Window = 1 << 7,

    /// <summary>A window that takes the largest element, the mean or a norm of what it sees.</summary>
    Pool = 1 << 8,

    /// <summary>Sums of products of the data with a weight.</summary>
    Linear = 1 << 9,

    /// <summary>Divides by a deviation or norm and then scales each channel or feature.</summary>
    Normalization = 1 << 10,

    /// <summary>From real numbers to integers on a grid, or back.</summary>
    Quantization = 1 << 11,

    /// <summary>The output has the elements of the first input in the same row-major order, in another shape or type at most.</summary>
    KeepsValues = 1 << 12,

    /// <summary>No gradient passes: the output is an integer, a truth value, a step function, random or made from shapes alone.</summary>
    StopsGradients = 1 << 13,

    /// <summary>One number of all those along some axes, given as the attribute axes or as the second input.</summary>
    Reduction = 1 << 14,

    /// <summary>The output is a list of tensors, no tensor.</summary>
    MakesSequence = 1 << 15,
}
