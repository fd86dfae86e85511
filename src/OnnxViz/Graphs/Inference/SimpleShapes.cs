namespace OnnxViz.Graphs.Inference;

/// <summary>Operators whose output has the shape of their first input.</summary>
internal static class SimpleShapes
{
    public static void Same(ShapeScope s) => s.Set(s.Node.Required(0).Dims);

    public static void Bool(ShapeScope s) => s.Set(s.Node.Required(0).Dims, ElementType.Bool);

    public static void Cast(ShapeScope s) => s.Set(s.Node.Required(0).Dims, (ElementType)s.Node.Int("to", 0));

    public static void CastLike(ShapeScope s) => s.Set(s.Node.Required(0).Dims, s.Type(1));

    public static void Bernoulli(ShapeScope s) => s.Set(s.Node.Required(0).Dims, (ElementType)s.Node.Int("dtype", (long)s.Type()));
}
