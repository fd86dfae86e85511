namespace OnnxViz.Check;

/// <summary>An input at which gradients are checked, with the scores that are differentiated there.</summary>
internal sealed class CheckedPoint
{
    private readonly CounterRandom _random;

    private CheckedPoint(int number, Tensor image, ActivationPattern pattern, float[][] seeds, CounterRandom random) =>
        (Number, Image, Pattern, Seeds, _random) = (number, image, pattern, seeds, random);

    public int Number { get; }

    /// <summary>[1, ...].</summary>
    public Tensor Image { get; }

    public ActivationPattern Pattern { get; }

    /// <summary>For each layer d score / d layer: one 1 for the highest class, random numbers for others.</summary>
    public float[][] Seeds { get; }

    /// <summary>For each layer d score / d image.</summary>
    public float[][] Gradients { get; set; } = [];

    public static CheckedPoint Of(int number, Tensor image, ActivationPattern pattern, IReadOnlyList<CheckedLayer> layers, CounterRandom random)
    {
        var seeds = layers.Select((l, i) => l.IsClass ? TopClass(pattern.Layers[i]) : Vectors.Gaussian(random, pattern.Layers[i].Count));
        return new CheckedPoint(number, image, pattern, [.. seeds], random);
    }

    /// <summary>Random ones for all layers, then each layer's own gradient; at other points than the first only the first layer's.</summary>
    public IEnumerable<(string Name, float[] Vector, int? Layer)> Directions(int count)
    {
        var scale = Vectors.Scale(Image.ToFloats());
        for (var i = 1; i <= count; i++) yield return ($"random {i}", Vectors.Gaussian(_random, Image.Count, scale), null);
        foreach (var (i, gradient) in Gradients.Index())
        {
            if (Number > 0 && i > 0) yield break;
            var size = Vectors.Scale(gradient);
            yield return ("gradient", Array.ConvertAll(gradient, g => (float)(g / size * scale)), i);
        }
    }

    private static float[] TopClass(Tensor scores)
    {
        var numbers = scores.ToFloats();
        var result = new float[numbers.Length];
        result[Array.IndexOf(numbers, numbers.Max())] = 1;
        return result;
    }
}
