namespace OnnxViz.Graphs;

/// <summary>
/// Shapes are arrays of dimensions; -1 stands for a dimension that is not known before the graph runs,
/// null for a shape of unknown rank.
/// </summary>
internal static class Shapes
{
    public const long Unknown = -1;

    /// <summary>No tensor has more elements, nor a dimension that is larger.</summary>
    public const long Largest = 1L << 40;

    /// <summary>No tensor has more dimensions.</summary>
    public const int MostAxes = 64;

    public static bool IsStatic(long[]? dims) => dims is not null && Array.TrueForAll(dims, d => d >= 0);

    /// <summary>Consecutive axes: first, first + 1 ...</summary>
    internal static long[] Axes(int first, int count) => [.. Enumerable.Range(first, count).Select(i => (long)i)];

    /// <exception cref="OnnxVizException">A negative dimension, or more elements than memory could hold.</exception>
    public static long Count(ReadOnlySpan<long> dims)
    {
        long count = 1;
        foreach (var d in dims)
        {
            if (d < 0 || (d > 0 && count > Largest / d))
                throw OnnxVizException.Input($"A tensor of shape [{Text(dims)}] is not possible.");
            count *= d;
        }

        return count;
    }

    /// <summary>The axis counted from the front; ONNX lets it be counted from the back by negative numbers.</summary>
    public static int Axis(long axis, int rank) =>
        axis >= -rank && axis < rank
            ? (int)(axis < 0 ? axis + rank : axis)
            : throw OnnxVizException.Input($"Axis {axis} does not exist in a tensor of rank {rank}.");

    /// <summary>NumPy's broadcasting; null when either rank is unknown.</summary>
    /// <exception cref="OnnxVizException">The shapes do not go together.</exception>
    public static long[]? Broadcast(long[]? a, long[]? b)
    {
        if (a is null || b is null) return null;
        var result = new long[Math.Max(a.Length, b.Length)];
        for (var i = 0; i < result.Length; i++)
        {
            var x = At(a, i - (result.Length - a.Length));
            var y = At(b, i - (result.Length - b.Length));
            result[i] = (x, y) switch
            {
                (1, _) => y,
                (_, 1) => x,
                _ when x == y => x,
                (Unknown, _) => y,
                (_, Unknown) => x,
                _ => throw OnnxVizException.Input($"Shapes [{Text(a)}] and [{Text(b)}] do not broadcast."),
            };
        }

        return result;

        static long At(long[] dims, int i) => i < 0 ? 1 : dims[i];
    }

    /// <summary>"1,3,224,224", with ? for what is not known.</summary>
    public static string Text(ReadOnlySpan<long> dims)
    {
        var parts = new string[dims.Length];
        for (var i = 0; i < dims.Length; i++) parts[i] = dims[i] < 0 ? "?" : dims[i].ToString();
        return string.Join(',', parts);
    }
}
