namespace OnnxViz.Autodiff.Rules.Sampling;

/// <summary>
/// RoiAlign (He et al. 2017, Mask R-CNN): each bin of each region is the mean, or the largest, of a few points read by bilinear
/// interpolation. The mean is a product with a matrix along each axis, and so is its adjoint. Of regions there is no gradient.
/// </summary>
internal static class RoiAlignGradient
{
    public static Value?[] RoiAlign(GradientContext g)
    {
        var mode = g.Node.Text("mode", "avg");
        return mode is "avg" or "max"
            ? [mode == "avg" ? Mean(g) : Largest(g)]
            : throw OnnxVizException.Input($"{g.Node} pools by '{mode}', which has no gradient.");
    }

    private static Value Mean(GradientContext g)
    {
        var (y, x) = (RoiTaps.Along(g, 0), RoiTaps.Along(g, 1));
        var (rows, columns) = (y.Matrix(), x.Matrix());
        // dY [R, C, h, w] by the columns' matrix is [R, h, C, W], and by that of rows, for each picture its regions, [N, H, C, W].
        var wide = g.MatMul(g.Transpose(g.DY, 0, 2, 1, 3), g.Unsqueeze(columns, 1));
        var regions = g.Product(g.Size(g.DY, 0), g.Size(g.DY, 2));
        var ofPicture = g.Mul(g.Unsqueeze(Pictures(g), 1, 3), g.Unsqueeze(rows, 2));
        var left = g.Reshape(ofPicture, g.Join(regions, g.Product(g.Size(g.X(), 0), g.Size(g.X(), 2))));
        var right = g.Reshape(wide, g.Join(regions, g.Product(g.Size(g.X(), 1), g.Size(g.X(), 3))));
        var sum = g.MatMul(g.Transpose(left, 1, 0), right);
        return g.Transpose(g.Reshape(sum, g.SizesOf(g.X(), 0, 2, 1, 3)), 0, 2, 1, 3);
    }

    /// <summary>As ONNX Runtime computes it, the largest of the weighted elements, not of the interpolated points; equal ones share.</summary>
    private static Value Largest(GradientContext g)
    {
        var (x, y, z) = (g.X(), RoiTaps.Along(g, 0), RoiTaps.Along(g, 1));
        var (regions, channels, elements) = (g.Size(g.DY, 0), g.Size(x, 1), g.Product(g.Size(x, 2), g.Size(x, 3)));
        var (h, w) = (g.Size(g.DY, 2), g.Size(g.DY, 3));
        var place = g.Add(g.Mul(g.Unsqueeze(y.Places, 3, 4), g.Size(x, 3)), g.Unsqueeze(z.Places, 1, 2));
        var weight = g.Unsqueeze(g.Mul(g.Unsqueeze(y.Weights, 3, 4), g.Unsqueeze(z.Weights, 1, 2)), 1);
        var pictures = g.Gather(g.Reshape(x, g.Join(g.Size(x, 0), channels, elements)), g.X(2), 0);
        var flat = g.Join(regions, channels, g.Longs(-1));
        var shape = g.Join(regions, channels, h, g.Size(y.Places, 2), w, g.Size(z.Places, 2));
        var places = g.Reshape(g.Expand(g.Unsqueeze(place, 1), shape), flat);
        var read = g.Mul(g.Reshape(g.Emit("GatherElements", [pictures, places], ("axis", 2L)), shape), weight);
        var hits = g.Cast(g.Equal(read, g.ReduceMax(read, [3, 5])), ElementType.Float);
        var share = g.Div(g.Unsqueeze(g.DY, 3, 5), g.ReduceSum(hits, [3, 5]));
        var moved = g.Reshape(g.Mul(g.Mul(hits, share), weight), flat);
        var perRegion = g.ScatterElements(g.Expand(g.Scalar(0), g.Shape(pictures)), places, moved, 2, "add");
        var sum = g.MatMul(g.Transpose(Pictures(g), 1, 0), g.Reshape(perRegion, g.Join(regions, g.Longs(-1))));
        return g.ReshapeLike(sum, x);
    }

    /// <summary>1 where a region lies in a picture, [R, N].</summary>
    private static Value Pictures(GradientContext g) =>
        g.Cast(g.Equal(g.Unsqueeze(g.Cast(g.X(2), ElementType.Int64), 1), g.Count(g.Size(g.X(), 0))), ElementType.Float);
}
