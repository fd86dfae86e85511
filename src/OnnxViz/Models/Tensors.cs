namespace OnnxViz.Models;

/// <summary>Batches of tensors.</summary>
internal static class Tensors
{
    /// <summary>Joins float32 tensors along the first axis.</summary>
    public static Tensor Stack(IReadOnlyList<Tensor> rows)
    {
        if (rows.Count == 1) return rows[0];
        var bytes = new byte[rows.Sum(r => r.ByteLength)];
        var at = 0;
        foreach (var row in rows)
        {
            row.Bytes.CopyTo(bytes, at);
            at += row.Bytes.Length;
        }

        long[] dims = [rows.Sum(r => r.Dims[0]), .. rows[0].Dims[1..]];
        return new Tensor(rows[0].Type, dims, () => bytes);
    }

    /// <summary>[rows, ...] from the elements of each row.</summary>
    public static Tensor Join(IReadOnlyList<float[]> rows, long[] dims) =>
        Tensor.Of([.. rows.SelectMany(r => r)], [rows.Count, .. dims]);

    /// <summary>Some elements of the first axis of a float32 tensor, with that axis.</summary>
    public static Tensor Rows(Tensor tensor, int first, int count)
    {
        if (first == 0 && count == tensor.Dims[0]) return tensor;
        var size = (int)(tensor.Count / tensor.Dims[0]);
        return Tensor.Of(tensor.As<float>().Slice(first * size, count * size), [count, .. tensor.Dims[1..]]);
    }

    /// <summary>One element of the first axis, without that axis.</summary>
    public static ReadOnlySpan<float> Row(Tensor tensor, int row)
    {
        var size = (int)(tensor.Count / tensor.Dims[0]);
        return tensor.As<float>().Slice(row * size, size);
    }
}

/// <summary>Results with NaN or infinite numbers are no results.</summary>
internal static class Finite
{
    /// <exception cref="OnnxVizException">There are such numbers in the tensor.</exception>
    public static Tensor Checked(Tensor tensor, string what, string model)
    {
        var bad = 0L;
        foreach (var number in tensor.As<float>())
            if (!float.IsFinite(number)) bad++;
        return bad == 0 ? tensor : throw OnnxVizException.Input(
            $"{bad} of the {tensor.Count} numbers in {what} of {model} are NaN or infinite: its weights or the input hold such numbers, or too large ones.");
    }
}
