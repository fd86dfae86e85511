using OnnxViz.Graphs.Inference;

namespace OnnxViz.Autodiff.Rules.Sliding;

/// <summary>
/// dW[m, c, t] = sum over n and o of dY[n, m, o] X[n, c, s o + d t - p]: for every tap t of the kernel the product of dY
/// with what that tap sees of X, as matrices over the windows. A convolution with dY as its kernels would be the same
/// sum, but kernels as large as pictures are slow everywhere.
/// </summary>
/// <param name="g">The convolution, or the transposed one, in which input and output change places.</param>
/// <param name="windows">How the windows move over the wide side along each spatial axis.</param>
/// <param name="group">Number of groups.</param>
internal sealed class ConvWeightGradient(GradientContext g, Window[] windows, long group)
{
    private readonly Dictionary<string, Value> _phases = [];

    /// <param name="wide">The side that the windows look at, [N, C, S], padded to just what they cover.</param>
    /// <param name="narrow">The side with one position per window, [N, M, O].</param>
    /// <returns>[M, C/group, kernel].</returns>
    public Value Of(Value wide, Value narrow)
    {
        var (inputs, outputs, taps) = (wide.Dims![1] / group, narrow.Dims![1] / group, Window.Taps(windows));
        var together = TapsTogether(inputs, outputs);
        var folds = Folds(inputs * together, narrow);
        if (folds) (wide, narrow) = (ChannelsFirst(wide), ChannelsFirst(narrow));
        var dy = Matrices(narrow, folds);
        List<Value> products = [];
        for (var first = 0; first < taps; first += together)
        {
            var count = Math.Min(together, taps - first);
            Value[] seen = [.. Enumerable.Range(first, count).Select(tap => Matrices(Seen(wide, Window.Offset(windows, tap)), folds))];
            var rank = dy.Rank;
            var swap = Shapes.Axes(0, rank);
            (swap[^1], swap[^2]) = (rank - 2, rank - 1);
            var product = g.MatMul(dy, g.Transpose(seen.Length == 1 ? seen[0] : g.Concat(rank - 2, seen), swap));
            products.Add(folds ? product : g.ReduceSum(product, [0], keep: false));
        }

        var all = products.Count == 1 ? products[0] : g.Concat(2, [.. products]);
        var byTap = g.Transpose(g.Reshape(all, group * outputs, taps, inputs), 0, 2, 1);
        return g.Reshape(byTap, [group * outputs, inputs, .. windows.Select(w => w.Kernel)]);
    }

    /// <summary>
    /// What several taps see is stacked while that is no more than the larger side: a product of few rows would
    /// leave the machine idle.
    /// </summary>
    private int TapsTogether(long inputs, long outputs)
    {
        var perWindow = windows.Aggregate(1L, (n, w) => n * w.Stride);
        return (int)Math.Clamp(Math.Max(outputs / inputs, perWindow), 1, Window.Taps(windows));
    }

    /// <summary>
    /// Either one product per picture, which are then added up, or one over the windows of all pictures: that where the
    /// products would be larger than the pictures.
    /// </summary>
    private static bool Folds(long columns, Value narrow)
    {
        long[] sizes = [.. narrow.Dims!.Skip(2)];
        return Shapes.IsStatic(sizes) && columns > Shapes.Count(sizes);
    }

    /// <summary>[N, C, S] to [C, N, S].</summary>
    private Value ChannelsFirst(Value value) => g.Transpose(value, [1, 0, .. Shapes.Axes(2, windows.Length)]);

    /// <summary>[N, C, S] to [N, group, C/group, S], all positions one axis; [C, N, S] to [group, C/group, N S].</summary>
    private Value Matrices(Value value, bool folds) => folds
        ? g.Reshape(value, group, value.Dims![0] / group, -1)
        : g.Reshape(value, 0, group, value.Dims![1] / group, -1);

    /// <summary>What one tap sees, one position per window.</summary>
    private Value Seen(Value wide, long[] offset)
    {
        var phase = Phase(wide, [.. windows.Zip(offset, (w, o) => o % w.Stride)]);
        long[] skipped = [.. windows.Zip(offset, (w, o) => o / w.Stride)];
        // Counted from the end, so that the sizes need not be known.
        long[] left = [.. windows.Zip(offset, (w, o) => (o / w.Stride) - ((w.Extent - 1 - (o % w.Stride)) / w.Stride))];
        return Cut(phase, skipped, left, null);
    }

    /// <summary>Every stride-th position, taken out once for all the taps that look at them.</summary>
    private Value Phase(Value wide, long[] start)
    {
        if (Array.TrueForAll(windows, w => w.Stride == 1)) return wide;
        var key = string.Join(',', start);
        if (!_phases.TryGetValue(key, out var phase)) _phases.Add(key, phase = Cut(wide, start, new long[start.Length], Array.ConvertAll(windows, w => w.Stride)));
        return phase;
    }

    private Value Cut(Value value, long[] starts, long[] left, long[]? steps) =>
        steps is null && starts.All(s => s == 0) && left.All(e => e == 0)
            ? value
            : g.Slice(value, starts, Array.ConvertAll(left, e => e < 0 ? e : long.MaxValue), Shapes.Axes(2, windows.Length), steps);
}
