namespace OnnxViz.Graphs.Folding;

/// <summary>Reductions over axes. Floating-point numbers are added up in float64 and rounded once.</summary>
internal static class Reducing
{
    public static Tensor[]? Max(Node node) => Over(node, double.NegativeInfinity, Math.Max, long.MinValue, Math.Max);

    public static Tensor[]? Min(Node node) => Over(node, double.PositiveInfinity, Math.Min, long.MaxValue, Math.Min);

    public static Tensor[]? Prod(Node node) => Over(node, 1, (a, b) => a * b, 1, (a, b) => a * b);

    public static Tensor[]? Sum(Node node) => Over(node, 0, (a, b) => a + b, 0, (a, b) => a + b);

    public static Tensor[]? Mean(Node node) => Over(node, 0, (a, b) => a + b, 0, (a, b) => a + b, isMean: true);

    private static Tensor[]? Over(
        Node node, double start, Func<double, double, double> real, long first, Func<long, long, long> whole, bool isMean = false)
    {
        var x = node.Constant(0);
        if (!x.Type.IsFloating() && x.Type is not (ElementType.Int64 or ElementType.Int32)) return null;
        if (node.Outputs[0].Dims is not { } kept) return null;
        var count = Shapes.Count(kept);
        if (count == 0 || x.Count == 0) return null;
        var given = node.Input(1)?.Constant?.ToLongs() ?? node.Ints("axes") ?? [];
        if (given.Length == 0 && node.Int("noop_with_empty_axes", 0) != 0) return [x];
        var axes = given.Select(a => Shapes.Axis(a, x.Dims.Length)).ToHashSet();
        return Fold.Lazily(node, () =>
        {
            var places = Places(x, axes);
            var share = isMean ? x.Count / count : 1;
            if (!x.Type.IsFloating())
            {
                var sums = new long[count];
                Array.Fill(sums, first);
                var numbers = x.ToLongs();
                for (var i = 0; i < numbers.Length; i++) sums[places[i]] = whole(sums[places[i]], numbers[i]);
                if (isMean) sums = Array.ConvertAll(sums, n => n / share);
                return Casting.To(Tensor.Of(sums, kept), x.Type).Read();
            }

            var totals = new double[count];
            Array.Fill(totals, start);
            var values = x.ToDoubles();
            for (var i = 0; i < values.Length; i++) totals[places[i]] = real(totals[places[i]], values[i]);
            return Casting.To(Tensor.Of(Array.ConvertAll(totals, t => t / share), kept), x.Type).Read();
        });
    }

    /// <summary>For each element of the source the place in the result that it goes into; no axes are all axes.</summary>
    private static int[] Places(Tensor x, HashSet<int> axes)
    {
        long[] reduced = [.. x.Dims.Select((d, i) => axes.Count == 0 || axes.Contains(i) ? 1 : d)];
        var numbers = new int[Shapes.Count(reduced)];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = i;
        var bytes = StridedCopy.Of(Fold.ToBytes(numbers), sizeof(int), x.Dims, 0, Fold.BroadcastStrides(reduced, reduced.Length));
        return Fold.As<int>(bytes).ToArray();
    }
}
