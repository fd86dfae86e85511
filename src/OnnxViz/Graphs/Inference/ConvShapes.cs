namespace OnnxViz.Graphs.Inference;

/// <summary>Conv and ConvTranspose over any number of spatial axes.</summary>
internal static class ConvShapes
{
    public static void Conv(ShapeScope s)
    {
        if (Operands(s) is not var (x, w, kernel, group)) return;
        s.Set([x[0], w[0], .. Array.TrueForAll(kernel, k => k > 0) ? Outputs(Window.Of(s.Node, x, kernel)) : kernel]);
    }

    public static void ConvTranspose(ShapeScope s)
    {
        if (Operands(s) is not var (x, w, kernel, group)) return;
        s.Set([x[0], InGroups(w[1], group), .. Array.TrueForAll(kernel, k => k > 0) ? Outputs(Window.OfTransposed(s.Node, x, kernel)) : kernel]);
    }

    /// <summary>As Conv; the offsets have two numbers, the masks one, for each tap of each group at each position.</summary>
    public static void DeformConv(ShapeScope s)
    {
        if (Operands(s) is not var (x, w, kernel, _)) return;
        var groups = s.Node.Int("offset_group", 1);
        if (groups is < 1 or > 65536 || (x[1] >= 0 && x[1] % groups != 0)) throw ShapeScope.Fail($"offset_group is {groups} for {x[1]} channels");
        if (!Array.TrueForAll(kernel, k => k > 0))
        {
            s.Set([x[0], w[0], .. ShapeScope.UnknownOfRank(kernel.Length)]);
            return;
        }

        var taps = kernel.Aggregate(groups, (n, k) => checked(n * k));
        long[] y = [x[0], w[0], .. Outputs(Window.Of(s.Node, x, kernel))];
        foreach (var (input, each) in new[] { (2, 2L), (4, 1) })
        {
            if (s.X(input) is not { } dims) continue;
            if (dims.Length != y.Length) throw ShapeScope.Fail($"input {input} must have {y.Length} dimensions");
            ShapeScope.Match(dims[0], y[0], $"batch of input {input}");
            ShapeScope.Match(dims[1], taps * each, $"channels of input {input}");
            for (var i = 2; i < y.Length; i++) ShapeScope.Match(dims[i], y[i], $"dimension {i} of input {input}");
        }

        s.Set(y);
    }

    /// <summary>What does not fit between a convolution's weight and its group, kernel_shape, input and bias; null when all does.</summary>
    /// <param name="node">The convolution.</param>
    /// <param name="weight">[M, C/group, k...], of ConvTranspose [C, M/group, k...]; -1 where a dimension is not known.</param>
    /// <param name="group">At least 1.</param>
    public static string? Misfit(Node node, long[] weight, long group)
    {
        if (weight.Length < 3 || Array.IndexOf(weight, 0) >= 0 || (weight[0] >= 0 && weight[0] % group != 0))
            return $"its weight is [{Shapes.Text(weight)}], which cannot be cut into {group} groups";
        if (node.Ints("kernel_shape") is { } kernel && !kernel.Zip(weight[2..], IsSame).All(same => same))
            return $"its kernel_shape [{Shapes.Text(kernel)}] is not that of its weight [{Shapes.Text(weight)}]";
        var (first, second) = (weight[0], InGroups(weight[1], group));
        var (inputs, outputs) = node.OpType == "ConvTranspose" ? (first, second) : (second, first);
        if (node.Input(0)?.Dims is { Length: > 1 } input && !IsSame(input[1], inputs))
            return $"its input has {input[1]} channels, its weight [{Shapes.Text(weight)}] is for {inputs}";
        return node.Traits.Bias is { } at && node.Input(at)?.Dims is { } bias && (bias.Length != 1 || !IsSame(bias[0], outputs))
            ? $"its bias is [{Shapes.Text(bias)}], it must be [{outputs}]"
            : null;
    }

    private static bool IsSame(long a, long b) => a < 0 || b < 0 || a == b;

    private static long InGroups(long channels, long group) => channels < 0 ? Shapes.Unknown : checked(channels * group);

    private static IEnumerable<long> Outputs(Window[] windows) => windows.Select(w => w.Output);

    private static (long[] X, long[] W, long[] Kernel, long Group)? Operands(ShapeScope s)
    {
        var (x, w) = (s.RankAtLeast(0, 3), s.RankAtLeast(1, 3));
        s.Set(null);
        if (x is null && w is null) return null;
        if (x is not null && w is not null && x.Length != w.Length) throw ShapeScope.Fail("input and weight differ in rank");
        x ??= ShapeScope.UnknownOfRank(w!.Length);
        w ??= ShapeScope.UnknownOfRank(x.Length);
        var kernel = s.Node.Ints("kernel_shape") ?? w[2..];
        if (kernel.Length != x.Length - 2) throw ShapeScope.Fail($"kernel_shape has {kernel.Length} numbers, {x.Length - 2} are needed");
        if (kernel.Contains(0)) throw ShapeScope.Fail("the kernel is empty");
        var group = s.Node.Int("group", 1);
        if (group < 1) throw ShapeScope.Fail($"group is {group}");
        return Misfit(s.Node, w, group) is { } misfit ? throw ShapeScope.Fail(misfit) : (x, w, kernel, group);
    }
}
