using OnnxViz.Autodiff.Rules;
using OnnxViz.Graphs.Inference;

namespace OnnxViz.Graphs.Fields;

/// <summary>What one node does to the receptive field of one of its operands along one axis of the picture.</summary>
internal sealed class ReceptiveFieldRules
{
    private static readonly Dictionary<string, Func<ReceptiveFieldRules, SpatialAxis, SpatialAxis>> Rules = new()
    {
        ["Conv"] = (r, x) => r.Windowed(x),
        ["ConvTranspose"] = (r, x) => r.Transposed(x),
        ["MaxUnpool"] = (r, x) => r.Transposed(x),
        ["GlobalAveragePool"] = (r, x) => x with { Field = r.Whole(x) },
        ["GlobalMaxPool"] = (r, x) => x with { Field = r.Whole(x) },
        ["GlobalLpPool"] = (r, x) => x with { Field = r.Whole(x) },
        ["Pad"] = (r, x) => r.Padded(x),
        ["Slice"] = (r, x) => r.Sliced(x),
        ["Resize"] = (r, x) => r.Resized(x),
        ["Upsample"] = (r, x) => r.Resized(x),
        ["DepthToSpace"] = (r, x) => x with { Field = x.Field.Over(1 / r.Block - 1, 2 - 1 / r.Block, 1 / r.Block) },
        ["SpaceToDepth"] = (r, x) => x with { Field = x.Field.Over(0, r.Block, r.Block) },
        ["Transpose"] = (r, x) => x with { Dim = r.Node.Ints("perm") is { } order ? Array.IndexOf(order, x.Dim) : r.Rank - 1 - x.Dim },
        ["Reshape"] = (r, x) => r.Reshaped(x),
        ["Flatten"] = (r, x) => r.Reshaped(x),
        ["Concat"] = (r, x) => r.Axis(1) != x.Dim ? x : r.Mixed(x),
        ["Gemm"] = (r, x) => new SpatialAxis(r.Whole(x), -1),
        ["MatMul"] = (r, x) => r.IsFirst && x.Dim < r.Rank - 1 ? x : r.Mixed(x),
        ["Squeeze"] = (r, x) => r.Squeezed(x),
        ["Unsqueeze"] = (r, x) => r.Unsqueezed(x),
        ["Split"] = (r, x) => r.Axis(0) != x.Dim ? x : r.Mixed(x),
        // A list has the axes of its tensors.
        ["SplitToSequence"] = (r, x) => r.Axis(0) != x.Dim && r.Node.Int("keepdims", 1) != 0 ? x : r.Mixed(x),
        ["SequenceAt"] = (_, x) => x,
        ["Gather"] = (r, x) => r.Gathered(x),
        // Before opset 13 they ran over all dimensions from the axis on.
        ["Softmax"] = (r, x) => r.Opset >= 13 && r.Axis(-1) != x.Dim ? x : r.Mixed(x),
        ["LogSoftmax"] = (r, x) => r.Opset >= 13 && r.Axis(-1) != x.Dim ? x : r.Mixed(x),
        ["Hardmax"] = (r, x) => r.Opset >= 13 && r.Axis(-1) != x.Dim ? x : r.Mixed(x),
        ["LpNormalization"] = (r, x) => r.Axis(-1) != x.Dim ? x : r.Mixed(x),
        ["LayerNormalization"] = (r, x) => r.Axis(-1) > x.Dim ? x : r.Mixed(x),
        ["RMSNormalization"] = (r, x) => r.Axis(-1) > x.Dim ? x : r.Mixed(x),
    };

    private readonly Value _operand;
    private readonly Func<Value, Value> _specialised;

    private ReceptiveFieldRules(Node node, int opset, Func<Value, Value> specialised, Value operand) =>
        (Node, Opset, _specialised, _operand) = (node, opset, specialised, operand);

    private Node Node { get; }

    private int Opset { get; }

