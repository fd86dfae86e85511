namespace OnnxViz.Graphs.Inference;

/// <summary>Pools with a window, and those over everything.</summary>
internal static class PoolShapes
{
    public static void Pool(ShapeScope s)
    {
        var kernel = s.Node.Ints("kernel_shape") ?? throw ShapeScope.Fail("kernel_shape is missing");
        if (kernel.Length == 0 || !Array.TrueForAll(kernel, k => k is > 0 and < int.MaxValue))
            throw ShapeScope.Fail($"kernel_shape is [{string.Join(',', kernel)}]");
        var x = s.X();
        if (x is not null && x.Length != kernel.Length + 2)
            throw ShapeScope.Fail($"kernel_shape has {kernel.Length} numbers, {x.Length - 2} are needed");
        x ??= ShapeScope.UnknownOfRank(kernel.Length + 2);
        long[] y = [x[0], x[1], .. Window.Of(s.Node, x, kernel).Select(w => w.Output)];
        s.Set(y);
        s.Set(y, ElementType.Int64, 1);
    }

    public static void Global(ShapeScope s) =>
        s.Set(s.RankAtLeast(0, 2)?.Select((d, i) => i < 2 ? d : 1).ToArray());
}
