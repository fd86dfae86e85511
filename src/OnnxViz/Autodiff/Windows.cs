using OnnxViz.Graphs;

namespace OnnxViz.Autodiff;

/// <summary>
/// How a convolution or pooling window moves: per spatial axis kernel, stride, dilation and what it pads before and
/// after, with auto_pad worked out.
/// </summary>
internal sealed class Windows
{
    public Windows(Node node, long[] input, long[] output, long[] kernel)
    {
        var rank = kernel.Length;
        (Input, Output, Kernel) = (input, output, kernel);
        Strides = node.Ints("strides") ?? Ones(rank);
        Dilations = node.Ints("dilations") ?? Ones(rank);
        (Begin, DeclaredEnd) = (new long[rank], new long[rank]);
        var given = node.Ints("pads");
        var automatic = node.Text("auto_pad", "NOTSET");
        for (var i = 0; i < rank; i++)
        {
            var total = Math.Max(0, Covered(i) - input[i]);
            Begin[i] = automatic switch
            {
                "SAME_UPPER" => total / 2,
                "SAME_LOWER" => total - (total / 2),
                "VALID" => 0,
                _ => given?[i] ?? 0,
            };
            DeclaredEnd[i] = automatic switch
            {
                "SAME_UPPER" or "SAME_LOWER" => total - Begin[i],
                "VALID" => 0,
                _ => given?[i + rank] ?? 0,
            };
        }
    }

    public int Rank => Kernel.Length;

    public long[] Input { get; }

    public long[] Output { get; }

    public long[] Kernel { get; }

    public long[] Strides { get; }

    public long[] Dilations { get; }

    /// <summary>Padding before the first element.</summary>
    public long[] Begin { get; }

    /// <summary>Padding after the last element as the node asks for it; with ceil_mode windows may reach beyond.</summary>
    public long[] DeclaredEnd { get; }

    /// <summary>Padding after the last element that the windows really reach; negative where they stop short of the end.</summary>
    public long End(int axis) => Covered(axis) - Input[axis] - Begin[axis];

    /// <summary>How many positions all windows of an axis cover together, padding included.</summary>
    public long Covered(int axis) => ((Output[axis] - 1) * Strides[axis]) + Extent(axis);

    /// <summary>Positions from the first to the last tap of one window.</summary>
    public long Extent(int axis) => (Dilations[axis] * (Kernel[axis] - 1)) + 1;

    /// <summary>Windows that stand side by side and fill the input exactly.</summary>
    public bool Tile => Enumerable.Range(0, Rank).All(i =>
        Strides[i] == Kernel[i] && Dilations[i] == 1 && Begin[i] == 0 && Covered(i) == Input[i]);

    /// <summary>Pads (or with a negative sign crops) the spatial axes of [N, C, spatial] as the windows do.</summary>
    public long[] Pads(int sign)
    {
        var pads = new long[2 * (Rank + 2)];
        for (var i = 0; i < Rank; i++) (pads[i + 2], pads[i + 4 + Rank]) = (sign * Begin[i], sign * End(i));
        return pads;
    }

    private static long[] Ones(int n)
    {
        var ones = new long[n];
        Array.Fill(ones, 1);
        return ones;
    }
}