    private bool IsPointwise => Node.Is(OperatorNature.Elementwise) || Node.Is(OperatorNature.PerPosition);

    private bool IsFirst => _operand == Node.Input(0);

    private long[]? Dims => _specialised(_operand).Dims;

    /// <summary>Of the operand; where nobody inferred it, what the node's own window says, or that of a picture.</summary>
    private int Rank => Dims?.Length ?? (Node.Ints("kernel_shape") is { } kernel ? kernel.Length + 2 : 4);

    private int OutputRank => _specialised(Node.Outputs[0]).Dims?.Length ?? Rank;

    private double Block => Node.Int("blocksize", 1);

    /// <param name="node">The node as the model has it.</param>
    /// <param name="opset">Version of the model's operators.</param>
    /// <param name="specialised">Gives a value of the model with its shape, and its contents if they are constant.</param>
    /// <param name="operands">The operands that depend on the picture, with where they have the axis; at least one.</param>
    /// <returns>The axis in the node's outputs.</returns>
    public static SpatialAxis Apply(
        Node node, int opset, Func<Value, Value> specialised, IReadOnlyList<(Value Value, SpatialAxis Axis)> operands)
    {
        var (first, x) = operands[0];
        var rules = new ReceptiveFieldRules(node, opset, specialised, first);
        return operands.Count == 1 ? rules.Of(x) : rules.Joined(operands);
    }

    private SpatialAxis Of(SpatialAxis x)
    {
        if (x.Dim < 0) return x;
        if (IsPointwise) return x with { Dim = Aligned(_operand, x) };
        if (Node.Is(OperatorNature.Pool)) return Windowed(x);
        if (Node.Is(OperatorNature.Reduction)) return Reduced(x);
        return Node.Domain.Length == 0 && Rules.TryGetValue(Node.OpType, out var rule) ? rule(this, x) : Mixed(x);
    }

    private SpatialAxis Joined(IReadOnlyList<(Value Value, SpatialAxis Axis)> operands) =>
        // What is unpooled has seen what its places have been chosen by.
        Node is { OpType: "MaxUnpool", Domain: "" } ? Of(operands[0].Axis)
        : IsPointwise || (Node is { OpType: "Concat", Domain: "" } && operands.All(o => o.Axis.Dim < 0 || Axis(1) != o.Axis.Dim))
            ? operands.Select(o => (o.Axis with { Dim = Aligned(o.Value, o.Axis) }, Length(o.Value, o.Axis))).Aggregate(Join).Item1
            : Mixed(operands[0].Axis);

    /// <summary>Operands are broadcast from the last dimension on.</summary>
    private int Aligned(Value value, SpatialAxis x) =>
        x.Dim >= 0 && _specialised(value).Dims is { } dims && _specialised(Node.Outputs[0]).Dims is { } result
            ? x.Dim + result.Length - dims.Length
            : x.Dim;

    private static (SpatialAxis, long) Join((SpatialAxis Axis, long Length) a, (SpatialAxis Axis, long Length) b)
    {
        if (a.Length == 1 && b.Length == 1)
            return (a.Axis with { Field = a.Axis.Field.Union(b.Axis.Field with { Jump = a.Axis.Field.Jump }) }, 1);
        // A field that is global does not combine with one that moves with the position to a sliding window.
        if (b.Length == 1) return (a.Axis with { Field = a.Axis.Field.Unbounded }, a.Length);
        if (a.Length == 1) return (b.Axis with { Field = b.Axis.Field.Unbounded }, b.Length);
        return (a.Axis with { Field = a.Axis.Dim == b.Axis.Dim ? a.Axis.Field.Union(b.Axis.Field) : a.Axis.Field.Unbounded }, a.Length);
    }

    private long Length(Value value, SpatialAxis x) =>
        x.Dim < 0 ? 1 : _specialised(value).Dims is { } dims && x.Dim < dims.Length ? dims[x.Dim] : Shapes.Unknown;

