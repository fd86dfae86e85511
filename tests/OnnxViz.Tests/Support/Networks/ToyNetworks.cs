using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;

namespace OnnxViz.Tests.Support.Networks;

/// <summary>Networks small enough to be worked out by hand; Captum's and zennit's tests use the same ones.</summary>
internal static class ToyNetworks
{
    /// <summary>0 to 15.</summary>
    public static float[] Ramp { get; } = [.. Enumerable.Range(0, 16).Select(i => (float)i)];

    /// <summary>Conv 1 to 2 of ones with biases -50 and -75, ReLU, FC with four rows of five 1 and three -1, ReLU: [N, 4].</summary>
    /// <param name="b">Receives the nodes "conv" and "relu", among others.</param>
    /// <param name="x">[N, 1, 4, 4].</param>
    public static Value OneConvolution(GraphBuilder b, Value x)
    {
        var conv = b.Node("Conv", [x, Filled(b, 1, 2, 1, 3, 3), b.Constant(Tensor.Of([-50f, -75], 2))], name: "conv")[0];
        var relu = b.Node("Relu", [conv], name: "relu")[0];
        float[] row = [1, 1, 1, 1, 1, -1, -1, -1];
        var weight = b.Constant(Tensor.Of([.. row, .. row, .. row, .. row], 4, 8));
        return b.Relu(b.Emit("Gemm", [b.Emit("Flatten", [relu]), weight], ("transB", 1L)));
    }

    /// <summary>Ones 4x3 with biases -10, 1, 1, 1, ReLU, ones 2x4 with biases -1, 1: [N, 2].</summary>
    /// <param name="b">Receives the node "hidden", among others.</param>
    /// <param name="x">[N, 3].</param>
    public static Value Perceptron(GraphBuilder b, Value x)
    {
        var sums = b.Emit("Gemm", [x, Filled(b, 1, 4, 3), b.Constant(Tensor.Of([-10f, 1, 1, 1], 4))], ("transB", 1L));
        var hidden = b.Node("Relu", [sums], name: "hidden")[0];
        return b.Emit("Gemm", [hidden, Filled(b, 1, 2, 4), b.Constant(Tensor.Of([-1f, 1], 2))], ("transB", 1L));
    }

    public static Value Filled(GraphBuilder b, float value, params long[] dims) =>
        b.Constant(Tensor.Of([.. Enumerable.Repeat(value, (int)Shapes.Count(dims))], dims));

    public static double[] Parse(string numbers) => Array.ConvertAll(numbers.Split(' ', StringSplitOptions.RemoveEmptyEntries), double.Parse);
}
