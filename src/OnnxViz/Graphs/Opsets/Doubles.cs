using OnnxViz.Graphs.Folding;

namespace OnnxViz.Graphs.Opsets;

/// <summary>
/// Where a float32 network makes doubles of what depends on its picture, it is computed in float32 all the same: ONNX Runtime has no kernels of
/// doubles for most of it, and no gradient is taken in two types. Doubles that are made of sizes stay, for exact arithmetic.
/// </summary>
internal static class Doubles
{
    /// <returns>The argument of a cast from float32 to double, in place of its result; null for any other node.</returns>
    public static Value? Cast(Node node, Value?[] arguments) =>
        node is { OpType: "Cast", Domain: "" } && (ElementType)node.Int("to", 0) == ElementType.Double && arguments is [{ Type: ElementType.Float, Constant: null } x] ? x : null;

    /// <summary>Makes floats of the doubles beside floats among a node's arguments.</summary>
    public static void Fit(GraphBuilder builder, Node node, Value?[] arguments)
    {
        if (node.Domain.Length > 0 || !Array.Exists(arguments, a => a is { Type: ElementType.Double }) || !Array.Exists(arguments, a => a is { Type: ElementType.Float, Constant: null })) return;
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] is not { Type: ElementType.Double } x) continue;
            arguments[i] = x.Constant is { } constant ? builder.Constant(Casting.To(constant, ElementType.Float), x.Name) : builder.Cast(x, ElementType.Float);
        }
    }
}
