namespace OnnxViz.Autodiff.Rules.Sampling;

/// <summary>
/// DeformConv (Dai et al. 2017, with the masks of Zhu et al. 2019) as a picture sampled where each tap of each position looks, and a
/// product of the samples with the weight. Inputs X, W, offset [N, groups * taps * (y, x), h, w], B, mask [N, groups * taps, h, w].
/// </summary>
internal static class DeformedConvolution
{
    public static Value[] Composed(IEmitter e, Node node)
    {
        var (x, weight, offset) = (node.Required(0), node.Required(1), node.Required(2));
        if (x.Rank != 4 || weight.StaticDims() is not [var filters, _, var kernelH, var kernelW] || x.Dims![1] is not (> 0 and var channels))
            throw OnnxVizException.Input($"{node} has a gradient of pictures only, [N,C,H,W], and needs to know their channels.");
        var (group, offsets, taps) = (node.Int("group", 1), node.Int("offset_group", 1), kernelH * kernelW);
        var (n, h, w) = (e.Size(x, 0), e.Size(offset, 2), e.Size(offset, 3));

        var moves = e.Reshape(offset, e.Join(n, e.Longs(offsets, taps, 2), h, w));
        var (y, z) = (Points(0, kernelH, [kernelH, 1], h), Points(1, kernelW, [1, kernelW], w));
        var grid = e.Reshape(e.Concat(-1, z, y), e.Join(e.Product(n, e.Longs(offsets)), e.Product(e.Longs(taps), h), w, e.Longs(2)));
        var pictures = e.Reshape(x, e.Join(e.Product(n, e.Longs(offsets)), e.Longs(channels / offsets), e.Size(x, 2), e.Size(x, 3)));
        var samples = e.Emit("GridSample", [pictures, grid], ("mode", e.Builder.Graph.Opset < 20 ? "bilinear" : "linear"), ("padding_mode", "zeros"), ("align_corners", 0L));
        var positions = e.Product(h, w);
        if (node.Input(4) is { } mask)
        {
            var each = e.Reshape(samples, e.Join(n, e.Longs(offsets, channels / offsets, taps), positions));
            samples = e.Mul(each, e.Reshape(mask, e.Join(n, e.Longs(offsets, 1, taps), positions)));
        }

        var columns = e.Reshape(samples, e.Join(n, e.Longs(group, channels / group * taps), positions));
        var product = e.MatMul(e.Reshape(weight, group, filters / group, channels / group * taps), columns);
        var result = e.Reshape(product, e.Join(n, e.Longs(filters), h, w));
        return [node.Input(3) is { } bias ? e.Add(result, e.Reshape(bias, -1, 1, 1)) : result];

        // Where the taps look along one axis, [N, groups, taps, h, w, 1], as a grid counts: -1 and 1 are the outer edges.
        Value Points(int axis, long kernel, long[] shape, Value count)
        {
            var (stride, dilation, pad) = (node.Ints("strides")?[axis] ?? 1, node.Ints("dilations")?[axis] ?? 1, node.Ints("pads")?[axis] ?? 0);
            float[] steps = [.. Enumerable.Range(0, (int)kernel).Select(i => (float)((i * dilation) - pad))];
            var tap = e.Reshape(e.Expand(e.Builder.Constant(Tensor.Of(steps, shape)), kernelH, kernelW), taps, 1, 1);
            var position = e.Mul(e.Cast(e.Count(count), ElementType.Float), stride);
            if (axis == 0) position = e.Unsqueeze(position, 1);
            var move = e.Squeeze(e.Slice(moves, [axis], [axis + 1], [3]), 3);
            var point = e.Add(move, e.Add(tap, position));
            var size = e.Cast(e.Size(x, axis + 2), ElementType.Float);
            return e.Unsqueeze(e.Sub(e.Div(e.Add(e.Mul(point, 2), e.Scalar(1)), size), e.Scalar(1)), 5);
        }
    }
}