    private SpatialAxis Mixed(SpatialAxis x) => x with { Field = x.Field.Unbounded, Dim = OutputRank == Rank ? x.Dim : -1 };

    private ReceptiveField Whole(SpatialAxis x) => Length(_operand, x) is var n and > 0 ? x.Field.Over(0, n, n) : x.Field.Unbounded;

    /// <summary>The window along the axis; null for an operand that is no [N, C, spatial] input.</summary>
    private Window? Kernel(SpatialAxis x)
    {
        var (i, spatial) = (x.Dim - 2, Rank - 2);
        if (i < 0 || !IsFirst) return null;
        var kernel = Node.Ints("kernel_shape")?[i] ?? _specialised(Node.Required(1)).Dims?[i + 2] ?? throw Malformed("kernel");
        return Window.Along(Node, i, spatial, Length(_operand, x), kernel);
    }

    private SpatialAxis Windowed(SpatialAxis x) =>
        Kernel(x) is { } k ? x with { Field = x.Field.Over(-k.Begin, k.Extent, k.Stride) } : Mixed(x);

    private SpatialAxis Transposed(SpatialAxis x)
    {
        // The padding of auto_pad and output_shape depends on more than the window.
        if (Node.Has("output_shape") || Node.Text("auto_pad", "NOTSET") != "NOTSET" || Kernel(x) is not { } k)
            return x with { Field = x.Field.Unbounded with { Jump = x.Field.Jump / Stride(x) } };
        // Output o = stride i - before + tap, so i runs from (o + before - (extent - 1)) / stride to (o + before) / stride.
        return x with { Field = x.Field.Over((k.Begin - (k.Extent - 1.0)) / k.Stride, (k.Extent - 1.0) / k.Stride + 1, 1.0 / k.Stride) };
    }

    private long Stride(SpatialAxis x) => x.Dim >= 2 && IsFirst ? Node.Ints("strides")?[x.Dim - 2] ?? 1 : 1;

    private SpatialAxis Padded(SpatialAxis x)
    {
        var pads = Node.Ints("pads") ?? Longs(1);
        var axes = Axes(3, Rank) ?? Shapes.Axes(0, Rank);
        var at = Array.IndexOf(axes, x.Dim);
        if (at < 0) return x;
        if (pads is null || pads.Length != 2 * axes.Length) return Mixed(x);
        var (before, most) = (pads[at], Math.Max(pads[at], pads[at + axes.Length]));
        // What stands in the border is read up to that far from where it stands.
        var reach = Node.Text("mode", "constant") switch { "constant" => 0, "edge" => most, "reflect" => 2 * most, _ => -1 };
        return reach < 0 ? Mixed(x) : x with { Field = x.Field.Over(-before - reach, 1 + 2 * reach, 1) };
    }

    private SpatialAxis Sliced(SpatialAxis x)
    {
        var starts = Node.Ints("starts") ?? Longs(1);
        var axes = Axes(3, Rank) ?? Shapes.Axes(0, starts?.Length ?? 0);
        var at = Array.IndexOf(axes, x.Dim);
        if (starts is null) return Mixed(x);
        if (at < 0) return x;
        var step = Node.Input(4) is null ? 1 : Longs(4)?[at] ?? -1;
        if (step < 1 || (starts[at] < 0 && Length(_operand, x) < 0)) return Mixed(x);
        var start = starts[at] < 0 ? Math.Max(starts[at] + Length(_operand, x), 0) : starts[at];
        return x with { Field = x.Field.Over(start, 1, step) };
    }

