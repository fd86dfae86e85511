namespace OnnxViz.Graphs.Emit;

/// <summary>
/// Sizes as 1-D int64 values, so that what is built on them is right for any size of picture: constants where the sizes
/// are known, so that the builder folds whatever is computed from them, and else computed while the graph runs.
/// </summary>
internal static class Sizes
{
    /// <summary>All dimensions of a value, [rank].</summary>
    public static Value Shape(this IEmitter e, Value value) =>
        value.HasStaticShape ? e.Builder.Longs(value.Dims!) : e.Emit("Shape", [value]);

    /// <summary>One dimension of a value, [1].</summary>
    public static Value Size(this IEmitter e, Value value, int axis)
    {
        axis = Shapes.Axis(axis, value.Rank);
        return value.Dims![axis] is >= 0 and var known
            ? e.Builder.Longs(known)
            : e.Emit("Shape", [value], ("start", (long)axis), ("end", axis + 1L));
    }

    /// <summary>Some dimensions of a value one after another, [axes].</summary>
    public static Value SizesOf(this IEmitter e, Value value, params int[] axes) =>
        axes.Length == 0 ? e.Builder.Longs() : e.Join([.. axes.Select(axis => e.Size(value, axis))]);

    /// <summary>The dimensions behind batch and channels, [rank - 2].</summary>
    public static Value SpatialSizes(this IEmitter e, Value value) => e.SizesOf(value, [.. Enumerable.Range(2, value.Rank - 2)]);

    /// <summary>1-D int64 values one after another.</summary>
    public static Value Join(this IEmitter e, params Value[] parts) => parts.Length == 1 ? parts[0] : e.Concat(0, parts);

    /// <summary>One number of a 1-D int64 value, [1].</summary>
    public static Value At(this IEmitter e, Value numbers, int index) => e.Slice(numbers, [index], [index + 1], [0]);

    /// <summary>The product of the numbers, [1].</summary>
    public static Value Product(this IEmitter e, params Value[] numbers) =>
        numbers.Length == 0 ? e.Builder.Longs(1) : numbers.Aggregate((a, b) => e.Mul(a, b));

    public static Value Longs(this IEmitter e, params long[] values) => e.Builder.Longs(values);

    public static Value Reshape(this IEmitter e, Value a, Value dims) => e.Emit("Reshape", [a, dims]);

    public static Value Expand(this IEmitter e, Value a, Value dims) => e.Emit("Expand", [a, dims]);

    public static Value Slice(this IEmitter e, Value a, Value starts, Value ends, long[] axes, long[]? steps = null) =>
        e.Emit("Slice", steps is null
            ? [a, starts, ends, e.Builder.Longs(axes)]
            : [a, starts, ends, e.Builder.Longs(axes), e.Builder.Longs(steps)]);

    /// <summary>Pads with a constant: all begins, then all ends; negative numbers crop.</summary>
    public static Value Pad(this IEmitter e, Value a, Value pads, float value = 0) =>
        pads.Constant is { } known ? e.Pad(a, known.ToLongs(), value) : e.Emit("Pad", [a, pads, e.Scalar(value)]);

    /// <summary>
    /// Pads some axes with zeros: a number in front for each of them, then a number behind for each; negative ones crop.
    /// </summary>
    public static Value Pad(this IEmitter e, Value a, Value pads, long[] axes) => e.Pad(a, e.PadsOfAllAxes(pads, axes, a.Rank));

    /// <summary>
    /// The pads of some axes written out for all, [2 rank]: up to 1.31 ONNX Runtime moves a Transpose across a Pad as if it had
    /// no input `axes`.
    /// </summary>
    public static Value PadsOfAllAxes(this IEmitter e, Value pads, long[] axes, int rank)
    {
        var places = Array.ConvertAll(axes, axis => Shapes.Axis(axis, rank));
        return e.Join([.. Enumerable.Range(0, 2 * rank).Select(Amount)]);

        Value Amount(int i) => Array.IndexOf(places, i % rank) is >= 0 and var k ? e.At(pads, k + (i < rank ? 0 : axes.Length)) : e.Longs(0);
    }

    /// <summary>The numbers 0, 1, ... below a 1-D value with one number, [count].</summary>
    public static Value Count(this IEmitter e, Value count) =>
        e.Emit("Range", [e.Builder.Constant(Tensor.Scalar(0L)), e.Squeeze(count, 0), e.Builder.Constant(Tensor.Scalar(1L))]);
}
