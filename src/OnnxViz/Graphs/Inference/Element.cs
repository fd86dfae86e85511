namespace OnnxViz.Graphs.Inference;

/// <summary>
/// One number of a small integer tensor, as shape arithmetic makes them: known, or a dimension of some value that is
/// known only when the graph runs. So Shape-Gather-Concat chains tell what they can though the batch is open.
/// </summary>
/// <param name="Number">The number, where <see cref="IsKnown"/>.</param>
/// <param name="Source">The value whose dimension it is, or null.</param>
/// <param name="Axis">Which dimension of the source.</param>
internal readonly record struct Element(long? Number, Value? Source = null, int Axis = 0)
{
    /// <summary>Longer tensors are no shapes.</summary>
    private const int Longest = 64;

    public bool IsKnown => Number is not null;

    /// <summary>The dimension that this number gives a shape: -1 when not known.</summary>
    public long Dim => Number ?? Shapes.Unknown;

    /// <summary>The elements of a value in row-major order; null when not even their number is known.</summary>
    public static Element[]? Of(Value value)
    {
        if (value.Type is not (ElementType.Int64 or ElementType.Int32) || !value.HasStaticShape) return null;
        if (Shapes.Count(value.Dims) > Longest) return null;
        if (value.Constant is not null) return Array.ConvertAll(value.Constant.ToLongs(), n => new Element(n));
        // Of numbers that are computed in some other way at least their count is known.
        var computed = value.Producer is { Domain: "" } node ? Of(node, Array.IndexOf(node.Outputs, value)) : null;
        return computed ?? [.. Enumerable.Repeat(new Element(null), (int)Shapes.Count(value.Dims))];
    }

    private static Element[]? Of(Node node, int output) => node.OpType switch
    {
        "Shape" => OfShape(node),
        "Identity" or "Cast" when node.Input(0) is { } x => Of(x),
        "Add" => Pairwise(node, (a, b) => a + b),
        "Sub" => Pairwise(node, (a, b) => a - b),
        "Mul" => Pairwise(node, (a, b) => a * b),
        "Div" => Pairwise(node, (a, b) => b == 0 ? null : a / b),
        "Concat" => Moved(node, output, node.Inputs.Length),
        "Gather" or "Slice" or "Squeeze" or "Unsqueeze" or "Reshape" or "Flatten" or "Split" or "Expand" or "Transpose" =>
            Moved(node, output, 1),
        _ => null,
    };

    private static Element[]? OfShape(Node node)
    {
        if (node.Input(0) is not { Dims: { } dims } x) return null;
        var (start, count) = MakerShapes.ShapeRange(node, dims.Length);
        return Enumerable.Range(start, count).Select(i => dims[i] < 0 ? new Element(null, x, i) : new Element(dims[i])).ToArray();
    }

    private static Element[]? Pairwise(Node node, Func<long, long, long?> combine)
    {
        if (node.Inputs.Length != 2 || node.Input(0) is not { } x || node.Input(1) is not { } y) return null;
        if (Of(x) is not { } a || Of(y) is not { } b || a.Length == 0 || b.Length == 0) return null;
        if (a.Length != b.Length && a.Length != 1 && b.Length != 1) return null;
        return Enumerable.Range(0, Math.Max(a.Length, b.Length))
            .Select(i => (a[a.Length == 1 ? 0 : i], b[b.Length == 1 ? 0 : i]) is ({ Number: { } p }, { Number: { } q })
                ? new Element(combine(p, q))
                : new Element(null))
            .ToArray();
    }

    /// <summary>Operators that only move numbers are run on the numbers' places instead.</summary>
    private static Element[]? Moved(Node node, int output, int moved)
    {
        var pool = new List<Element>();
        var inputs = (Value?[])node.Inputs.Clone();
        for (var i = 0; i < moved; i++)
        {
            if (node.Input(i) is not { } x || Of(x) is not { } elements) return null;
            var places = Enumerable.Range(pool.Count, elements.Length).Select(n => (long)n).ToArray();
            pool.AddRange(elements);
            inputs[i] = new Value(x.Name)
            {
                Type = ElementType.Int64,
                Dims = x.Dims,
                Constant = Tensor.Of(places, x.Dims!),
            };
        }

        // Where the numbers go is not known, and asking the twin's own result would lead back here.
        if (Array.Exists(inputs, input => input is { Constant: null })) return null;
        var outputs = Array.ConvertAll(node.Outputs, y => new Value(y.Name));
        var twin = new Node(node.OpType, node.Name, inputs, outputs, node.Attributes);
        ShapeInference.Infer(twin);
        return ConstantFolding.TryFold(twin)?[output].ToLongs() is { } found
            ? Array.ConvertAll(found, n => pool[(int)n])
            : null;
    }
}
