namespace OnnxViz.Diff;

/// <summary>How the activations of a layer's units differ between two versions of a network, over pictures as they come.</summary>
/// <param name="pair">The layer.</param>
internal sealed class LayerChange(LayerPair pair)
{
    private readonly double[] _before = new double[pair.Units], _after = new double[pair.Units], _difference = new double[pair.Units];
    private readonly (float Value, int Picture)[] _strongestBefore = Start(pair.Units), _strongestAfter = Start(pair.Units);

    public LayerPair Pair => pair;

    /// <summary>Of all units together; see <see cref="Of"/>.</summary>
    public double Whole => Change(_difference.Sum(), _before.Sum(), _after.Sum());

    /// <summary>
    /// |a - b| / max(|a|, |b|), Euclidean norms over all pictures and positions: 0 where nothing changed, about 1 where one of them is silent, 2 where each is
    /// the other's negative.
    /// </summary>
    public double Of(int unit) => Change(_difference[unit], _before[unit], _after[unit]);

    /// <summary>How loud a unit is beside the loudest of its layer, 0 to 1: what is nearly silent may change by a lot and mean little.</summary>
    public double Loudness(int unit)
    {
        var most = Math.Max(_before.Max(), _after.Max());
        return most > 0 ? Math.Sqrt(Math.Max(_before[unit], _after[unit]) / most) : 0;
    }

    /// <summary>The picture in which the unit's strongest activation was, in each version.</summary>
    public (int Before, int After) Strongest(int unit) => (_strongestBefore[unit].Picture, _strongestAfter[unit].Picture);

    /// <summary>Adds a picture.</summary>
    /// <param name="picture">Its number.</param>
    /// <param name="before">[1, units, ...].</param>
    /// <param name="after">Likewise; of another number of positions the means over them count.</param>
    public void Add(int picture, Tensor before, Tensor after)
    {
        var a = before.As<float>();
        var b = after.As<float>();
        var (sizeA, sizeB) = (a.Length / pair.Units, b.Length / pair.Units);
        for (var unit = 0; unit < pair.Units; unit++)
        {
            var x = a.Slice(unit * sizeA, sizeA);
            var y = b.Slice(unit * sizeB, sizeB);
            if (sizeA == sizeB) Add(unit, x, y);
            else Add(unit, [Mean(x)], [Mean(y)]);
            Note(ref _strongestBefore[unit], x, picture);
            Note(ref _strongestAfter[unit], y, picture);
        }
    }

    private void Add(int unit, ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        for (var i = 0; i < x.Length; i++)
        {
            double p = x[i], q = y[i];
            _before[unit] += p * p;
            _after[unit] += q * q;
            _difference[unit] += (p - q) * (p - q);
        }
    }

    private static (float, int)[] Start(int units) => [.. Enumerable.Repeat((float.NegativeInfinity, 0), units)];

    private static void Note(ref (float Value, int Picture) strongest, ReadOnlySpan<float> map, int picture)
    {
        foreach (var value in map)
            if (value > strongest.Value) strongest = (value, picture);
    }

    private static float Mean(ReadOnlySpan<float> map)
    {
        var sum = 0.0;
        foreach (var value in map) sum += value;
        return (float)(sum / map.Length);
    }

    private static double Change(double difference, double before, double after) => Math.Max(before, after) is > 0 and var most ? Math.Sqrt(difference / most) : 0;
}
