using OnnxViz.Graphs.Inference;

namespace OnnxViz.Autodiff.Rules.Sliding;

/// <summary>
/// The way back from values for every tap of every window to the picture. What is o strides into the windows and at tap
/// q strides + r belongs to position o + q of the r-th of as many grids as a stride is long; interleaved, the grids are
/// the picture. Moves numbers about and adds them up where windows overlap: a depthwise transposed convolution with one
/// number per kernel would do the same, and CUDA runs those channel by channel.
/// </summary>
internal static class TapGrids
{
    /// <param name="g">Of the operator whose windows they are.</param>
    /// <param name="w">The windows.</param>
    /// <param name="taps">[N, C, windows] for every tap, in row-major order.</param>
    /// <returns>[N, C, input].</returns>
    public static Value Merge(GradientContext g, Windows w, IReadOnlyList<Value> taps)
    {
        var grids = new Dictionary<string, Value>();
        long[] farthest = [.. w.Extents.Zip(w.Strides, (e, s) => (e - 1) / s)];
        for (var tap = 0; tap < taps.Count; tap++)
        {
            var offset = Window.Offset(w.Moves, tap);
            long[] shift = [.. offset.Zip(w.Strides, (o, s) => o / s)];
            var placed = g.Pad(taps[tap], [0, 0, .. shift, 0, 0, .. farthest.Zip(shift, (f, q) => f - q)]);
            var key = Key(offset.Zip(w.Strides, (o, s) => o % s));
            grids[key] = grids.TryGetValue(key, out var sum) ? g.Add(sum, placed) : placed;
        }

        var like = grids.Values.First();
        var empty = new Lazy<Value>(() => g.Zeros(like));
        var whole = Interleaved([], w.Strides, r => grids.GetValueOrDefault(Key(r)) ?? empty.Value);
        var size = g.Mul(g.Add(w.Output, g.Longs(farthest)), g.Longs(w.Strides));
        return g.Pad(whole, g.Join(g.Longs(0, 0), g.Neg(w.Begin), g.Longs(0, 0), g.Sub(g.Add(w.Begin, w.Input), size)));

        Value Interleaved(long[] remainders, long[] strides, Func<long[], Value> grid)
        {
            var axis = remainders.Length;
            if (axis == strides.Length) return grid(remainders);
            Value[] parts = [.. Enumerable.Range(0, (int)strides[axis]).Select(r => Interleaved([.. remainders, r], strides, grid))];
            if (parts.Length == 1) return parts[0];
            var stacked = g.Concat(axis + 3, Array.ConvertAll(parts, part => g.Unsqueeze(part, axis + 3)));
            int[] after = [.. Enumerable.Range(axis + 3, w.Rank - axis - 1)];
            var sizes = new[] { g.SizesOf(parts[0], [.. Enumerable.Range(0, axis + 2)]), g.Mul(g.Size(parts[0], axis + 2), g.Longs(strides[axis])) };
            return g.Reshape(stacked, g.Join([.. sizes, .. after.Length == 0 ? Array.Empty<Value>() : [g.SizesOf(parts[0], after)]]));
        }
    }

    private static string Key(IEnumerable<long> remainders) => string.Join(',', remainders);
}
