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

    /// <summary>The size that a MaxPool with these attributes would have pooled, or the one that is given.</summary>
    public static void Unpool(ShapeScope s)
    {
        var kernel = s.Node.Ints("kernel_shape") ?? throw ShapeScope.Fail("kernel_shape is missing");
        if (kernel.Length == 0 || !Array.TrueForAll(kernel, k => k is > 0 and < int.MaxValue)) throw ShapeScope.Fail($"kernel_shape is [{string.Join(',', kernel)}]");
        var x = s.X() ?? ShapeScope.UnknownOfRank(kernel.Length + 2);
        if (x.Length != kernel.Length + 2) throw ShapeScope.Fail($"kernel_shape has {kernel.Length} numbers, {x.Length - 2} are needed");
        if (s.X(1) is { } indices)
        {
            if (indices.Length != x.Length) throw ShapeScope.Fail("input and indices differ in rank");
            for (var i = 0; i < x.Length; i++) ShapeScope.Match(indices[i], x[i], $"dimension {i} of the indices");
        }

        if (!s.Given(2))
        {
            s.Set([x[0], x[1], .. Window.OfTransposed(s.Node, x, kernel).Select(w => w.Output)]);
            return;
        }

        var given = s.Elements(2);
        if (given is not null && given.Length != x.Length) throw ShapeScope.Fail($"output_shape has {given.Length} numbers, {x.Length} are needed");
        if (given?.Any(e => e.Number < 0) == true) throw ShapeScope.Fail("output_shape has a negative number");
        s.Set(given is null ? ShapeScope.UnknownOfRank(x.Length) : Array.ConvertAll(given, e => e.Dim));
    }

    /// <summary>X [N, C, H, W], regions [R, 4] and the picture of each, [R]: [R, C, output_height, output_width].</summary>
    public static void RoiAlign(ShapeScope s)
    {
        var (x, regions, pictures) = (OfRank(s, 0, 4), OfRank(s, 1, 2), OfRank(s, 2, 1));
        if (regions is not null) ShapeScope.Match(regions[1], 4, "numbers of a region");
        if (regions is not null && pictures is not null) ShapeScope.Match(pictures[0], regions[0], "pictures against regions");
        var (h, w) = (s.Node.Int("output_height", 1), s.Node.Int("output_width", 1));
        if (h is < 1 or > 65536 || w is < 1 or > 65536) throw ShapeScope.Fail($"the output would have the size {h}x{w}");
        s.Set([regions?[0] ?? pictures?[0] ?? Shapes.Unknown, x?[1] ?? Shapes.Unknown, h, w]);
    }

    private static long[]? OfRank(ShapeScope s, int i, int rank) =>
        s.X(i) is { } dims && dims.Length != rank ? throw ShapeScope.Fail($"input {i} must have {rank} dimensions") : s.X(i);
}
