using System.Runtime.CompilerServices;

namespace OnnxViz.Graphs.Folding;

/// <summary>Copies elements of any type and size along strides.</summary>
internal static class StridedCopy
{
    /// <summary>From here on it pays to share the work.</summary>
    private const long ManyElements = 1 << 17;

    /// <summary>
    /// Fills a tensor of the given dimensions, row by row, from the source: the element at (i, j, ...) is that at
    /// start + i * strides[0] + j * strides[1] ... (counted in elements; strides may be 0 or negative).
    /// </summary>
    public static byte[] Of(byte[] source, int size, long[] dims, long start, long[] strides)
    {
        var target = Scratch.Take(Shapes.Count(dims) * size);
        Into(source, target, size, dims, start, strides, 0, Fold.Strides(dims));
        return target;
    }

    /// <summary>The same with a start and strides for the target too.</summary>
    public static void Into(
        byte[] source, byte[] target, int size, long[] dims, long sourceStart, long[] sourceStrides, long targetStart, long[] targetStrides)
    {
        if (Array.IndexOf(dims, 0) >= 0) return;
        (dims, sourceStrides, targetStrides) = Joined(dims, sourceStrides, targetStrides);
        if (dims.Length < 2 || Shapes.Count(dims) < ManyElements)
        {
            Rows(source, target, size, dims, sourceStart, sourceStrides, targetStart, targetStrides);
            return;
        }

        Parallel.For(0, dims[0], i => Rows(
            source, target, size, dims[1..], sourceStart + (i * sourceStrides[0]), sourceStrides[1..], targetStart + (i * targetStrides[0]), targetStrides[1..]));
    }

    /// <summary>Axes that are stepped through as one, on both sides, are one: rows become longer.</summary>
    private static (long[] Dims, long[] Source, long[] Target) Joined(long[] dims, long[] source, long[] target)
    {
        var (joined, from, to) = (new List<long>(), new List<long>(), new List<long>());
        for (var i = 0; i < dims.Length; i++)
        {
            if (dims[i] == 1) continue;
            if (joined.Count > 0 && from[^1] == source[i] * dims[i] && to[^1] == target[i] * dims[i])
            {
                (joined[^1], from[^1], to[^1]) = (joined[^1] * dims[i], source[i], target[i]);
                continue;
            }

            joined.Add(dims[i]);
            from.Add(source[i]);
            to.Add(target[i]);
        }

        return ([.. joined], [.. from], [.. to]);
    }

    private static void Rows(
        byte[] source, byte[] target, int size, long[] dims, long sourceStart, long[] sourceStrides, long targetStart, long[] targetStrides)
    {
        switch (size)
        {
            case 1: Rows<byte>(source, target, dims, sourceStart, sourceStrides, targetStart, targetStrides); break;
            case 2: Rows<ushort>(source, target, dims, sourceStart, sourceStrides, targetStart, targetStrides); break;
            case 4: Rows<uint>(source, target, dims, sourceStart, sourceStrides, targetStart, targetStrides); break;
            default: Rows<ulong>(source, target, dims, sourceStart, sourceStrides, targetStart, targetStrides); break;
        }
    }

    /// <summary>Weights come here once or twice, with millions of numbers: it has no time to become quick by and by.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows<T>(
        byte[] sourceBytes, byte[] targetBytes, long[] dims, long sourceAt, long[] sourceStrides, long targetAt, long[] targetStrides)
        where T : unmanaged
    {
        var source = Fold.As<T>(sourceBytes);
        var target = Fold.As<T>(targetBytes);
        if (dims.Length == 0)
        {
            target[(int)targetAt] = source[(int)sourceAt];
            return;
        }

        var last = dims.Length - 1;
        var (count, sourceStep, targetStep) = ((int)dims[last], (int)sourceStrides[last], (int)targetStrides[last]);
        var index = new long[dims.Length];
        while (true)
        {
            if (sourceStep == 1 && targetStep == 1)
            {
                source.Slice((int)sourceAt, count).CopyTo(target[(int)targetAt..]);
            }
            else if (sourceStep == -1 && targetStep == 1)
            {
                var row = target.Slice((int)targetAt, count);
                source.Slice((int)sourceAt - count + 1, count).CopyTo(row);
                row.Reverse();
            }
            else
            {
                for (int i = 0, from = (int)sourceAt, to = (int)targetAt; i < count; i++, from += sourceStep, to += targetStep)
                    target[to] = source[from];
            }

            var axis = last - 1;
            while (axis >= 0)
            {
                sourceAt += sourceStrides[axis];
                targetAt += targetStrides[axis];
                if (++index[axis] < dims[axis]) break;
                sourceAt -= sourceStrides[axis] * dims[axis];
                targetAt -= targetStrides[axis] * dims[axis];
                index[axis--] = 0;
            }

            if (axis < 0) return;
        }
    }
}
