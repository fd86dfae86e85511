using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Models;
using OnnxViz.Onnx;

namespace OnnxViz.Tests.Support;

/// <summary>A network of which everything is known: each pixel's three colours mixed into three others, which can be undone.</summary>
internal static class ColorMixer
{
    public static float[,] Weights { get; } = { { 1, 0.25f, -0.5f }, { -0.25f, 0.75f, 0.25f }, { 0.5f, 0, 1 } };

    public static float[] Biases { get; } = [0.5f, -0.25f, 0.125f];

    /// <param name="path">Where to save it.</param>
    /// <param name="build">What comes behind the mix; its output is the layer "code".</param>
    public static VisionModel Save(string path, Func<GraphBuilder, Value, Value>? build = null)
    {
        var b = new GraphBuilder("mixer");
        var x = b.Input("image", ElementType.Float, -1, 3, -1, -1);
        float[] weights = [.. Weights.Cast<float>()];
        var mixed = b.Node(
            "Conv", [x, b.Constant(Tensor.Of(weights, 3, 3, 1, 1), "weights"), b.Constant(Tensor.Of(Biases, 3), "biases")],
            new Dictionary<string, object> { ["kernel_shape"] = new long[] { 1, 1 } }, name: "mix")[0];
        b.Expose("code", build is null ? mixed : build(b, mixed));
        OnnxFile.Save(b.Build(), path);
        return VisionModel.Load(path, ModelCatalog.Open(Repository.Carried("")));
    }

    /// <summary>[1, 3, H, W] of random numbers in the range that pictures have for a model of ImageNet's.</summary>
    public static Tensor Picture(int seed, int height, int width, double scale = 1)
    {
        var random = new Random(seed);
        return Tensor.Of([.. Enumerable.Range(0, 3 * height * width).Select(_ => (float)((random.NextDouble() - 0.5) * 4 * scale))], 1, 3, height, width);
    }

    /// <summary>F(x), computed by hand.</summary>
    public static double[] Mixed(double[] picture)
    {
        var size = picture.Length / 3;
        return [.. Enumerable.Range(0, picture.Length).Select(i =>
            Biases[i / size] + Enumerable.Range(0, 3).Sum(c => Weights[i / size, c] * picture[(c * size) + (i % size)]))];
    }
}
