namespace OnnxViz.Tests.Support.Networks;

/// <summary>MaxPool's gradient by plain loops, for any number of spatial axes.</summary>
internal static class PlainMaxPool
{
    /// <param name="input">[N, C, spatial...]</param>
    /// <param name="output">[N, C, spatial...]</param>
    /// <param name="attributes">The node's.</param>
    /// <param name="x">The input, row-major.</param>
    /// <param name="dy">The gradient of the output.</param>
    public static double[] Gradient(long[] input, long[] output, IReadOnlyDictionary<string, object> attributes, double[] x, double[] dy)
    {
        var rank = input.Length - 2;
        var kernel = (long[])attributes["kernel_shape"];
        var strides = Of("strides", 1);
        var dilations = Of("dilations", 1);
        var begin = Begin();
        var dx = new double[x.Length];
        var next = 0;
        for (long plane = 0; plane < input[0] * input[1]; plane++)
        {
            foreach (var window in Positions(output[2..]))
            {
                long best = -1;
                foreach (var tap in Positions(kernel))
                {
                    var at = plane;
                    var inside = true;
                    for (var i = 0; i < rank; i++)
                    {
                        var p = (window[i] * strides[i]) - begin[i] + (tap[i] * dilations[i]);
                        inside &= p >= 0 && p < input[i + 2];
                        at = (at * input[i + 2]) + p;
                    }

                    if (inside && (best < 0 || x[at] > x[best])) best = at;
                }

                dx[best] += dy[next++];
            }
        }

        return dx;

        long[] Of(string name, long otherwise) =>
            attributes.TryGetValue(name, out var value) ? (long[])value : [.. Enumerable.Repeat(otherwise, rank)];

        long[] Begin()
        {
            if (!attributes.TryGetValue("auto_pad", out var automatic) || (string)automatic == "VALID") return Of("pads", 0)[..rank];
            var result = new long[rank];
            for (var i = 0; i < rank; i++)
            {
                var missing = Math.Max(0, ((output[i + 2] - 1) * strides[i]) + (dilations[i] * (kernel[i] - 1)) + 1 - input[i + 2]);
                result[i] = (string)automatic == "SAME_LOWER" ? (missing + 1) / 2 : missing / 2;
            }

            return result;
        }
    }

    /// <summary>All positions of a box in row-major order.</summary>
    private static IEnumerable<long[]> Positions(long[] dims)
    {
        var count = dims.Aggregate(1L, (n, d) => n * d);
        for (long k = 0; k < count; k++)
        {
            var position = new long[dims.Length];
            var left = k;
            for (var i = dims.Length - 1; i >= 0; i--) (left, position[i]) = (left / dims[i], left % dims[i]);
            yield return position;
        }
    }
}
