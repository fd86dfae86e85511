using OnnxViz.Graphs.Folding;

namespace OnnxViz.Graphs.Inference;

/// <summary>Works out the numbers in small integer tensors, as far as shapes alone tell them.</summary>
internal static class ShapeArithmetic
{
    /// <summary>Longer tensors are no shapes.</summary>
    private const int Longest = 64;

    /// <summary>
    /// The elements of a value in row-major order; null when not even their number is known. Each value is worked out
    /// once, and without recursion: files hold chains of any length.
    /// </summary>
    public static SymbolicInt[]? Of(Value value)
    {
        if (!IsShort(value)) return null;
        var open = new Stack<Value>([value]);
        while (open.TryPeek(out var top))
        {
            var before = open.Count;
            if (top.Elements is null)
                foreach (var operand in Operands(top))
                    if (operand.Elements is null && IsShort(operand)) open.Push(operand);
            if (open.Count > before) continue;
            open.Pop();
            top.Elements ??= Compute(top);
        }

        return value.Elements;
    }

    private static bool IsShort(Value value) =>
        value.Type is ElementType.Int64 or ElementType.Int32 && value.HasStaticShape && Shapes.Count(value.Dims) <= Longest;

    /// <summary>The values whose elements a value's own are made of.</summary>
    private static IEnumerable<Value> Operands(Value value)
    {
        if (value is not { Constant: null, Producer: { Domain: "" } node }) return [];
        var count = node.OpType switch
        {
            "Identity" or "Cast" => 1,
            "Add" or "Sub" or "Mul" or "Div" => 2,
            _ => Moved(node),
        };
        return node.Inputs.Take(count).OfType<Value>();
    }

    /// <summary>How many inputs an operator moves to its outputs without changing a number; 0 for one that does not.</summary>
    private static int Moved(Node node) => node.OpType switch
    {
        "Concat" => node.Inputs.Length,
        "Gather" or "Slice" or "Squeeze" or "Unsqueeze" or "Reshape" or "Flatten" or "Split" or "Expand" or "Transpose" => 1,
        _ => 0,
    };

    /// <summary>The elements of a short value whose operands are known already.</summary>
    private static SymbolicInt[] Compute(Value value)
    {
        if (value.Constant is { } constant) return Array.ConvertAll(constant.ToLongs(), n => new SymbolicInt(n));
        // Of numbers that are computed in some other way at least their count is known.
        var computed = value.Producer is { Domain: "" } node ? Compute(node, Array.IndexOf(node.Outputs, value)) : null;
        if (computed is null) return [.. Enumerable.Repeat(new SymbolicInt(null), (int)Shapes.Count(value.Dims))];
        return value.Type == ElementType.Int32 ? Array.ConvertAll(computed, e => e with { Number = unchecked((int?)e.Number) }) : computed;
    }

    private static SymbolicInt[]? Compute(Node node, int output) => node.OpType switch
    {
        "Shape" => OfShape(node),
        "Identity" or "Cast" => node.Input(0)?.Elements,
        "Add" => Pairwise(node, (a, b) => a + b),
        "Sub" => Pairwise(node, (a, b) => a - b),
        "Mul" => Pairwise(node, (a, b) => a * b),
        // The one quotient that does not fit is as undefined as a division by zero.
        "Div" => Pairwise(node, (a, b) => b == 0 || (a == long.MinValue && b == -1) ? null : a / b),
        _ => Moved(node) is > 0 and var moved ? Move(node, output, moved) : null,
    };

    private static SymbolicInt[]? OfShape(Node node)
    {
        if (node.Input(0) is not { Dims: { } dims } x) return null;
        var (start, count) = MakerShapes.ShapeRange(node, dims.Length);
        return Enumerable.Range(start, count).Select(i => dims[i] < 0 ? new SymbolicInt(null, x, i) : new SymbolicInt(dims[i])).ToArray();
    }

    private static SymbolicInt[]? Pairwise(Node node, Func<long, long, long?> combine)
    {
        if (node.Inputs.Length != 2 || node.Input(0)?.Elements is not { Length: > 0 } a || node.Input(1)?.Elements is not { Length: > 0 } b) return null;
        if (a.Length != b.Length && a.Length != 1 && b.Length != 1) return null;
        return Enumerable.Range(0, Math.Max(a.Length, b.Length))
            .Select(i => (a[a.Length == 1 ? 0 : i], b[b.Length == 1 ? 0 : i]) is ({ Number: { } p }, { Number: { } q })
                ? new SymbolicInt(combine(p, q))
                : new SymbolicInt(null))
            .ToArray();
    }

    /// <summary>Operators that only move numbers are run on the numbers' places instead.</summary>
    private static SymbolicInt[]? Move(Node node, int output, int moved)
    {
        var pool = new List<SymbolicInt>();
        var inputs = (Value?[])node.Inputs.Clone();
        for (var i = 0; i < moved; i++)
        {
            if (node.Input(i) is not { Elements: { } elements } x) return null;
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

    /// <summary>The outputs of a node whose numbers come from shapes alone, whatever the tensors hold that have these shapes; else null.</summary>
    public static Tensor[]? TryFold(Node node)
    {
        if (node.Domain.Length > 0) return null;
        if (node.OpType == "Size")
            return node.Required(0) is { HasStaticShape: true, Dims: { } dims } ? [Tensor.Of([Shapes.Count(dims)])] : null;
        if (node.Outputs is not [{ HasStaticShape: true } output] || Of(output) is not { } elements) return null;
        if (!Array.TrueForAll(elements, e => e.IsKnown)) return null;
        var numbers = Tensor.Of(Array.ConvertAll(elements, e => e.Number!.Value), output.Dims!);
        return [Casting.To(numbers, output.Type)];
    }
}
