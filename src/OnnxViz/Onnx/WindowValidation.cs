using OnnxViz.Graphs.Inference;

namespace OnnxViz.Onnx;

/// <summary>Checks convolutions and pools: the attributes that describe a window must fit together and to the weight.</summary>
internal static class WindowValidation
{
    /// <summary>No window, step or padding is larger; products of two of them fit into 32 bits.</summary>
    public const int Largest = 32767;

    /// <param name="node">An operator that moves a window.</param>
    /// <exception cref="OnnxVizException">The message names the node and what is wrong.</exception>
    public static void Check(Node node)
    {
        if (node.Is(OperatorNature.Linear)) CheckConvolution(node);
        else CheckPool(node);
    }

    /// <summary>Weights are [M, C/group, k...], of ConvTranspose [C, M/group, k...], biases [M].</summary>
    private static void CheckConvolution(Node node)
    {
        var group = node.Int("group", 1);
        if (group is < 1 or > int.MaxValue) throw OnnxVizException.Input($"{node}: its group is {group}, it must be at least 1.");
        var weight = node.Required(node.Traits.Weights[0]);
        var spatial = weight.Dims is { } dims ? dims.Length - 2 : SpatialRank(node);
        if (spatial is < 1) throw OnnxVizException.Input($"{node}: its weight '{weight.Name}' is [{Shapes.Text(weight.Dims)}], it must have at least three dimensions.");
        CheckWindow(node, spatial);
        if (weight.Dims is { Length: > 2 } shape && ConvShapes.Misfit(node, shape, group) is { } misfit) throw OnnxVizException.Input($"{node}: {misfit}.");
    }

    private static void CheckPool(Node node)
    {
        if (node.Ints("kernel_shape") is not { Length: > 0 }) throw OnnxVizException.Input($"{node}: it has no kernel_shape.");
        CheckWindow(node, SpatialRank(node));
    }

    /// <summary>Dimensions behind batch and channel, as far as the input or the window tell; else null.</summary>
    private static int? SpatialRank(Node node) =>
        (node.Input(0)?.Dims?.Length ?? node.Ints("kernel_shape")?.Length + 2) - 2;

    private static void CheckWindow(Node node, int? spatial)
    {
        if (node.Input(0)?.Dims is { } input && spatial is { } rank && (rank < 1 || input.Length != rank + 2))
            throw OnnxVizException.Input($"{node}: its input '{node.Input(0)!.Name}' is [{Shapes.Text(input)}], it must have {Math.Max(rank, 1) + 2} dimensions.");
        CheckNumbers(node, "kernel_shape", spatial, 1);
        CheckNumbers(node, "strides", spatial, 1);
        CheckNumbers(node, "dilations", spatial, 1);
        CheckNumbers(node, "pads", spatial * 2, 0);
        CheckNumbers(node, "output_padding", spatial, 0);
    }

    private static void CheckNumbers(Node node, string attribute, int? count, long least)
    {
        if (node.Ints(attribute) is not { } numbers) return;
        var text = string.Join(',', numbers.Take(16));
        if (count is { } wanted && numbers.Length != wanted)
            throw OnnxVizException.Input($"{node}: its {attribute} [{text}] has {numbers.Length} numbers, it must have {wanted}.");
        if (numbers.Any(n => n < least || n > Largest))
            throw OnnxVizException.Input($"{node}: its {attribute} [{text}] must be from {least} to {Largest}.");
    }
}
