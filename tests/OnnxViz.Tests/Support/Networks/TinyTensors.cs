using OnnxViz.Graphs;

namespace OnnxViz.Tests.Support.Networks;

/// <summary>Tensors of floating type from float64 numbers.</summary>
internal static class TinyTensors
{
    public static Tensor Of(ElementType type, double[] numbers, params long[] dims) => type switch
    {
        ElementType.Float => Tensor.Of(Array.ConvertAll(numbers, n => (float)n), dims),
        ElementType.Double => Tensor.Of(numbers, dims),
        _ => throw new ArgumentException($"No tiny tensors of {type}."),
    };

    /// <summary>Uniform in -1..1.</summary>
    public static Tensor Random(ElementType type, Random random, params long[] dims) => Of(type, Numbers(random, Shapes.Count(dims)), dims);

    /// <summary>Integers of a short range, so that many are equal.</summary>
    public static double[] Tied(Random random, long count, int distinct) =>
        [.. Enumerable.Range(0, (int)count).Select(_ => (double)random.Next(distinct))];

    public static double[] Numbers(Random random, long count) =>
        [.. Enumerable.Range(0, (int)count).Select(_ => (2 * random.NextDouble()) - 1)];
}
