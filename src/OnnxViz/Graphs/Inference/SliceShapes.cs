using OnnxViz.Graphs.Folding;

namespace OnnxViz.Graphs.Inference;

/// <summary>Operators that cut tensors apart, join them, repeat or pad them.</summary>
internal static class SliceShapes
{
    public static void Slice(ShapeScope s)
    {
        var x = s.Node.Required(0).Dims;
        var starts = s.Given(1) ? s.Elements(1) : Constants(s.Node.Ints("starts"));
        var ends = s.Given(2) ? s.Elements(2) : Constants(s.Node.Ints("ends"));
        if (!s.InputOrAttribute(3, "axes", out var axes) || x is null || starts is null || ends is null)
        {
            s.Set(x is null ? null : ShapeScope.UnknownOfRank(x.Length));
            return;
        }

        axes ??= Shapes.Axes(0, starts.Length);
        var steps = s.Given(4) ? s.Elements(4) : Constants(Enumerable.Repeat(1L, starts.Length).ToArray());
        if (ends.Length != starts.Length || axes.Length != starts.Length || (steps is not null && steps.Length != starts.Length))
            throw ShapeScope.Fail("starts, ends, axes and steps differ in length");
        var y = (long[])x.Clone();
        for (var i = 0; i < axes.Length; i++)
        {
            var axis = Shapes.Axis(axes[i], x.Length);
            y[axis] = (starts[i].Number, ends[i].Number, steps?[i].Number) is ({ } start, { } end, { } step) && x[axis] >= 0
                ? SliceRange.Of(start, end, step, x[axis]).Count
                : Shapes.Unknown;
        }

        s.Set(y);
    }

    public static void Split(ShapeScope s)
    {
        var outputs = s.Node.Outputs.Length;
        var x = s.RankAtLeast(0, 1);
        var sizes = s.Given(1) ? s.Elements(1)?.Select(e => e.Dim).ToArray() : s.Node.Ints("split");
        var axis = x is null ? 0 : Shapes.Axis(s.Node.Int("axis", 0), x.Length);
        if (x is not null && sizes is null && !s.Given(1)) sizes = Chunks(x[axis], s.Node.Int("num_outputs", outputs));
        if (sizes is not null && (sizes.Length != outputs || (x?[axis] >= 0 && Shapes.IsStatic(sizes) && sizes.Sum() != x[axis])))
            throw ShapeScope.Fail($"parts of [{Shapes.Text(sizes)}] along axis {axis} for {outputs} outputs");
        for (var i = 0; i < outputs; i++)
        {
            var y = (long[]?)x?.Clone();
            if (y is not null) y[axis] = sizes?[i] ?? Shapes.Unknown;
            s.Set(y, output: i);
        }
    }

    private const int MostParts = 1 << 20;

    /// <summary>Equal parts; the last is smaller where they do not come out even (opset 18).</summary>
    public static long[] Chunks(long size, long count)
    {
        if (count < 1) throw ShapeScope.Fail($"{count} parts");
        if (size < 0) return ShapeScope.UnknownOfRank(count);
        var part = checked(size + count - 1) / count;
        if (count > MostParts) throw ShapeScope.Fail($"{count} parts");
        return [.. Enumerable.Range(0, (int)count).Select(i => Math.Clamp(size - i * part, 0, part))];
    }

    public static void Concat(ShapeScope s)
    {
        long[]? y = null;
        var axis = 0;
        for (var i = 0; i < s.Node.Inputs.Length; i++)
        {
            if (s.Node.Required(i).Dims is not { } part)
            {
                s.Set(null);
                return;
            }

            if (y is null)
            {
                axis = Shapes.Axis(s.Node.Int("axis", 1), part.Length);
                y = (long[])part.Clone();
                continue;
            }

            if (part.Length != y.Length) throw ShapeScope.Fail("the inputs differ in rank");
            if (s.Node.Required(i).Type is not ElementType.Undefined and var type && s.Node.Required(0).Type is not ElementType.Undefined and var first && type != first)
                throw ShapeScope.Fail($"the inputs hold {first} and {type}");
            for (var d = 0; d < y.Length; d++)
            {
                if (d == axis)
                {
                    y[d] = y[d] < 0 || part[d] < 0 ? Shapes.Unknown : checked(y[d] + part[d]);
                    continue;
                }

                ShapeScope.Match(part[d], y[d], $"dimension {d} of input {i} against those before");
                if (y[d] < 0) y[d] = part[d];
            }
        }

        s.Set(y);
    }

