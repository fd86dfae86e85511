namespace OnnxViz.Profiling;

/// <summary>What a node of a graph of ours is, without the graph: its weights need not be kept for it.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="Operator">Such as Conv.</param>
/// <param name="Before">The node of its first input; null for none.</param>
/// <param name="First">Shape of its first input, as far as it is known; null where the operator multiplies nothing.</param>
/// <param name="Second">Shape of its second input.</param>
/// <param name="Output">Shape of its output.</param>
/// <param name="IsTransposed">Whether a matrix product takes its first input transposed.</param>
internal sealed record NodeFacts(string Name, string Operator, NodeFacts? Before, long[]? First, long[]? Second, long[]? Output, bool IsTransposed)
{
    public static NodeFacts Of(Node node, NodeFacts? before)
    {
        var multiplies = node.Domain.Length == 0 && MultiplyAdds.Has(node.OpType);
        long[]? Dims(Value? value) => multiplies ? value?.Dims?.ToArray() : null;
        return new NodeFacts(node.Name, node.OpType, before, Dims(node.Input(0)), Dims(node.Input(1)), Dims(node.Outputs[0]), node.Int("transA", 0) != 0);
    }

    /// <summary>
    /// Floating-point operations of one run: two for each multiplication that the operator needs. ONNX Runtime pads channels
    /// to whole blocks, so that its own shapes count only where ours are open.
    /// </summary>
    /// <returns>0 of what does not multiply, or where shapes are not known.</returns>
    public long Flops(OrtEvent ran) => Second is null
        ? 0
        : 2 * (MultiplyAdds.Of(Operator, Known(First, () => ran.Inputs, 0), Known(Second, () => ran.Inputs, 1), Known(Output, () => ran.Outputs, 0), IsTransposed) ?? 0);

    /// <summary>The same of a node that is none of ours, by what ONNX Runtime says of it.</summary>
    public static long FlopsOf(OrtEvent ran)
    {
        if (ran.Operator is not ("Conv" or "FusedConv" or "ConvTranspose" or "MatMul" or "FusedMatMul" or "Gemm" or "FusedGemm")) return 0;
        var (first, second, output) = (Shape(ran.Inputs, 0), Shape(ran.Inputs, 1), Shape(ran.Outputs, 0));
        if (first is null || second is not { Length: > 0 } || output is null) return 0;
        switch (ran.Operator)
        {
            case "Conv" or "FusedConv":
                return 2 * MultiplyAdds.Of("Conv", first, second, output)!.Value;
            case "ConvTranspose":
                return 2 * MultiplyAdds.Of("ConvTranspose", first, second, output)!.Value;
            case not null when first.Length > 1 && second.Length > 1 && output.Length > 1:
                // [M,K] and [K,N], either of them perhaps transposed, give [M,N]: the product of all is (M K N)^2.
                var squared = (double)first[^1] * first[^2] * second[^1] * second[^2] * output[^1] * output[^2];
                return 2 * (long)Math.Round(Math.Sqrt(squared)) * Shapes.Count(output.AsSpan()[..^2]);
            default:
                return 0;
        }
    }

    private static long[]? Known(long[]? ours, Func<IReadOnlyList<long[]?>> theirs, int place)
    {
        if (Shapes.IsStatic(ours)) return ours;
        var there = Shape(theirs(), place);
        if (ours is null) return there;
        return there is null || there.Length != ours.Length ? ours : [.. ours.Zip(there, (a, b) => a >= 0 ? a : b)];
    }

    private static long[]? Shape(IReadOnlyList<long[]?> shapes, int place) => place < shapes.Count ? shapes[place] : null;
}
