namespace OnnxViz.Graphs.Opsets;

/// <summary>
/// Lists of tensors whose length is known are their tensors: the list is a SequenceConstruct that nothing reads, because whatever takes
/// one of its tensors, or joins or counts them, goes to them directly.
/// </summary>
internal static class Sequences
{
    /// <summary>A list of more tensors is no network's.</summary>
    private const long Longest = 10_000;

    /// <summary>The tensors of a list; null for what is no list, or one that is not known.</summary>
    public static Value[]? Elements(Value? value) => value?.Producer is { OpType: "SequenceConstruct", Domain: "" } list ? [.. list.Inputs.OfType<Value>()] : null;

    /// <summary>The list of some tensors.</summary>
    public static Value Of(GraphBuilder builder, string name, Value[] elements) => builder.Node("SequenceConstruct", elements, name: name, fold: false)[0];

    public static Value[] Construct(Conversion c) => List(c, [.. c.Inputs.Select((_, i) => c.X(i))]);

    public static Value[] Empty(Conversion c) => List(c, []);

    /// <summary>Also of a tensor, which stays one.</summary>
    public static Value[] Identity(Conversion c) => Elements(c.X()) is null ? c.Final("Identity", c.Inputs) : [c.X()];

    public static Value[] At(Conversion c)
    {
        var elements = Known(c);
        var element = elements[Place(c, 1, elements.Length)];
        return [HeldIntegers.Of(c.Final("Identity", [element])[0], element.StandsFor)];
    }

    public static Value[] Length(Conversion c) => [c.Builder.Constant(Tensor.Scalar((long)Known(c).Length))];

    /// <summary>Before the position given, which may be one behind the last; else at the end.</summary>
    public static Value[] Insert(Conversion c)
    {
        var elements = Known(c).ToList();
        elements.Insert(c.Input(2) is null ? elements.Count : Place(c, 2, elements.Count, behind: 1), c.X(1));
        return List(c, [.. elements]);
    }

    /// <summary>The one at the position given, or else the last.</summary>
    public static Value[] Erase(Conversion c)
    {
        var elements = Known(c).ToList();
        elements.RemoveAt(c.Input(1) is null && elements.Count > 0 ? elements.Count - 1 : Place(c, 1, elements.Count));
        return List(c, [.. elements]);
    }

    /// <summary>One behind the other along an axis, or along a new one.</summary>
    public static Value[] Concat(Conversion c)
    {
        var elements = Known(c);
        if (elements.Length == 0) throw Unknown(c, "joins a list without tensors");
        if (!c.Node.Has("axis")) throw Unknown(c, "has no axis");
        var axis = c.Node.Int("axis", 0);
        if (c.Node.Int("new_axis", 0) != 0) elements = Array.ConvertAll(elements, e => c.Unsqueeze(e, axis));
        return [HeldIntegers.Of(c.Final("Concat", elements, new() { ["axis"] = axis })[0], Known(c)[0].StandsFor)];
    }

    /// <summary>Parts of one size, of which the last may be smaller; of sizes given; or single elements, without their axis where keepdims is 0.</summary>
    public static Value[] Split(Conversion c)
    {
        var x = c.X();
        if (x.Dims is not { Length: > 0 } dims) throw Unknown(c, $"takes '{x.Name}' apart, whose axes are not known");
        var axis = Shapes.Axis(c.Node.Int("axis", 0), dims.Length);
        var size = dims[axis];
        var isEach = c.Input(1) is null;
        long[] parts = [1];
        if (!isEach) parts = c.X(1).Constant?.ToLongs() ?? throw Unknown(c, "takes apart into sizes that are known only when the model runs");
        if (parts.Any(p => p < 0)) throw Unknown(c, $"takes apart into [{Shapes.Text(parts)}]");
        if (isEach || c.X(1).Dims is [])
        {
            if (size < 0) throw Unknown(c, "takes apart into a number of parts that is known only when the model runs");
            if (parts[0] == 0 || (size + parts[0] - 1) / parts[0] > Longest) throw Unknown(c, $"takes {size} elements apart by {parts[0]}");
            var part = parts[0];
            parts = [.. Enumerable.Range(0, (int)((size + part - 1) / part)).Select(i => Math.Min(part, size - (i * part)))];
        }

        if (parts.Length > Longest) throw Unknown(c, $"takes {size} elements apart into {parts.Length}");
        var elements = Cut(c.Builder, x, axis, parts);
        if (isEach && c.Node.Int("keepdims", 1) == 0) elements = Array.ConvertAll(elements, e => HeldIntegers.Of(c.Squeeze(e, axis), x.StandsFor));
        return List(c, elements);
    }

    /// <summary>A value in parts of the sizes given along an axis.</summary>
    public static Value[] Cut(GraphBuilder builder, Value x, long axis, long[] sizes)
    {
        if (sizes.Length == 0) return [];
        var parts = builder.Node("Split", [x, builder.Longs(sizes)], new Dictionary<string, object> { ["axis"] = axis }, sizes.Length);
        return Array.ConvertAll(parts, part => HeldIntegers.Of(part, x.StandsFor));
    }

    private static Value[] List(Conversion c, Value[] elements) => [Of(c.Builder, c.Node.Name, elements)];

    private static Value[] Known(Conversion c) => Elements(c.X()) ?? throw Unknown(c, $"reads the list '{c.X().Name}', whose tensors are known only when the model runs");

    private static int Place(Conversion c, int input, int count, int behind = 0)
    {
        var place = c.X(input).Constant is { Count: 1 } known ? known.ToLongs()[0] : throw Unknown(c, "takes a position that is known only when the model runs");
        return place >= -count && place < count + behind ? (int)(place < 0 ? place + count : place) : throw Unknown(c, $"takes position {place} of a list of {count}");
    }

    private static OnnxVizException Unknown(Conversion c, string what) => OnnxVizException.OfModel($"{c.Node} {what}, which cannot be followed. Take a layer before it, or export the model for one input size.", argument: "Layer");
}
