namespace OnnxViz.Graphs;

/// <summary>Multiply-accumulates of convolutions and matrix products, as torchvision and fvcore count them.</summary>
internal static class MultiplyAdds
{
    /// <summary>The operators that have any.</summary>
    public static bool Has(string op) => op is "Conv" or "ConvTranspose" or "Gemm" or "MatMul";

    /// <summary>0 for an operator that has none, null where the shapes are not known.</summary>
    /// <param name="node">The operator.</param>
    /// <param name="dims">The shape of one of its values.</param>
    public static long? Of(Node node, Func<Value, long[]?> dims) => Has(node.OpType)
        ? Of(node.OpType, dims(node.Required(0)), dims(node.Required(1)), dims(node.Outputs[0]), node.Int("transA", 0) != 0)
        : 0;

    /// <param name="op">One that <see cref="Has"/> some.</param>
    /// <param name="first">Shape of its first input.</param>
    /// <param name="second">Shape of its second input, the weight of a convolution.</param>
    /// <param name="output">Shape of its output.</param>
    /// <param name="isTransposed">Whether a matrix product takes its first input transposed.</param>
    public static long? Of(string op, long[]? first, long[]? second, long[]? output, bool isTransposed = false) => op switch
    {
        // The weight is [out, in / group, kernel..]: that many products for each output element.
        "Conv" => Count(output) * Count(second?[1..]),
        // The weight is [in, out / group, kernel..]: each input element goes to that many places.
        "ConvTranspose" => Count(first) * Count(second?[1..]),
        _ => Count(output) * Known(first?[isTransposed ? ^2 : ^1]),
    };

    private static long? Count(long[]? dims) => Shapes.IsStatic(dims) ? Shapes.Count(dims) : null;

    private static long? Known(long? dim) => dim >= 0 ? dim : null;
}
