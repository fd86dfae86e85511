using System.Runtime.CompilerServices;

namespace OnnxViz.Graphs;

/// <summary>
/// An edge of the graph: a graph input, a constant, or an output of a node. Two edges are the same when they are
/// the same object; the name is what files and users call it.
/// </summary>
public sealed class Value
{
    private StrongBox<SymbolicDim>?[]? _openDimensions;

    internal Value(string name) => Name = name;

    /// <summary>What the file calls it; unique in its graph.</summary>
    public string Name { get; internal set; }

    /// <summary>Type of the elements; Undefined while it is not known.</summary>
    public ElementType Type { get; internal set; }

    /// <summary>Dimensions; -1 where one is not known before the graph runs, null where not even the rank is.</summary>
    public long[]? Dims { get; internal set; }

    /// <summary>What the file says the value is in ONNX's words, such as IMAGE; null where it says nothing.</summary>
    internal string? Denotation { get; set; }

    /// <summary>What the file says each dimension is in ONNX's words, such as DATA_CHANNEL, empty where it does not; null where it says nothing of any.</summary>
    internal string[]? AxisDenotations { get; set; }

    /// <summary>The contents where they are known when the graph is built: an initializer or a folded result.</summary>
    public Tensor? Constant { get; internal set; }

    /// <summary>The node that computes this value; null for graph inputs and constants.</summary>
    public Node? Producer { get; internal set; }

    /// <summary>The type that the model has for integers that are held as float32 here (<see cref="Opsets.HeldIntegers"/>); Undefined for all other values.</summary>
    internal ElementType StandsFor { get; set; }

    /// <summary>What inference has found out about the unknown ones.</summary>
    internal StrongBox<SymbolicDim>?[]? OpenDimensions => _openDimensions;

    /// <summary>What inference has found out about the numbers in it.</summary>
    internal SymbolicInt[]? Elements { get; set; }

    /// <summary>The same, made where it is not there yet. Threads that find names at the same time find the same ones.</summary>
    internal StrongBox<SymbolicDim>?[] KnownOpenDimensions() =>
        _openDimensions ?? Interlocked.CompareExchange(ref _openDimensions, new StrongBox<SymbolicDim>?[Rank], null) ?? _openDimensions;

    /// <summary>Whether all dimensions are known before the graph runs.</summary>
    public bool HasStaticShape => Shapes.IsStatic(Dims);

    /// <summary>Number of dimensions.</summary>
    /// <exception cref="OnnxVizException">Not known before the graph runs.</exception>
    public int Rank => Dims?.Length ?? throw ShapeIsOpen();

    public override string ToString() => $"{Name}: {Type}[{(Dims is null ? "..." : Shapes.Text(Dims))}]";

    /// <summary>The dimensions, all of them known.</summary>
    /// <exception cref="OnnxVizException">Some are not known before the graph runs.</exception>
    public long[] StaticDims() => HasStaticShape
        ? Dims!
        : throw ShapeIsOpen();

    /// <summary>Names the node behind which nothing is known any more: that may be well before this value.</summary>
    private OnnxVizException ShapeIsOpen()
    {
        var source = Producer;
        while (source?.Inputs.FirstOrDefault(i => i is { HasStaticShape: false, Producer: not null })?.Producer is { } before) source = before;
        return OnnxVizException.Input(
            $"The shape of '{Name}' is not known before the model runs ({this}){(source is null ? "" : $": that of {source} cannot be told")}.");
    }
}
