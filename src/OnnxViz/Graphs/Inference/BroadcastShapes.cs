namespace OnnxViz.Graphs.Inference;

/// <summary>Operators that broadcast their inputs against each other.</summary>
internal static class BroadcastShapes
{
    public static void Arithmetic(ShapeScope s) => s.Set(Together(s));

    public static void Comparison(ShapeScope s) => s.Set(Together(s), ElementType.Bool);

    public static void Where(ShapeScope s) => s.Set(Together(s), s.Type(1));

    /// <summary>The second input may be stretched, the first may not (ONNX: unidirectional broadcasting).</summary>
    public static void OntoFirst(ShapeScope s)
    {
        var (x, both) = (s.X(), Together(s));
        if (x is not null && both is not null && (x.Length != both.Length || !x.Zip(both).All(d => d.First < 0 || d.First == d.Second)))
            throw ShapeScope.Fail("the second input does not broadcast to the first");
        s.Set(x);
    }

    public static void Expand(ShapeScope s)
    {
        var target = s.Elements(1) is { } shape ? Array.ConvertAll(shape, e => e.Dim)
            : s.X(1) is [>= 0 and var rank] ? ShapeScope.UnknownOfRank(rank)
            : null;
        s.Set(Shapes.Broadcast(s.X(), target));
    }

    private static long[]? Together(ShapeScope s)
    {
        var dims = s.Node.Required(0).Dims;
        for (var i = 1; i < s.Node.Inputs.Length; i++) dims = Shapes.Broadcast(dims, s.Node.Required(i).Dims);
        return dims;
    }
}
