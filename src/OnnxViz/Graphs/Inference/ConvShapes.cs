namespace OnnxViz.Graphs.Inference;

/// <summary>Conv and ConvTranspose over any number of spatial axes.</summary>
internal static class ConvShapes
{
    public static void Conv(ShapeScope s)
    {
        if (Operands(s) is not var (x, w, kernel, group)) return;
        if (w[1] >= 0) ShapeScope.Match(x[1], w[1] * group, "channels of the input against those of the weight");
        if (w[0] >= 0 && w[0] % group != 0) throw ShapeScope.Fail($"{w[0]} output channels in {group} groups");
        if (s.X(2) is { } bias && (bias.Length != 1 || (bias[0] >= 0 && w[0] >= 0 && bias[0] != w[0])))
            throw ShapeScope.Fail("the bias needs one number per output channel");
        s.Set([x[0], w[0], .. Array.TrueForAll(kernel, k => k > 0) ? Outputs(Window.Of(s.Node, x, kernel)) : kernel]);
    }

    public static void ConvTranspose(ShapeScope s)
    {
        if (Operands(s) is not var (x, w, kernel, group)) return;
        ShapeScope.Match(x[1], w[0], "channels of the input against those of the weight");
        if (w[0] >= 0 && w[0] % group != 0) throw ShapeScope.Fail($"{w[0]} input channels in {group} groups");
        var channels = w[1] < 0 ? Shapes.Unknown : w[1] * group;
        if (s.X(2) is { } bias && (bias.Length != 1 || (bias[0] >= 0 && channels >= 0 && bias[0] != channels)))
            throw ShapeScope.Fail("the bias needs one number per output channel");
        s.Set([x[0], channels, .. Array.TrueForAll(kernel, k => k > 0) ? Outputs(Window.OfTransposed(s.Node, x, kernel)) : kernel]);
    }

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
        for (var i = 0; i < kernel.Length; i++) ShapeScope.Match(kernel[i], w[i + 2], "kernel_shape against the weight");
        if (kernel.Contains(0)) throw ShapeScope.Fail("the kernel is empty");
        var group = s.Node.Int("group", 1);
        return group > 0 ? (x, w, kernel, group) : throw ShapeScope.Fail($"group is {group}");
    }
}
