namespace OnnxViz.Check;

/// <summary>
/// Compares gradients of scores of whole layers with differences along a direction, under the activation pattern of the
/// point. Where the pattern changes right at the point there is a kink, and no derivative: this is told apart from
/// errors by the patterns just left and right of the point.
/// </summary>
internal sealed class DirectionalCheck(FrozenNetwork network, double tolerance)
{
    /// <summary>Of the picture's size: linear pieces allow wide steps, which rounding disturbs less; curved ones end lower.</summary>
    private const double FirstStep = 0.25;

    /// <summary>As close to the point as rounding within the network lets one be.</summary>
    private const double JustBeside = 1 / 262144.0;

    /// <summary>Of so small a share of the decisions some are always just being taken.</summary>
    private const double Rare = 1e-3;

    /// <param name="point">Where, with the gradients there.</param>
    /// <param name="name">What the report calls the direction.</param>
    /// <param name="vector">The direction, as large as the picture.</param>
    /// <param name="only">The layer to compare; null for all.</param>
    public IEnumerable<(int Layer, DirectionResult Result)> Compare(CheckedPoint point, string name, float[] vector, int? only)
    {
        int[] layers = only is { } one ? [one] : [.. Enumerable.Range(0, point.Seeds.Length)];
        var products = Array.ConvertAll(layers, l => Vectors.Dot(point.Gradients[l], vector));
        var scales = layers.Select((l, i) => Math.Max(Math.Abs(products[i]), Vectors.ProductNorm(point.Gradients[l], vector))).ToArray();
        var derivatives = Derivative.Of(t => Scores(point, point.Pattern, layers, vector, t), FirstStep, [.. scales.Select(s => tolerance * s / 10)]);

        ActivationPattern right = Beside(JustBeside), left = Beside(-JustBeside);
        var flips = right.Flips(left);
        var (after, before) = flips == 0 ? (derivatives, derivatives) : (Slopes(right), Slopes(left));
        foreach (var (i, layer) in layers.Index())
        {
            var scale = Math.Max(scales[i], Math.Abs(derivatives[i].Value));
            var verdict = derivatives[i].Judge(products[i], scale, tolerance);
            var error = Math.Abs(derivatives[i].Value - products[i]);
            var bend = Math.Abs(after[i].Value - derivatives[i].Value) + Math.Abs(before[i].Value - derivatives[i].Value);
            // On a tie the gradient is a convention. What rounding decides otherwise in another session is one as well.
            var isTied = flips > Rare * point.Pattern.Count && bend > tolerance * scale;
            if (verdict == Verdict.Agrees ? isTied : error <= 2 * bend) verdict = Verdict.Kink;
            yield return (layer, new DirectionResult(point.Number, name, derivatives[i].Value, products[i], scale > 0 ? error / scale : 0, flips, verdict));
        }

        ActivationPattern Beside(double t) => network.At(Vectors.Moved(point.Image, vector, t));

        Derivative[] Slopes(ActivationPattern pattern) =>
            Derivative.Of(t => Scores(point, pattern, layers, vector, t), FirstStep, [.. scales.Select(s => tolerance * s)]);
    }

    private double[] Scores(CheckedPoint point, ActivationPattern pattern, int[] layers, float[] vector, double t)
    {
        var values = network.Under(pattern, Vectors.Moved(point.Image, vector, t));
        return Array.ConvertAll(layers, l => Vectors.Dot(values[l].ToFloats(), point.Seeds[l]));
    }
}
