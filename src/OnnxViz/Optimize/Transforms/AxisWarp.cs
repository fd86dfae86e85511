namespace OnnxViz.Optimize.Transforms;

/// <summary>
/// A warp that keeps rows and columns, such as a crop or a scale: a product with one matrix for the rows and one for the
/// columns, in steps of the picture between bilinear, and antialiased where the picture shrinks.
/// </summary>
internal sealed class AxisWarp(WarpPlan plan, int inViews, int views, string name) : Warp(plan, inViews, views, name)
{
    public override (Value Views, Func<Value, Value> Adjoint) Forward(GraphBuilder b, Value pictures)
    {
        using var scope = b.Scope(Name("forward"));
        var rows = b.Input(Name("rows"), ElementType.Float, Views, 1, To.Height, From.Height);
        var columns = b.Input(Name("columns"), ElementType.Float, Views, 1, From.Width, To.Width);
        return (Filled(b, b.MatMul(b.MatMul(rows, pictures), columns)), Adjoint);

        Value Adjoint(Value gradient)
        {
            using var scope = b.Scope(Name("adjoint"));
            var back = b.MatMul(b.MatMul(b.Transpose(rows, 0, 1, 3, 2), gradient), b.Transpose(columns, 0, 1, 3, 2));
            return InViews == Views ? back : b.ReduceSum(back, [1]);
        }
    }

    protected override IEnumerable<(string Input, Tensor Value)> Inputs(IReadOnlyList<Affine> maps)
    {
        var rows = new float[Views * To.Height * From.Height];
        var columns = new float[Views * From.Width * To.Width];
        var fill = new float[Views * To.Height * To.Width];
        foreach (var (view, map) in maps.Index())
        {
            var down = Weights(map.Yy, map.Y0, From.Height, To.Height);
            var across = Weights(map.Xx, map.X0, From.Width, To.Width);
            down.Matrix.CopyTo(rows, view * down.Matrix.Length);
            for (var x = 0; x < To.Width; x++)
                for (var i = 0; i < From.Width; i++) columns[(((view * From.Width) + i) * To.Width) + x] = across.Matrix[(x * From.Width) + i];
            for (var y = 0; y < To.Height; y++)
                for (var x = 0; x < To.Width; x++)
                    fill[(((view * To.Height) + y) * To.Width) + x] = (float)(Outside * (1 - (down.Covered[y] * across.Covered[x])));
        }

        yield return (Name("rows"), Tensor.Of(rows, Views, 1, To.Height, From.Height));
        yield return (Name("columns"), Tensor.Of(columns, Views, 1, From.Width, To.Width));
        yield return (Name("fill"), Tensor.Of(fill, Views, 1, To.Height, To.Width));
    }

    /// <summary>[to, from], and how much of each output lies inside.</summary>
    private static (float[] Matrix, double[] Covered) Weights(double step, double shift, int from, int to)
    {
        var (matrix, covered) = (new float[to * from], new double[to]);
        var support = Math.Max(1, Math.Abs(step));
        for (var o = 0; o < to; o++)
        {
            var place = (step * (o - ((to - 1) / 2.0))) + shift + ((from - 1) / 2.0);
            var (first, last) = ((int)Math.Ceiling(place - support), (int)Math.Floor(place + support));
            var total = 0.0;
            for (var i = first; i <= last; i++) total += Hat(i);
            for (var i = Math.Max(first, 0); i <= Math.Min(last, from - 1); i++)
            {
                matrix[(o * from) + i] = (float)(Hat(i) / total);
                covered[o] += Hat(i) / total;
            }

            double Hat(int i) => Math.Max(0, 1 - (Math.Abs(i - place) / support));
        }

        return (matrix, covered);
    }
}
