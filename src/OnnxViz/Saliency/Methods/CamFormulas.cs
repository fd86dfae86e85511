using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;

namespace OnnxViz.Saliency.Methods;

/// <summary>
/// From activations and their gradients, both [N, C, h, w], to the sum over the channels before the last ReLU,
/// [N, 1, h, w]. The small constants in denominators are pytorch-grad-cam's.
/// </summary>
internal static class CamFormulas
{
    private static readonly long[] Channels = [1];

    private static readonly long[] Positions = [2, 3];

    public static Value GradCam(IEmitter e, Value a, Value g) => Sum(e, e.ReduceMean(g, Positions), a);

    /// <summary>alpha = g^2 / (2 g^2 + sum(A) g^3).</summary>
    public static Value GradCamPlusPlus(IEmitter e, Value a, Value g)
    {
        var square = e.Square(g);
        var below = e.Add(e.Mul(square, 2), e.Mul(e.ReduceSum(a, Positions), e.Mul(square, g)));
        var alpha = e.Div(square, e.Add(below, e.Scalar(1e-6f)));
        return Sum(e, e.ReduceSum(e.Mul(e.Relu(g), alpha), Positions), a);
    }

    public static Value XGradCam(IEmitter e, Value a, Value g) =>
        Sum(e, e.Div(e.ReduceSum(e.Mul(g, a), Positions), e.Add(e.ReduceSum(a, Positions), e.Scalar(1e-7f))), a);

    public static Value HiResCam(IEmitter e, Value a, Value g) => Sum(e, g, a);

    public static Value LayerCam(IEmitter e, Value a, Value g) => Sum(e, e.Relu(g), a);

    private static Value Sum(IEmitter e, Value weights, Value a) => e.ReduceSum(e.Mul(weights, a), Channels);
}
