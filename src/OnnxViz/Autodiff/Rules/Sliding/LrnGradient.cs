namespace OnnxViz.Autodiff.Rules.Sliding;

internal static class LrnGradient
{
    /// <summary>Beyond it a matrix of channels by channels is no small one any more.</summary>
    private const long LargestBand = 2048;

    /// <summary>
    /// y = x s^-b with s = bias + (alpha/n) sum of x^2 over n neighbouring channels (Krizhevsky et al. 2012);
    /// dx = dy s^-b - (2 alpha b / n) x sum over the mirrored window of dy x s^(-b-1).
    /// </summary>
    public static Value?[] Lrn(GradientContext g)
    {
        var size = g.Node.Int("size", 1);
        var (alpha, beta, bias) = (g.Node.Float("alpha", 1e-4f), g.Node.Float("beta", 0.75f), g.Node.Float("bias", 1));
        var channels = g.Channels;
        var (before, after) = (Math.Min((size - 1) / 2, channels - 1), Math.Min(size / 2, channels - 1));
        var sum = WindowSum(g.Square(g.X()), before, after);
        var s = g.Add(g.Mul(sum, alpha / size), g.Scalar(bias));
        var passed = g.Mul(g.DY, g.Pow(s, -beta));
        var mixed = WindowSum(g.Div(g.Mul(passed, g.X()), s), after, before);
        return [g.Sub(passed, g.Mul(g.Mul(g.X(), mixed), 2 * alpha * beta / size))];

        // A sum over neighbouring channels is a 1x1 convolution with a band matrix, or one along the channels.
        Value WindowSum(Value x, long left, long right)
        {
            if (channels > LargestBand)
            {
                var ones = new float[left + 1 + right];
                Array.Fill(ones, 1);
                var sums = g.Emit(
                    "Conv", [g.Reshape(x, 0, 1, channels, -1), g.Builder.Constant(Tensor.Of(ones, 1, 1, ones.Length, 1))], ("pads", new[] { left, 0, right, 0 }));
                return g.ReshapeLike(sums, x);
            }

            var band = new float[channels * channels];
            for (var to = 0; to < channels; to++)
                for (var from = Math.Max(0, to - left); from <= Math.Min(channels - 1, to + right); from++) band[(to * channels) + from] = 1;
            var dims = new long[x.Rank];
            Array.Fill(dims, 1);
            (dims[0], dims[1]) = (channels, channels);
            return g.Emit("Conv", [x, g.Builder.Constant(Tensor.Of(band, dims))]);
        }
    }
}
