using OnnxViz.Graphs;
using OnnxViz.Runtime;

namespace OnnxViz.Visualize;

/// <summary>
/// A geometric transform of all pictures of a batch as a sparse matrix that is an input of the step graph: every
/// output pixel is a sum of four input pixels, the transpose (for the gradient) likewise a sum of a few output pixels.
/// Both are gathers with indices computed on the host, so they run without scatter on every provider, and the sums
/// have one order on all of them.
/// </summary>
internal sealed class Warp(int inHeight, int inWidth, int outHeight, int outWidth)
{
    private const int Corners = 4;

    /// <summary>What lies outside the picture: the middle of the range.</summary>
    private const float Outside = 0.5f;

    /// <summary>
    /// How many output pixels one input pixel can reach: with scales up to 1.1 and turns up to 10 degrees the support
    /// of its bilinear hat is narrower than three pixels each way.
    /// </summary>
    private const int Reach = 9;

    private int InSize => inHeight * inWidth;

    private int OutSize => outHeight * outWidth;

    /// <summary>[N, C, H, W] to [N, C, H', W'].</summary>
    public Value Forward(GraphBuilder b, Value picture)
    {
        using var scope = b.Scope("warp");
        var sum = Sum(b, picture, "warp", Corners, InSize, OutSize);
        var filled = b.Add(sum, b.Input("warp_fill", ElementType.Float, OutSize, 1));
        return FromRows(b, filled, picture, outHeight, outWidth);
    }

    /// <summary>The transpose: a gradient for the output becomes one for the input.</summary>
    public Value Adjoint(GraphBuilder b, Value gradient)
    {
        using var scope = b.Scope("warp_adjoint");
        return FromRows(b, Sum(b, gradient, "adjoint", Reach, OutSize, InSize), gradient, inHeight, inWidth);
    }

    /// <summary>Sets the inputs for one step.</summary>
    /// <param name="loop">The step loop.</param>
    /// <param name="source">For an output pixel's centre (x, y) the point of the input that it shows.</param>
    public void Set(StepLoop loop, Func<double, double, (double X, double Y)> source)
    {
        var (indices, weights) = (new int[Corners * OutSize], new float[Corners * OutSize]);
        var (backIndices, backWeights) = (new int[Reach * InSize], new float[Reach * InSize]);
        var used = new int[InSize];
        var fill = new float[OutSize];
        for (var o = 0; o < OutSize; o++)
        {
            var (x, y) = source(o % outWidth, o / outWidth);
            var (left, top) = ((int)Math.Floor(x), (int)Math.Floor(y));
            var (fx, fy) = ((float)(x - left), (float)(y - top));
            var covered = 0f;
            for (var corner = 0; corner < Corners; corner++)
            {
                var (cx, cy) = (left + (corner & 1), top + (corner >> 1));
                if (cx < 0 || cy < 0 || cx >= inWidth || cy >= inHeight) continue;
                var weight = ((corner & 1) == 0 ? 1 - fx : fx) * (corner < 2 ? 1 - fy : fy);
                var i = (cy * inWidth) + cx;
                (indices[(corner * OutSize) + o], weights[(corner * OutSize) + o]) = (i, weight);
                covered += weight;
                if (weight == 0) continue;
                var slot = used[i]++;
                if (slot >= Reach) throw new InvalidOperationException($"A pixel reaches more than {Reach} others: the transform magnifies too much.");
                (backIndices[(slot * InSize) + i], backWeights[(slot * InSize) + i]) = (o, weight);
            }

            fill[o] = Outside * (1 - covered);
        }

        loop.Set("warp_indices", Tensor.Of(indices, Corners * OutSize));
        loop.Set("warp_weights", Tensor.Of(weights, Corners, OutSize, 1));
        loop.Set("adjoint_indices", Tensor.Of(backIndices, Reach * InSize));
        loop.Set("adjoint_weights", Tensor.Of(backWeights, Reach, InSize, 1));
        loop.Set("warp_fill", Tensor.Of(fill, OutSize, 1));
    }

    /// <summary>[out pixels, N * C]: for each the weighted sum of some input pixels. Pixels are rows, so that a gather copies all channels at once.</summary>
    private static Value Sum(GraphBuilder b, Value picture, string name, int terms, int from, int to)
    {
        var dims = picture.StaticDims();
        var channels = dims[0] * dims[1];
        var rows = b.Transpose(b.Reshape(picture, channels, from), 1, 0);
        var gathered = b.Gather(rows, b.Input($"{name}_indices", ElementType.Int32, (long)terms * to), 0);
        var weighted = b.Mul(b.Reshape(gathered, terms, to, channels), b.Input($"{name}_weights", ElementType.Float, terms, to, 1));
        return b.ReduceSum(weighted, [0], keep: false);
    }

    private static Value FromRows(GraphBuilder b, Value rows, Value like, int height, int width)
    {
        var dims = like.StaticDims();
        return b.Reshape(b.Transpose(rows, 1, 0), dims[0], dims[1], height, width);
    }
}
