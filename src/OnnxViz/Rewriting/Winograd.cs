using System.Runtime.InteropServices;

namespace OnnxViz.Rewriting;

/// <summary>
/// A 3 x 3 convolution by Winograd's minimal filtering F(4 x 4, 3 x 3) (Lavin and Gray, arXiv:1509.09308): 36 products for 16
/// results, where the direct way takes 144. Tiles of 6 x 6 positions, 4 apart, are transformed to 36 matrices
/// [tiles, channels], multiplied by the transformed weights, and transformed back. Channels lie last all the way, so that
/// the transforms are products of one small matrix with long rows. Errors are some 4e-6 of the result's size.
/// </summary>
internal static class Winograd
{
    private const int Tile = 6, Step = 4, Kernel = 3;

    /// <summary>B^T, G and A^T of the paper for the points 0, 1, -1, 2, -2 and infinity.</summary>
    private static readonly double[,] Input =
    {
        { 4, 0, -5, 0, 1, 0 }, { 0, -4, -4, 1, 1, 0 }, { 0, 4, -4, -1, 1, 0 }, { 0, -2, -1, 2, 1, 0 }, { 0, 2, -1, -2, 1, 0 }, { 0, 4, 0, -5, 0, 1 },
    };

    private static readonly double[,] Weight =
    {
        { 1 / 4.0, 0, 0 }, { -1 / 6.0, -1 / 6.0, -1 / 6.0 }, { -1 / 6.0, 1 / 6.0, -1 / 6.0 }, { 1 / 24.0, 1 / 12.0, 1 / 6.0 }, { 1 / 24.0, -1 / 12.0, 1 / 6.0 }, { 0, 0, 1 },
    };

    private static readonly double[,] Output = { { 1, 1, 1, 1, 1, 0 }, { 0, 1, -1, 2, -2, 0 }, { 0, 1, 1, 4, 4, 0 }, { 0, 1, -1, 8, -8, 1 } };

    /// <summary>Whether a node is a convolution of this kind: float32, known sizes and weights, a kernel of 3 x 3 that moves by 1.</summary>
    public static bool Takes(Node node) =>
        node is { OpType: "Conv", Domain: "" } && node.Required(0) is { Type: ElementType.Float, HasStaticShape: true, Rank: 4 } && node.Required(1) is { Constant: not null, Dims: [_, _, Kernel, Kernel] }
        && node.Outputs[0].HasStaticShape && node.Int("group", 1) == 1 && All(node.Ints("strides"), 1) && All(node.Ints("dilations"), 1)
        && node.Text("auto_pad", "NOTSET") == "NOTSET" && (node.Ints("pads") is not { } pads || Array.TrueForAll(pads, p => p is >= 0 and < Kernel));

    /// <param name="e">Receives the nodes.</param>
    /// <param name="node">A convolution that it takes.</param>
    /// <param name="x">What stands for the convolution's input, [N, C, H, W].</param>
    /// <param name="bias">What stands for its bias; null where it has none.</param>
    /// <returns>[N, K, H', W'].</returns>
    public static Value Emit(IEmitter e, Node node, Value x, Value? bias)
    {
        var (n, c, h, w) = (x.Dims![0], x.Dims[1], x.Dims[2], x.Dims[3]);
        var (k, rows, columns) = (node.Outputs[0].Dims![1], node.Outputs[0].Dims![2], node.Outputs[0].Dims![3]);
        var pads = node.Ints("pads") ?? new long[4];
        var (down, across) = (Tiles(rows), Tiles(columns));
        var last = e.Transpose(x, 0, 2, 3, 1);
        // [N, 6 down, W, C], then [N, 6 down, 6 across, C].
        var vertical = e.Emit("MatMul", [Into(e, h, rows, pads[0]), e.Reshape(last, [n, h, w * c])]);
        var tiles = e.Emit("MatMul", [Into(e, w, columns, pads[1]), e.Reshape(vertical, [n * Tile * down, w, c])]);
        var frequencies = e.Transpose(e.Reshape(tiles, [n, Tile, down, Tile, across, c]), 1, 3, 0, 2, 4, 5);
        var product = e.Emit("MatMul", [e.Reshape(frequencies, [Tile * Tile, n * down * across, c]), e.Builder.Constant(Transformed(node.Required(1)))]);
        var back = e.Transpose(e.Reshape(product, [Tile, Tile, n, down, across, k]), 2, 0, 3, 1, 4, 5);
        var wide = e.Emit("MatMul", [OutOf(e, columns), e.Reshape(back, [n * Tile * down, Tile * across, k])]);
        var result = e.Reshape(e.Emit("MatMul", [OutOf(e, rows), e.Reshape(wide, [n, Tile * down, columns * k])]), [n, rows, columns, k]);
        return e.Transpose(bias is null ? result : e.Add(result, bias), 0, 3, 1, 2);
    }

