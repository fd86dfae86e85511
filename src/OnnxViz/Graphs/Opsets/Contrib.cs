namespace OnnxViz.Graphs.Opsets;

/// <summary>Operators of ONNX Runtime's own domain, com.microsoft, that its optimiser leaves (docs/ContribOperators.md).</summary>
internal static class Contrib
{
    public static Value[] Gelu(Conversion c) => Gelu(c, c.X(), "none");

    /// <summary>Of the optional bias added, by tanh.</summary>
    public static Value[] FastGelu(Conversion c) => Gelu(c, c.Input(1) is { } bias ? c.Add(c.X(), bias) : c.X(), "tanh");

    public static Value[] BiasGelu(Conversion c) => Gelu(c, c.Add(c.X(), c.X(1)), "none");

    /// <summary>x * sigmoid(alpha x).</summary>
    public static Value[] QuickGelu(Conversion c) => Downgrade.Swish(c, c.Node.Float("alpha", 1.702f));

    /// <summary>alpha * A * B, either with its last two axes swapped first.</summary>
    public static Value[] MatMul(Conversion c)
    {
        if (c.Node.Int("transBatchA", 0) != 0 || c.Node.Int("transBatchB", 0) != 0) throw c.Impossible("it moves the axes of the batch");
        var (a, b) = (Swapped("transA", c.X()), Swapped("transB", c.X(1)));
        var alpha = c.Node.Float("alpha", 1);
        return alpha == 1 ? c.Final("MatMul", [a, b]) : c.Final("Mul", [c.MatMul(a, b), c.Scalar(alpha)]);

        Value Swapped(string attribute, Value x)
        {
            if (c.Node.Int(attribute, 0) == 0 || x.Rank < 2) return x;
            long[] perm = [.. Shapes.Axes(0, x.Rank - 2), x.Rank - 1, x.Rank - 2];
            return c.Transpose(x, perm);
        }
    }

    private static Value[] Gelu(Conversion c, Value x, string approximate) =>
        c.Builder.Graph.Opset >= 20 ? c.Final("Gelu", [x], new() { ["approximate"] = approximate }) : Downgrade.Gelu(c, x, approximate);
}
