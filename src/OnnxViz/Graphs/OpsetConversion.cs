using OnnxViz.Graphs.Opsets;

namespace OnnxViz.Graphs;

/// <summary>
/// Brings operators of other opsets to the form that the builder's opset gives them, with other operators where the
/// builder's opset has no such form. What is not in the tables has the same form in both.
/// </summary>
internal static class OpsetConversion
{
    /// <summary>Forms that ended before the given opset.</summary>
    private static readonly ILookup<string, (int Below, Func<Conversion, Value[]> Convert)> Lifts = Table(
        ("Clip", 11, Lift.Clip),
        ("GridSample", 20, Lift.GridSample),
        ("GroupNormalization", 21, Normalizations.PerGroup),
        ("Hardmax", 13, Softmaxes.Flattened),
        ("LogSoftmax", 13, Softmaxes.Flattened),
        ("Pad", 11, Lift.Pad),
        ("ReduceL1", 18, Lift.AxesToInput),
        ("ReduceL2", 18, Lift.AxesToInput),
        ("ReduceLogSum", 18, Lift.AxesToInput),
        ("ReduceLogSumExp", 18, Lift.AxesToInput),
        ("ReduceMax", 18, Lift.AxesToInput),
        ("ReduceMean", 18, Lift.AxesToInput),
        ("ReduceMin", 18, Lift.AxesToInput),
        ("ReduceProd", 18, Lift.AxesToInput),
        ("ReduceSum", 13, Lift.AxesToInput),
        ("ReduceSumSquare", 18, Lift.AxesToInput),
        ("Resize", 11, Resizes.Upsample),
        ("Resize", 13, Resizes.Resize11),
        ("Scatter", 11, Lift.Scatter),
        ("Slice", 10, Lift.Slice),
        ("Softmax", 13, Softmaxes.Flattened),
        ("Split", 18, Lift.Split),
        ("Squeeze", 13, Lift.AxesToInput),
        ("TopK", 10, Lift.TopK),
        ("Unsqueeze", 13, Lift.AxesToInput),
        ("Upsample", 18, Resizes.Upsample));

    /// <summary>Forms that begin with the given opset.</summary>
    private static readonly ILookup<string, (int Since, Func<Conversion, Value[]> Convert)> Drops = Table(
        ("Attention", 23, Drop.Impossible),
        ("AveragePool", 19, Drop.Dilations),
        ("Cast", 19, Drop.CastDetails),
        ("CastLike", 19, Drop.CastDetails),
        ("Gelu", 20, Drop.Gelu),
        ("GridSample", 20, Drop.GridSample),
        ("GroupNormalization", 21, Normalizations.PerChannel),
        ("Pad", 19, Drop.Wrap),
        ("Resize", 19, Drop.SymmetricHalfPixel),
        ("RMSNormalization", 23, Normalizations.RootMeanSquare),
        ("RotaryEmbedding", 23, Drop.Impossible),
        ("Swish", 24, Drop.Swish),
        ("TensorScatter", 24, Drop.Impossible));

    /// <summary>Operators that are written with others whatever the opset.</summary>
    private static readonly Dictionary<string, Func<Conversion, Value[]>> Rewrites = new()
    {
        ["BatchNormalization"] = Lift.BatchNormalization,
        ["DequantizeLinear"] = Quantization.Dequantize,
        ["Dropout"] = Lift.Dropout,
        ["Pad"] = Lift.PadOfAllAxes,
        ["QuantizeLinear"] = Quantization.Quantize,
        ["com.microsoft.BiasGelu"] = Contrib.BiasGelu,
        ["com.microsoft.FastGelu"] = Contrib.FastGelu,
        ["com.microsoft.FusedMatMul"] = Contrib.MatMul,
        ["com.microsoft.Gelu"] = Contrib.Gelu,
        ["com.microsoft.QuickGelu"] = Contrib.QuickGelu,
    };

    /// <summary>The operators, with their domain, that are written with others whatever the opset.</summary>
    public static IEnumerable<string> Rewritten => Rewrites.Keys;

    /// <summary>The operators that change their form, the opset at which they do, and which side of it is converted.</summary>
    public static IEnumerable<(string OpType, int Opset, bool IsOld)> Changes =>
        Lifts.SelectMany(row => row.Select(lift => (row.Key, lift.Below, true)))
            .Concat(Drops.SelectMany(row => row.Select(drop => (row.Key, drop.Since, false))));

    /// <param name="builder">What the converted nodes are appended to.</param>
    /// <param name="opset">The opset that the node is written in.</param>
    /// <param name="node">The node; it stays as it is.</param>
    /// <param name="inputs">Its inputs in the builder's graph.</param>
    /// <returns>What stands for the node's first outputs, or null when the node can be copied unchanged.</returns>
    /// <exception cref="OnnxVizException">The builder's opset has no such operator.</exception>
    public static Value[]? Convert(GraphBuilder builder, int opset, Node node, Value?[] inputs)
    {
        var target = builder.Graph.Opset;
        var op = node.Domain.Length > 0 ? $"{node.Domain}.{node.OpType}" : node.OpType;
        var convert = Lifts[op].Where(lift => opset < lift.Below && target >= lift.Below).Select(lift => lift.Convert).FirstOrDefault()
            ?? Drops[op].Where(drop => opset >= drop.Since && target < drop.Since).Select(drop => drop.Convert).FirstOrDefault()
            ?? Rewrites.GetValueOrDefault(op);
        if (convert is null) return null;
        using (builder.Scope(node.Name)) return convert(new Conversion(builder, opset, node, inputs));
    }

    private static ILookup<string, (int, Func<Conversion, Value[]>)> Table(params (string Op, int Opset, Func<Conversion, Value[]> Convert)[] rows) =>
        rows.ToLookup(row => row.Op, row => (row.Opset, row.Convert));
}
