namespace OnnxViz.Rewriting;

/// <summary>
/// Integer divisions that no processor traps: a divisor of 0 counts as 1, and the smallest integer divided by -1 is itself, with the
/// remainder 0. ONNX leaves both open, and ONNX Runtime's kernels end the process (SIGFPE). All other results stay as they are.
/// </summary>
internal sealed class SafeDivisions : IRewrite
{
    /// <summary>The oldest opset that can make a constant of a type that is not known (CastLike).</summary>
    private const int OldestWithCastLike = 15;

    /// <returns>The graph itself where nothing has to be changed, else a copy of it; its values keep their names.</returns>
    public static Graph Apply(Graph graph) => graph.Nodes.Exists(MayTrap) ? GraphCopy.Of(graph, [new SafeDivisions()]) : graph;

    public Value? Of(Node node, GraphCopy copy)
    {
        if (!MayTrap(node)) return null;
        var (type, b) = (TypeOf(node), copy.Builder);
        if (type == ElementType.Undefined && b.Graph.Opset < OldestWithCastLike) return null;
        var (x, divisor) = (copy[node.Required(0)], copy[node.Required(1)]);
        // Operators on fewer bits have no kernels; all their numbers are among those of 64.
        var isNarrow = type.Whole() is var (bits, low) && (bits < 32 || (bits == 32 && low == 0));
        if (isNarrow) (x, divisor) = (b.Cast(x, ElementType.Int64), b.Cast(divisor, ElementType.Int64));
        var safe = node.OpType == "Div" ? Quotient(b, node, x, divisor) : b.Node("Mod", [x, Nonzero(b, divisor, type)], node.Attributes)[0];
        return isNarrow ? b.Cast(safe, type) : safe;
    }

    private static Value Quotient(GraphBuilder b, Node node, Value x, Value divisor)
    {
        var type = TypeOf(node);
        var quotient = b.Div(x, Nonzero(b, divisor, type));
        if (type == ElementType.UInt64) return quotient;
        return b.Where(b.Equal(divisor, Number(b, -1, divisor)), b.Sub(Number(b, 0, x), x), quotient);
    }

    /// <summary>1 in the place of 0 and of -1: no remainder is left of either.</summary>
    private static Value Nonzero(GraphBuilder b, Value divisor, ElementType type)
    {
        var one = Number(b, 1, divisor);
        if (type == ElementType.UInt64) return b.Max(divisor, one);
        var safe = b.Where(b.Equal(divisor, Number(b, 0, divisor)), one, divisor);
        return b.Where(b.Equal(divisor, Number(b, -1, divisor)), one, safe);
    }

    private static Value Number(GraphBuilder b, float number, Value like) => like.Type == ElementType.Undefined
        ? b.Emit("CastLike", [b.Scalar(number), like])
        : b.Scalar(number, like.Type);

    /// <summary>Unless it divides real numbers, or by constants that do no harm.</summary>
    private static bool MayTrap(Node node) => node is { OpType: "Div" or "Mod", Domain: "", Inputs: [not null, not null] }
        && TypeOf(node) is var type && (type == ElementType.Undefined || type.Whole() is not null)
        && !(node.Input(1)?.Constant is { } divisor && divisor.Type.Whole() is not null && !divisor.ToLongs().Any(n => n is 0 or -1));

    private static ElementType TypeOf(Node node) =>
        node.Inputs.Append(node.Outputs[0]).Select(v => v!.Type).FirstOrDefault(t => t != ElementType.Undefined);
}