    private SpatialAxis Resized(SpatialAxis x)
    {
        var (n, m) = (Length(_operand, x), Length(Node.Outputs[0], x));
        if (n <= 0 || m <= 0) return Mixed(x);
        if (n == m) return x;
        var step = (double)n / m;
        var (below, above) = (Node.Text("mode", "nearest"), Node.Text("nearest_mode", Opset < 11 ? "floor" : "round_prefer_floor")) switch
        {
            ("nearest", "floor") => (1.0, 0.0),
            ("nearest", "ceil") => (0.0, 1.0),
            ("nearest", _) => (0.5, 0.5),
            ("linear", _) => (1.0, 1.0),
            _ => (2.0, 2.0),
        };
        if (Node.Int("antialias", 0) != 0) (below, above) = (below * Math.Max(1, step), above * Math.Max(1, step));
        switch (Node.Text("coordinate_transformation_mode", Opset < 11 ? "asymmetric" : "half_pixel"))
        {
            case "asymmetric": return x with { Field = x.Field.Over(-below, 1 + below + above, step) };
            case "align_corners" when m > 1: return x with { Field = x.Field.Over(-below, 1 + below + above, (n - 1.0) / (m - 1)) };
            case "half_pixel" or "pytorch_half_pixel" or "half_pixel_symmetric":
                return x with { Field = x.Field.Over(step / 2 - 0.5 - below, 1 + below + above, step) };
            default: return x with { Field = x.Field.Unbounded with { Jump = x.Field.Jump * step } };
        }
    }

    private SpatialAxis Reduced(SpatialAxis x)
    {
        var axes = Axes(1, Rank) ?? (Node.Int("noop_with_empty_axes", 0) != 0 ? [] : Shapes.Axes(0, Rank));
        var keeps = Node.Int("keepdims", 1) != 0;
        var dim = keeps ? x.Dim : x.Dim - axes.Count(a => a < x.Dim);
        return axes.Contains(x.Dim) ? new SpatialAxis(Whole(x), keeps ? dim : -1) : x with { Dim = dim };
    }

    private SpatialAxis Reshaped(SpatialAxis x)
    {
        // A dimension stays what it is when nothing changes behind it, or nothing before it.
        if (Dims is { } before && _specialised(Node.Outputs[0]).Dims is { } after)
        {
            var moved = x.Dim + after.Length - before.Length;
            if (moved >= 0 && before.AsSpan(x.Dim).SequenceEqual(after.AsSpan(moved))) return x with { Dim = moved };
            if (x.Dim < after.Length && before.AsSpan(0, x.Dim + 1).SequenceEqual(after.AsSpan(0, x.Dim + 1))) return x;
        }

        return new SpatialAxis(Whole(x), -1);
    }

    private SpatialAxis Unsqueezed(SpatialAxis x) =>
        Axes(1, OutputRank) is { } axes
            ? x with { Dim = axes.Order().Aggregate(x.Dim, (dim, axis) => axis <= dim ? dim + 1 : dim) }
            : Mixed(x);

    private SpatialAxis Squeezed(SpatialAxis x)
    {
        var axes = Axes(1, Rank) ?? Dims?.Select((d, i) => (d, (long)i)).Where(d => d.d == 1).Select(d => d.Item2).ToArray();
        if (axes is null) return Mixed(x);
        return x with { Dim = axes.Contains(x.Dim) ? -1 : x.Dim - axes.Count(a => a < x.Dim) };
    }

    private SpatialAxis Gathered(SpatialAxis x)
    {
        var added = (_specialised(Node.Required(1)).Dims?.Length ?? 1) - 1;
        return !IsFirst || Axis(0) == x.Dim ? Mixed(x) : x with { Dim = Axis(0) < x.Dim ? x.Dim + added : x.Dim };
    }

    private int Axis(long otherwise) => Shapes.Axis(Node.Int("axis", otherwise), Rank);

    /// <summary>Axes that are an attribute in old operators and an input in new ones, counted from the front; null if not given.</summary>
    private long[]? Axes(int input, int rank) =>
        (Node.Ints("axes") ?? Longs(input)) is { } axes ? Array.ConvertAll(axes, a => (long)Shapes.Axis(a, rank)) : null;

    private long[]? Longs(int input) => Node.Input(input) is { } value ? _specialised(value).Constant?.ToLongs() : null;

    private OnnxVizException Malformed(string what) => OnnxVizException.Input($"{Node} has no known {what}.");
}