    public static void Pad(ShapeScope s)
    {
        var x = s.Node.Required(0).Dims;
        var pads = s.Given(1) ? s.Elements(1) : Constants(s.Node.Ints("pads") ?? s.Node.Ints("paddings"));
        var axesKnown = !s.Given(3) || s.Longs(3) is not null;
        if (x is null || pads is null || !axesKnown)
        {
            s.Set(x is null ? null : ShapeScope.UnknownOfRank(x.Length));
            return;
        }

        var axes = s.Longs(3) ?? Shapes.Axes(0, x.Length);
        if (pads.Length != 2 * axes.Length) throw ShapeScope.Fail($"{pads.Length} pads for {axes.Length} axes");
        var y = (long[])x.Clone();
        for (var i = 0; i < axes.Length; i++)
        {
            var axis = Shapes.Axis(axes[i], x.Length);
            var known = pads[i].Number is not null && pads[i + axes.Length].Number is not null && x[axis] >= 0;
            y[axis] = known ? checked(x[axis] + pads[i].Number!.Value + pads[i + axes.Length].Number!.Value) : Shapes.Unknown;
            if (known && y[axis] < 0) throw ShapeScope.Fail($"axis {axis} would get size {y[axis]}");
        }

        s.Set(y);
    }

    /// <summary>The shape stays; one axis is of the batch, one of the steps, and each batch has its length.</summary>
    public static void ReverseSequence(ShapeScope s)
    {
        var x = s.RankAtLeast(0, 2);
        var (batch, time) = (s.Node.Int("batch_axis", 1), s.Node.Int("time_axis", 0));
        if (batch is not (0 or 1) || time != 1 - batch) throw ShapeScope.Fail($"batch_axis is {batch} and time_axis {time}; they must be 0 and 1");
        if (s.X(1) is { Length: not 1 }) throw ShapeScope.Fail("the lengths must have one dimension");
        if (x is not null && s.X(1) is [var count]) ShapeScope.Match(count, x[batch], "lengths against the batch");
        s.Set(x);
    }

    public static void CenterCropPad(ShapeScope s)
    {
        var y = (long[]?)s.Node.Required(0).Dims?.Clone();
        var axes = y is null ? [] : s.Node.Ints("axes") ?? Shapes.Axes(0, y.Length);
        var sizes = s.Elements(1);
        if (y is not null && sizes is not null && sizes.Length != axes.Length) throw ShapeScope.Fail($"{sizes.Length} sizes for {axes.Length} axes");
        for (var i = 0; i < axes.Length; i++) y![Shapes.Axis(axes[i], y.Length)] = sizes?[i].Dim ?? Shapes.Unknown;
        s.Set(y);
    }

    public static void Tile(ShapeScope s)
    {
        var x = s.Node.Required(0).Dims;
        var repeats = s.Elements(1);
        if (x is not null && repeats is not null && repeats.Length != x.Length) throw ShapeScope.Fail($"{repeats.Length} repeats for {x.Length} axes");
        s.Set(x?.Select((d, i) => d < 0 || repeats?[i].Number is not { } n ? Shapes.Unknown : checked(d * n)).ToArray());
    }

    private static SymbolicInt[]? Constants(long[]? numbers) => numbers is null ? null : Array.ConvertAll(numbers, n => new SymbolicInt(n));
}
