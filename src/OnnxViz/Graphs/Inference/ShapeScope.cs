namespace OnnxViz.Graphs.Inference;

/// <summary>What a shape rule sees of its node. A rule throws by <see cref="Fail"/>; the caller names node and inputs.</summary>
internal sealed class ShapeScope(Node node)
{
    public Node Node => node;

    /// <summary>Dimensions of an input; null when the rank is unknown or the input is left out.</summary>
    public long[]? X(int i = 0) => node.Input(i)?.Dims;

    public bool Given(int i) => node.Input(i) is not null;

    public ElementType Type(int i = 0) => node.Input(i)?.Type ?? ElementType.Undefined;

    /// <summary>The numbers in an input that is a shape, axes, pads; null when they are not known.</summary>
    public long[]? Longs(int i) => node.Input(i)?.Constant?.ToLongs();

    /// <summary>The numbers in an input as far as they are known, see <see cref="SymbolicInt"/>.</summary>
    public SymbolicInt[]? Elements(int i) => node.Input(i) is { } value ? ShapeArithmetic.Of(value) : null;

    /// <summary>Axes, repeats and the like, from the input where newer opsets have them or the attribute of older ones.</summary>
    /// <returns>False when they are given but not known before the graph runs.</returns>
    public bool InputOrAttribute(int input, string attribute, out long[]? values)
    {
        values = Given(input) ? Longs(input) : node.Ints(attribute);
        return values is not null || !Given(input);
    }

    /// <summary>Sets an output that the node has; the type is that of the first input unless another is given.</summary>
    public void Set(long[]? dims, ElementType? type = null, int output = 0)
    {
        if (output >= node.Outputs.Length) return;
        Require(dims);
        (node.Outputs[output].Dims, node.Outputs[output].Type) = (dims, type ?? Type());
    }

    /// <summary>Refuses a known rank below the given one.</summary>
    public long[]? RankAtLeast(int i, int rank)
    {
        var dims = X(i);
        return dims is null || dims.Length >= rank ? dims : throw Fail($"input {i} needs at least {rank} dimensions");
    }

    /// <summary>Refuses two dimensions that are known and differ.</summary>
    public static void Match(long a, long b, string what)
    {
        if (a >= 0 && b >= 0 && a != b) throw Fail($"{what}: {a} is not {b}");
    }

    /// <summary>Refuses what no tensor can have, so that whoever counts with dimensions stays within 64 bits.</summary>
    private static void Require(long[]? dims)
    {
        if (dims is null) return;
        if (dims.Length > Shapes.MostAxes) throw Fail($"{dims.Length} dimensions");
        if (Array.Exists(dims, d => d is < Shapes.Unknown or > Shapes.Largest)) throw Fail($"the result would be [{string.Join(',', dims)}]");
        if (Shapes.IsStatic(dims)) Shapes.Count(dims);
    }

    public static OnnxVizException Fail(string what) => OnnxVizException.Input(what);

    public static long[] UnknownOfRank(long rank)
    {
        if (rank is < 0 or > Shapes.MostAxes) throw Fail($"{rank} dimensions");
        var dims = new long[rank];
        Array.Fill(dims, Shapes.Unknown);
        return dims;
    }
}
