namespace OnnxViz.Graphs.Opsets;

/// <summary>
/// Integers that depend on the picture are held as float32, exactly, for as long as they are only moved, chosen among or cast: so
/// the bytes of a picture keep their gradient on whatever way they take to where a model makes floats of them. What needs integers
/// gets them by a cast.
/// </summary>
internal static class HeldIntegers
{
    /// <summary>What gives some of the numbers it takes, unchanged.</summary>
    private static readonly HashSet<string> Moving =
    [
        "CenterCropPad", "Clip", "Compress", "Concat", "DepthToSpace", "Expand", "Flatten", "Gather", "GatherElements", "GatherND", "Identity", "Max",
        "MaxPool", "Min", "Pad", "ReduceMax", "ReduceMin", "Reshape", "ReverseSequence", "ScatterElements", "ScatterND", "Slice", "SpaceToDepth", "Split",
        "Squeeze", "Tile", "TopK", "Transpose", "Trilu", "Unsqueeze", "Where",
    ];

    /// <summary>Exact in float32 up to 2^24, which is more than sums and products of bytes with sensible numbers reach.</summary>
    private static readonly HashSet<string> Computing = ["Abs", "Add", "Mul", "Neg", "Sub"];

    /// <summary>What reads the list that holds them.</summary>
    private static readonly HashSet<string> Listing = ["ConcatFromSequence", "SequenceConstruct", "SequenceInsert", "SplitToSequence"];

    /// <summary>The value as one that holds integers of a type; for other types as it is.</summary>
    public static Value Of(Value value, ElementType type)
    {
        if (type.Whole() is not null && value.Type == ElementType.Float) value.StandsFor = type;
        return value;
    }

    /// <summary>
    /// Makes a node's arguments fit: constants beside held integers become floats as well, and what takes no floats for integers gets
    /// integers.
    /// </summary>
    /// <returns>The integers that the node's results hold; Undefined where they are what they are.</returns>
    public static ElementType Fit(GraphBuilder builder, Node node, Value?[] arguments)
    {
        if (!Array.Exists(arguments, IsHeld)) return ElementType.Undefined;
        var type = arguments.Where((a, i) => IsHeld(a) && IsData(node, i)).FirstOrDefault()?.StandsFor ?? ElementType.Undefined;
        var takes = node.Domain.Length == 0 && (Listing.Contains(node.OpType) || node.OpType is "Cast" or "CastLike" or "DequantizeLinear" or "Shape" or "Size");
        var keeps = Keeps(node, type);
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] is not { } argument) continue;
            if (IsHeld(argument)) arguments[i] = (keeps || takes) && IsData(node, i) ? argument : builder.Cast(argument, argument.StandsFor);
            else if (keeps && argument.Type == type && IsData(node, i)) arguments[i] = builder.Cast(argument, ElementType.Float);
        }

        return keeps ? type : ElementType.Undefined;
    }

    /// <summary>A cast of held integers to integers: as they are where the type has room for them, or else what is left of them there.</summary>
    /// <returns>Null where the node is no such cast.</returns>
    public static Value? Cast(GraphBuilder builder, Node node, Value?[] arguments)
    {
        if (node is not { OpType: "Cast" or "CastLike", Domain: "" } || arguments is not [{ StandsFor: var from } x, ..] || from.Whole() is not var (bits, low)) return null;
        var to = node.OpType == "Cast" ? (ElementType)node.Int("to", 0) : arguments.ElementAtOrDefault(1) is { } like ? IsHeld(like) ? like.StandsFor : like.Type : ElementType.Undefined;
        if (to.Whole() is not var (room, lowest)) return null;
        var fits = lowest <= low && (bits < room || (bits == room && lowest == low));
        using var scope = builder.Scope(node.Name);
        return Of(fits ? Final("Identity", x) : Wrapped(), to);

        Value Wrapped()
        {
            var (all, start) = (builder.Constant(MathF.ScaleB(1, room)), builder.Constant((float)lowest));
            return Final("Sub", x, builder.Mul(builder.Floor(builder.Div(builder.Sub(x, start), all)), all));
        }

        Value Final(string opType, params Value[] inputs) => builder.Node(opType, inputs, name: node.Name)[0];
    }

    private static bool IsHeld(Value? value) => value is { StandsFor: not ElementType.Undefined };

    /// <summary>Whether an input holds what the results are made of, not places, sizes or conditions.</summary>
    private static bool IsData(Node node, int input) => node.OpType == "Clip" || Array.IndexOf(node.Traits.Steering, input) < 0;

    private static bool Keeps(Node node, ElementType type) => node.Domain.Length == 0 && type != ElementType.Undefined && node.OpType switch
    {
        "Resize" or "Upsample" => node.Text("mode", "nearest") == "nearest",
        var op when Computing.Contains(op) => type is ElementType.Int32 or ElementType.Int64,
        var op => Moving.Contains(op),
    };
}
