namespace OnnxViz.Objectives;

/// <summary>What is maximised or explained, as a number for every row of the batch.</summary>
/// <param name="Value">[N], one score per row.</param>
/// <param name="Constants">Values that the score depends on but that count as constants when it is differentiated.</param>
internal sealed record Score(Value Value, IReadOnlySet<Value> Constants);

/// <summary>How a unit's map a becomes one number.</summary>
public enum Reduction
{
    /// <summary>mean(a): Lucid's channel objective.</summary>
    Mean,

    /// <summary>a[H/2, W/2]: Lucid's neuron objective.</summary>
    Center,

    /// <summary>max(a); equal maxima share the gradient.</summary>
    Max,

    /// <summary>sqrt(mean(a^2)).</summary>
    Rms,

    /// <summary>-mean((a - t)^2) with t = max(a)^2 taken as a constant: a squared error to a target out of reach.</summary>
    Target,
}

internal static class Reductions
{
    /// <summary>Far below any square that float32 activations have, far above its smallest number.</summary>
    private const float Tiny = 1e-24f;

    /// <param name="e">Receives the nodes.</param>
    /// <param name="reduction">How the map becomes a number.</param>
    /// <param name="activation">[N, C, spatial...] or [N, K]: units are on axis 1.</param>
    /// <param name="unit">int64 [N], one unit per row: an input of the graph, so that one session serves all units.</param>
    public static Score Score(this IEmitter e, Reduction reduction, Value activation, Value unit) => e.Reduce(reduction, e.UnitMap(activation, unit));

    /// <param name="e">Receives the nodes.</param>
    /// <param name="reduction">How the map becomes a number.</param>
    /// <param name="map">[N, spatial...] or [N].</param>
    public static Score Reduce(this IEmitter e, Reduction reduction, Value map)
    {
        long[] positions = Shapes.Axes(1, map.Rank - 1);
        switch (reduction)
        {
            case Reduction.Mean:
                return Plain(positions.Length == 0 ? map : e.ReduceMean(map, positions, keep: false));
            case Reduction.Center:
                return Plain(e.At(map, [.. positions.Select(axis => map.StaticDims()[axis] / 2)]));
            case Reduction.Max:
                return Plain(positions.Length == 0 ? map : e.ReduceMax(map, positions, keep: false));
            case Reduction.Rms:
                var square = e.Mul(map, map);
                var mean = positions.Length == 0 ? square : e.ReduceMean(square, positions, keep: false);
                // A unit that is silent everywhere has the gradient 0, not 0/0.
                return Plain(e.Sqrt(e.Max(mean, e.Scalar(Tiny))));
            case Reduction.Target:
                var peak = positions.Length == 0 ? map : e.ReduceMax(map, positions);
                var target = e.Mul(peak, peak);
                var miss = e.Sub(map, target);
                var error = e.Mul(miss, miss);
                return new Score(e.Neg(positions.Length == 0 ? error : e.ReduceMean(error, positions, keep: false)), new HashSet<Value> { target });
            default:
                throw new ArgumentOutOfRangeException(nameof(reduction));
        }
    }

    /// <summary>Of every map [N, spatial...] the number at a position, as the score.</summary>
    public static Score ScoreAt(this IEmitter e, Value map, MapPosition position) => Plain(e.At(map, [.. position.Indices.Select(i => (long)i)]));

    /// <summary>[N]: of every map [N, spatial...] the number at a position.</summary>
    internal static Value At(this IEmitter e, Value map, IReadOnlyList<long> position)
    {
        long[] axes = Shapes.Axes(1, position.Count);
        return e.Reshape(position.Count == 0 ? map : e.Slice(map, [.. position], [.. position.Select(p => p + 1)], axes), -1);
    }

    /// <summary>[N, spatial...]: of every row the map of its own unit.</summary>
    internal static Value UnitMap(this IEmitter e, Value activation, Value unit)
    {
        var dims = activation.StaticDims();
        if (dims.Length < 2) throw OnnxVizException.Input($"'{activation.Name}' has the shape [{Shapes.Text(dims)}]: no axis of units.");
        long[] perUnit = [1, dims[1], .. Enumerable.Repeat(1L, dims.Length - 2)];
        long[] perRow = [dims[0], .. Enumerable.Repeat(1L, dims.Length - 1)];
        var numbers = e.Builder.Constant(Tensor.Of([.. Enumerable.Range(0, (int)dims[1]).Select(i => (long)i)], perUnit));
        var chosen = e.Cast(e.Equal(numbers, e.Reshape(unit, perRow)), ElementType.Float);
        return e.ReduceSum(e.Mul(activation, chosen), [1], keep: false);
    }

    private static Score Plain(Value value) => new(value, new HashSet<Value>());
}