    /// <summary>Bytes of the weights in their transformed form.</summary>
    public static long BytesOf(Node node) => Shapes.Count(node.Required(1).Dims) / (Kernel * Kernel) * Tile * Tile * sizeof(float);

    private static long Tiles(long size) => (size + Step - 1) / Step;

    /// <summary>[6 tiles, size]: row k tiles + i gives number k of tile i, whose first position is 4 i - pad.</summary>
    private static Value Into(IEmitter e, long size, long results, long pad)
    {
        var tiles = Tiles(results);
        var matrix = new float[Tile * tiles * size];
        for (var k = 0; k < Tile; k++)
            for (var i = 0; i < tiles; i++)
                for (var j = 0; j < Tile; j++)
                    if ((Step * i) + j - pad is var at and >= 0 && at < size) matrix[(((k * tiles) + i) * size) + at] = (float)Input[k, j];
        return e.Builder.Constant(Tensor.Of(matrix, Tile * tiles, size));
    }

    /// <summary>[results, 6 tiles]: the way back, without what the last tile has beyond the end.</summary>
    private static Value OutOf(IEmitter e, long results)
    {
        var tiles = Tiles(results);
        var matrix = new float[results * Tile * tiles];
        for (var at = 0; at < results; at++)
            for (var k = 0; k < Tile; k++)
                matrix[(at * Tile * tiles) + (k * tiles) + (at / Step)] = (float)Output[at % Step, k];
        return e.Builder.Constant(Tensor.Of(matrix, results, Tile * tiles));
    }

    /// <summary>[K, C, 3, 3] to G w G^T as [36, C, K], when it is asked for.</summary>
    private static Tensor Transformed(Value weight)
    {
        var (k, c) = ((int)weight.Dims![0], (int)weight.Dims[1]);
        return new Tensor(ElementType.Float, [Tile * Tile, c, k], () => weight.Constant!.Use(bytes => Transformed(bytes, k, c)));
    }

    private static byte[] Transformed(byte[] weights, int k, int c)
    {
        var target = Scratch.Take((long)Tile * Tile * c * k * sizeof(float));
        Parallel.For(0, c, channel =>
        {
            var plain = MemoryMarshal.Cast<byte, float>(weights.AsSpan());
            var result = MemoryMarshal.Cast<byte, float>(target.AsSpan());
            Span<double> half = stackalloc double[Tile * Kernel];
            for (var unit = 0; unit < k; unit++)
            {
                var from = plain.Slice(((unit * c) + channel) * Kernel * Kernel, Kernel * Kernel);
                for (var i = 0; i < Tile; i++)
                    for (var j = 0; j < Kernel; j++)
                        half[(i * Kernel) + j] = (Weight[i, 0] * from[j]) + (Weight[i, 1] * from[Kernel + j]) + (Weight[i, 2] * from[(2 * Kernel) + j]);
                for (var i = 0; i < Tile; i++)
                    for (var j = 0; j < Tile; j++)
                    {
                        var sum = (half[i * Kernel] * Weight[j, 0]) + (half[(i * Kernel) + 1] * Weight[j, 1]) + (half[(i * Kernel) + 2] * Weight[j, 2]);
                        result[(((i * Tile) + j) * c * k) + (channel * k) + unit] = (float)sum;
                    }
            }
        });
        return target;
    }

    private static bool All(long[]? numbers, long expected) => numbers is null || Array.TrueForAll(numbers, n => n == expected);
}
