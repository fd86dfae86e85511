namespace OnnxViz.Models.Inputs;

/// <summary>
/// Inputs of any axes as planes of lines and columns, [N, planes, H, W], channel by channel and in each slice by slice: what optimises
/// pictures, with its transforms and penalties, knows nothing else. A signal is one line.
/// </summary>
internal static class InputPlanes
{
    private const string Canonical = "ncdhwt";

    /// <param name="e">Receives the nodes.</param>
    /// <param name="input">As the model takes it, of known dimensions.</param>
    /// <param name="c">How the model takes it; its lines and columns do not matter.</param>
    public static Value ToPlanes(this IEmitter e, Value input, InputLayout c)
    {
        var letters = c.Axes.Letters();
        var dims = input.StaticDims();
        long[] order = [.. Order(letters).Select(at => (long)at)];
        if (!order.SequenceEqual(Shapes.Axes(0, order.Length))) input = e.Transpose(input, order);
        return letters.Length == 4 && c.Depth == 1 ? input : e.Reshape(input, dims[0], c.Planes, c.Axes.Length(dims, 'h'), c.Axes.Length(dims, c.Axes.IsSignal() ? 't' : 'w'));
    }

    /// <summary>The inverse of <see cref="ToPlanes(IEmitter, Value, InputLayout)"/>.</summary>
    public static Value FromPlanes(this IEmitter e, Value planes, InputLayout c)
    {
        var letters = c.Axes.Letters();
        var (order, dims) = (Order(letters), planes.StaticDims());
        var lengths = c.Axes.Dims(dims[0], c.Channels, c.Depth, dims[2], dims[3]);
        var input = letters.Length == 4 && c.Depth == 1 ? planes : e.Reshape(planes, [.. order.Select(at => lengths[at])]);
        long[] back = [.. Enumerable.Range(0, order.Length).Select(axis => (long)Array.IndexOf(order, axis))];
        return back.SequenceEqual(Shapes.Axes(0, back.Length)) ? input : e.Transpose(input, back);
    }

    /// <summary>The same of one row's numbers.</summary>
    public static float[] ToPlanes(ReadOnlySpan<float> row, InputLayout c)
    {
        var (layout, result) = (LayoutOf(row.Length, c), new float[row.Length]);
        for (var i = 0; i < result.Length; i++) result[i] = row[layout.At(i / layout.Pixels, i % layout.Pixels)];
        return result;
    }

    /// <summary>The inverse of <see cref="ToPlanes(ReadOnlySpan{float}, InputLayout)"/>.</summary>
    public static float[] FromPlanes(ReadOnlySpan<float> planes, InputLayout c)
    {
        var (layout, result) = (LayoutOf(planes.Length, c), new float[planes.Length]);
        for (var i = 0; i < result.Length; i++) result[layout.At(i / layout.Pixels, i % layout.Pixels)] = planes[i];
        return result;
    }

    /// <summary>One number for each channel as one for each plane, [planes, 1, 1].</summary>
    public static Value PerPlane(this IEmitter e, IReadOnlyList<float> channels, InputLayout c) =>
        e.Builder.Constant(Tensor.Of([.. channels.SelectMany(n => Enumerable.Repeat(n, c.Depth))], c.Planes, 1, 1));

    private static InputLayout LayoutOf(int numbers, InputLayout c) => new(c.Axes, c.Channels, c.Depth, 1, numbers / c.Planes);

    /// <summary>The axes of the input in the order n, c, d, h, w.</summary>
    private static int[] Order(string letters) => [.. Enumerable.Range(0, letters.Length).OrderBy(at => Canonical.IndexOf(letters[at], StringComparison.Ordinal))];
}
