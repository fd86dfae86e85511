namespace OnnxViz.Models.Inputs;

/// <summary>Which input of a graph is looked at, and what its axes are.</summary>
/// <param name="Input">Its dimensions are known but for lengths: where the file declares none they are those found here.</param>
/// <param name="Axes">Order of its axes.</param>
/// <param name="Channels">Along the axis of the channels.</param>
/// <param name="Note">Where its rank or its channels are not declared what is taken, and why; null where they are.</param>
internal sealed record InputChoice(Value Input, InputAxes Axes, int Channels, string? Note)
{
    /// <summary>More are features, not channels.</summary>
    public const int MostChannels = 16;

    private const string Image = "IMAGE";

    private static readonly ElementType[] Types =
    [
        ElementType.Float, ElementType.UInt8, ElementType.Double, ElementType.Float16, ElementType.BFloat16, ElementType.Int8, ElementType.UInt16, ElementType.Int16, ElementType.Int32, ElementType.Int64,
    ];

    /// <summary>The input that most likely takes pictures, or else a volume, a signal, or a row of numbers.</summary>
    /// <param name="graph">The network.</param>
    /// <returns>Null where every input is of another kind.</returns>
    public static Value? Find(Graph graph) => graph.Inputs.Where(i => Types.Contains(i.Type) && i.Dims is null or { Length: >= 2 and <= 5 } or [> 1])
        .OrderBy(i => i.Denotation == Image ? 0 : 1).ThenBy(Rank).ThenBy(i => i.Type.IsFloating() || i.Type == ElementType.UInt8 ? 0 : 1).FirstOrDefault();

    /// <param name="graph">The network.</param>
    /// <param name="input">One of its inputs.</param>
    public static InputChoice Of(Graph graph, Value input)
    {
        var use = FirstUse.Of(graph, input);
        var by = use is null ? "" : $", as the weights of {use.By} are";
        if (input.Dims is not { } dims)
        {
            var (order, count) = (use?.Axes ?? InputAxes.Nchw, use?.Channels ?? 3);
            input.Dims = order.Dims(Shapes.Unknown, count, Shapes.Unknown, Shapes.Unknown, use?.Samples ?? Shapes.Unknown);
            return new(input, order, count, $"its input '{input.Name}' has no declared shape, [{Text(order, input.Dims)}] is taken{by}");
        }

        var axes = Denoted(input) ?? (use?.Axes.Letters().Length == dims.Length ? use.Axes : ByLengths(dims));
        var declared = axes.Length(dims, 'c');
        if (declared > 0) return new(input, axes, (int)declared, null);
        var channels = use is { Channels: { } read } && use.Axes == axes ? read : axes.IsPicture() ? 3 : 1;
        return new(input, axes, channels, use?.Channels is null || channels is 1 or 3 ? null : $"its input '{input.Name}' does not say how many channels it has, {channels} are taken{by}");
    }

    private static int Rank(Value input) => input.Dims switch
    {
        { Length: 4 } d when d[1] is 1 or 3 or < 0 || d[3] is 1 or 3 => 0,
        { Length: 4 } => 1,
        { Length: 5 } => 2,
        null => 3,
        { Length: 3 } => 4,
        { Length: 2 } => 5,
        _ => 6,
    };

    /// <summary>What the file says of the axes in ONNX's words.</summary>
    private static InputAxes? Denoted(Value input)
    {
        if (input.AxisDenotations is not { } words || !words.Contains(AxisWords.Channel)) return null;
        var positions = new Queue<char>(words.Count(w => w is not (AxisWords.Batch or AxisWords.Channel)) switch { 1 => "t", 2 => "hw", 3 => "dhw", _ => "" });
        if (positions.Count == 0) return null;
        return AxisLetters.Of(string.Concat(words.Select(w => w switch { AxisWords.Batch => 'n', AxisWords.Channel => 'c', _ => positions.Dequeue() })));
    }

    /// <summary>The axis of the channels is short.</summary>
    private static InputAxes ByLengths(long[] d) => d.Length switch
    {
        2 => InputAxes.Nt,
        3 => IsFew(d[1]) ? InputAxes.Nct : IsFew(d[2]) ? InputAxes.Ntc : InputAxes.Nhw,
        4 when d[1] is 1 or 3 => InputAxes.Nchw,
        4 when d[3] is 1 or 3 || (IsFew(d[3]) && !IsFew(d[1]) && d[1] > 0) => InputAxes.Nhwc,
        4 => InputAxes.Nchw,
        _ when d[1] is 1 or 3 => InputAxes.Ncdhw,
        _ when d[4] is 1 or 3 => InputAxes.Ndhwc,
        _ when d[2] is 1 or 3 => InputAxes.Ndchw,
        _ => IsFew(d[4]) && !IsFew(d[1]) ? InputAxes.Ndhwc : InputAxes.Ncdhw,
    };

    private static bool IsFew(long channels) => channels is > 0 and <= MostChannels;

    private static string Text(InputAxes axes, long[] dims) =>
        string.Join(',', axes.Letters().ToUpperInvariant().Zip(dims, (letter, length) => length > 0 ? $"{length}" : $"{letter}"));
}
