namespace OnnxViz.Graphs.Opsets;

/// <summary>
/// Brings operators of other opsets to the form that the builder's opset gives them, with other operators where the
/// builder's opset has no such form. What is not in the tables has the same form in both.
/// </summary>
internal static class OpsetConversion
{
    /// <summary>Forms that ended before the given opset.</summary>
    private static readonly ILookup<string, (int Below, Func<Conversion, Value[]> Convert)> Upgrades = Table(
        ("Clip", 11, Upgrade.Clip),
        ("GridSample", 20, Upgrade.GridSample),
        ("GroupNormalization", 21, Normalizations.PerGroup),
        ("Hardmax", 13, Softmaxes.Flattened),
        ("LogSoftmax", 13, Softmaxes.Flattened),
        ("Pad", 11, Upgrade.Pad),
        ("ReduceL1", 18, Upgrade.AxesToInput),
        ("ReduceL2", 18, Upgrade.AxesToInput),
        ("ReduceLogSum", 18, Upgrade.AxesToInput),
        ("ReduceLogSumExp", 18, Upgrade.AxesToInput),
        ("ReduceMax", 18, Upgrade.AxesToInput),
        ("ReduceMean", 18, Upgrade.AxesToInput),
        ("ReduceMin", 18, Upgrade.AxesToInput),
        ("ReduceProd", 18, Upgrade.AxesToInput),
        ("ReduceSum", 13, Upgrade.AxesToInput),
        ("ReduceSumSquare", 18, Upgrade.AxesToInput),
        ("Resize", 11, Resizes.Upsample),
        ("Resize", 13, Resizes.Resize11),
        ("RoiAlign", 16, Upgrade.RoiAlign),
        ("Scatter", 11, Upgrade.Scatter),
        ("Slice", 10, Upgrade.Slice),
        ("Softmax", 13, Softmaxes.Flattened),
        ("Split", 18, Upgrade.Split),
        ("Squeeze", 13, Upgrade.AxesToInput),
        ("TopK", 10, Upgrade.TopK),
        ("Unsqueeze", 13, Upgrade.AxesToInput),
        ("Upsample", 18, Resizes.Upsample));

    /// <summary>Forms that begin with the given opset.</summary>
    private static readonly ILookup<string, (int Since, Func<Conversion, Value[]> Convert)> Downgrades = Table(
        ("Attention", 23, Downgrade.Impossible),
        ("AveragePool", 19, Downgrade.Dilations),
        ("BitCast", 26, Downgrade.BitCast),
        ("Cast", 19, Downgrade.CastDetails),
        ("CastLike", 19, Downgrade.CastDetails),
        ("CumProd", 26, Downgrade.CumProd),
        ("Gelu", 20, Downgrade.Gelu),
        ("GridSample", 20, Downgrade.GridSample),
        ("GroupNormalization", 21, Normalizations.PerChannel),
        ("Pad", 19, Downgrade.Wrap),
        ("Resize", 19, Downgrade.SymmetricHalfPixel),
        ("RMSNormalization", 23, Normalizations.RootMeanSquare),
        ("RotaryEmbedding", 23, Downgrade.Impossible),
        ("Swish", 24, Downgrade.Swish),
        ("TensorScatter", 24, Downgrade.Impossible));

    /// <summary>Operators that are written with others whatever the opset.</summary>
    private static readonly Dictionary<string, Func<Conversion, Value[]>> Rewrites = new()
    {
        ["BatchNormalization"] = Upgrade.BatchNormalization,
        ["ConcatFromSequence"] = Sequences.Concat,
        ["DequantizeLinear"] = Quantization.Dequantize,
        ["Dropout"] = Upgrade.Dropout,
        ["GRU"] = RecurrentLayouts.StepsFirst,
        ["Identity"] = Sequences.Identity,
        ["LSTM"] = RecurrentLayouts.StepsFirst,
        ["Pad"] = Upgrade.PadOfAllAxes,
        ["QuantizeLinear"] = Quantization.Quantize,
        ["RNN"] = RecurrentLayouts.StepsFirst,
        ["SequenceAt"] = Sequences.At,
        ["SequenceConstruct"] = Sequences.Construct,
        ["SequenceEmpty"] = Sequences.Empty,
        ["SequenceErase"] = Sequences.Erase,
        ["SequenceInsert"] = Sequences.Insert,
        ["SequenceLength"] = Sequences.Length,
        ["SplitToSequence"] = Sequences.Split,
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
        Upgrades.SelectMany(row => row.Select(upgrade => (row.Key, upgrade.Below, true)))
            .Concat(Downgrades.SelectMany(row => row.Select(downgrade => (row.Key, downgrade.Since, false))));

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
        var convert = Upgrades[op].Where(upgrade => opset < upgrade.Below && target >= upgrade.Below).Select(upgrade => upgrade.Convert).FirstOrDefault()
            ?? Downgrades[op].Where(downgrade => opset >= downgrade.Since && target < downgrade.Since).Select(downgrade => downgrade.Convert).FirstOrDefault()
            ?? Rewrites.GetValueOrDefault(op);
        if (convert is null) return null;
        using (builder.Scope(node.Name)) return convert(new Conversion(builder, opset, node, inputs));
    }

    private static ILookup<string, (int, Func<Conversion, Value[]>)> Table(params (string Op, int Opset, Func<Conversion, Value[]> Convert)[] rows) =>
        rows.ToLookup(row => row.Op, row => (row.Opset, row.Convert));
}
