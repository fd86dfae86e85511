namespace OnnxViz.Optimize.Transforms;

/// <summary>
/// Any warp as a sparse matrix: every output pixel is a sum of four input pixels, and in the transpose every input
/// pixel a sum of a few output pixels. Both are gathers with indices computed on the host, so they run without scatter on every provider,
/// and the sums have one order on all of them.
/// </summary>
internal sealed class GatherWarp(WarpPlan plan, int inViews, int views, string name) : Warp(plan, inViews, views, name)
{
    private const int Corners = 4;

    /// <summary>
    /// How many output pixels of a view one input pixel can reach: its bilinear hat becomes a square of twice the
    /// magnification m, and a convex figure holds at most its area, half its border and one grid points
    /// (Nosarzewska 1948): (2 m)^2 + 4 m + 1.
    /// </summary>
    private int Reach => (int)Math.Pow((2 * Math.Max(1, Plan.Magnification)) + 1, 2) * (Views / InViews);

    private int InSize => From.Height * From.Width;

    private int OutSize => To.Height * To.Width;

    public override (Value Views, Func<Value, Value> Adjoint) Forward(GraphBuilder b, Value pictures)
    {
        using var scope = b.Scope(Name("forward"));
        return (Filled(b, Sum(b, pictures, "forward", Corners, InSize * InViews, (Views, To))), Adjoint);

        Value Adjoint(Value gradient)
        {
            using var scope = b.Scope(Name("adjoint"));
            return Sum(b, gradient, "adjoint", Reach, OutSize * Views, (InViews, From));
        }
    }

    protected override IEnumerable<(string Input, Tensor Value)> Inputs(IReadOnlyList<Affine> maps)
    {
        var (ins, outs) = (InSize * InViews, OutSize * Views);
        var (indices, weights) = (new int[Corners * outs], new float[Corners * outs]);
        var (backIndices, backWeights) = (new int[Reach * ins], new float[Reach * ins]);
        var used = new int[ins];
        var fill = new float[outs];
        for (var o = 0; o < outs; o++)
        {
            var (view, at) = Math.DivRem(o, OutSize);
            var (x, y) = maps[view].At((at % To.Width) - ((To.Width - 1) / 2.0), (at / To.Width) - ((To.Height - 1) / 2.0));
            (x, y) = (x + ((From.Width - 1) / 2.0), y + ((From.Height - 1) / 2.0));
            var (left, top) = ((int)Math.Floor(x), (int)Math.Floor(y));
            var (fx, fy) = ((float)(x - left), (float)(y - top));
            var covered = 0f;
            for (var corner = 0; corner < Corners; corner++)
            {
                var (cx, cy) = (left + (corner & 1), top + (corner >> 1));
                if (cx < 0 || cy < 0 || cx >= From.Width || cy >= From.Height) continue;
                var weight = ((corner & 1) == 0 ? 1 - fx : fx) * (corner < 2 ? 1 - fy : fy);
                var i = (InViews == 1 ? 0 : view * InSize) + (cy * From.Width) + cx;
                (indices[(corner * outs) + o], weights[(corner * outs) + o]) = (i, weight);
                covered += weight;
                if (weight == 0) continue;
                var slot = used[i]++;
                (backIndices[(slot * ins) + i], backWeights[(slot * ins) + i]) = (o, weight);
            }

            fill[o] = Outside * (1 - covered);
        }

        yield return (Name("forward_indices"), Tensor.Of(indices, Corners * outs));
        yield return (Name("forward_weights"), Tensor.Of(weights, Corners, outs, 1));
        yield return (Name("adjoint_indices"), Tensor.Of(backIndices, Reach * ins));
        yield return (Name("adjoint_weights"), Tensor.Of(backWeights, Reach, ins, 1));
        yield return (Name("fill"), Tensor.Of(fill, Views, 1, To.Height, To.Width));
    }

    /// <summary>For each pixel the weighted sum of some others. Pixels are rows, so that a gather copies all channels at once.</summary>
    private Value Sum(GraphBuilder b, Value pictures, string direction, int terms, int from, (int Views, (int Height, int Width) Size) to)
    {
        var dims = pictures.StaticDims();
        var (n, channels, pixels) = (dims[0], dims[2], to.Views * to.Size.Height * to.Size.Width);
        var planes = b.Reshape(pictures, n, dims[1], channels, dims[3] * dims[4]);
        var rows = b.Reshape(b.Transpose(planes, 1, 3, 0, 2), from, n * channels);
        var gathered = b.Gather(rows, b.Input(Name($"{direction}_indices"), ElementType.Int32, (long)terms * pixels), 0);
        var weights = b.Input(Name($"{direction}_weights"), ElementType.Float, terms, pixels, 1);
        var sum = b.ReduceSum(b.Mul(b.Reshape(gathered, terms, pixels, n * channels), weights), [0], keep: false);
        var back = b.Transpose(b.Reshape(sum, to.Views, to.Size.Height * to.Size.Width, n, channels), 2, 0, 3, 1);
        return b.Reshape(back, n, to.Views, channels, to.Size.Height, to.Size.Width);
    }
}
