namespace OnnxViz.Graphs.Opsets;

/// <summary>Rewrites nodes of newer opsets in operators of an older one, where that is possible.</summary>
internal static class Downgrade
{
    private const long MostProducts = 4096;

    public static Value[] Impossible(Conversion c) => throw c.Impossible("the operator is newer");

    public static Value[] Dilations(Conversion c) => c.Node.Ints("dilations") is { } dilations && Array.Exists(dilations, d => d != 1)
        ? throw c.Impossible("it has dilations")
        : c.Final(c.Node.OpType, c.Inputs, c.Node.AttributesWithout("dilations"));

    /// <summary>How float8 overflows and how float8 exponents round: of no meaning for the types that are read.</summary>
    public static Value[] CastDetails(Conversion c) => c.Final(c.Node.OpType, c.Inputs, c.Node.AttributesWithout("saturate", "round_mode"));

    public static Value[] Wrap(Conversion c) => c.Node.Text("mode", "constant") == "wrap"
        ? throw c.Impossible("mode wrap is newer")
        : c.Final("Pad", c.Inputs, c.Node.AttributesWithout());

    public static Value[] SymmetricHalfPixel(Conversion c) =>
        c.Node.Text("coordinate_transformation_mode", "half_pixel") == "half_pixel_symmetric"
            ? throw c.Impossible("half_pixel_symmetric is newer")
            : c.Final("Resize", c.Inputs, c.Node.AttributesWithout());

    public static Value[] GridSample(Conversion c)
    {
        if (c.X().Dims is { Length: not 4 }) throw c.Impossible("only images are sampled there");
        var attributes = c.Node.AttributesWithout();
        attributes["mode"] = c.Node.Text("mode", "linear") switch
        {
            "linear" => "bilinear",
            "cubic" => "bicubic",
            var mode => mode,
        };
        return c.Final("GridSample", c.Inputs, attributes);
    }

    /// <summary>The bits of a constant as those of another type of the same width.</summary>
    public static Value[] BitCast(Conversion c)
    {
        var to = (ElementType)c.Node.Int("to", 0);
        var bits = c.X().Constant ?? throw c.Impossible("bits that are computed cannot be read as another type there");
        if (to.Size() == 0 || to.Size() != bits.Type.Size()) throw c.Impossible($"{bits.Type} and {to} are not of the same width");
        return [c.Builder.Constant(new Tensor(to, bits.Dims, bits.Read))];
    }

    /// <summary>The product of all elements up to each one along an axis, one after another.</summary>
    public static Value[] CumProd(Conversion c)
    {
        var (x, axis) = (c.X(), c.X(1).Constant is { Count: 1 } known ? known.ToLongs()[0] : throw c.Impossible("its axis is computed"));
        if (x.Dims?[Shapes.Axis(axis, x.Rank)] is not (> 0 and <= MostProducts and var count)) throw c.Impossible("the length of its axis is not known, or too large");
        var parts = Sequences.Cut(c.Builder, x, axis, [.. Enumerable.Repeat(1L, (int)count)]);
        var (isBackward, isExclusive) = (c.Node.Int("reverse", 0) != 0, c.Node.Int("exclusive", 0) != 0);
        if (isBackward) Array.Reverse(parts);
        var products = new List<Value>();
        foreach (var part in parts) products.Add(products.Count == 0 ? part : c.Mul(products[^1], part));
        if (isExclusive) products = [c.Expand(c.Scalar(1), c.Shape(parts[0])), .. products[..^1]];
        if (isBackward) products.Reverse();
        return c.Final("Concat", [.. products], new() { ["axis"] = axis });
    }

    /// <summary>x * Phi(x), or its approximation by tanh (Hendrycks and Gimpel, arXiv:1606.08415).</summary>
    public static Value[] Gelu(Conversion c) => Gelu(c, c.X(), c.Node.Text("approximate", "none"));

    public static Value[] Gelu(Conversion c, Value x, string approximate)
    {
        var gate = approximate == "tanh"
            ? c.Emit("Tanh", [c.Mul(c.Scalar(0.7978845608f), c.Add(x, c.Mul(c.Scalar(0.044715f), c.Mul(x, c.Mul(x, x)))))])
            : c.Emit("Erf", [c.Mul(x, c.Scalar(0.7071067812f))]);
        return c.Final("Mul", [c.Mul(x, c.Scalar(0.5f)), c.Add(gate, c.Scalar(1))]);
    }

    public static Value[] Swish(Conversion c) => Swish(c, c.Node.Float("alpha", 1));

    /// <summary>x * sigmoid(alpha x).</summary>
    public static Value[] Swish(Conversion c, float alpha)
    {
        var x = c.X();
        return c.Final("Mul", [x, c.Sigmoid(alpha == 1 ? x : c.Mul(x, c.Scalar(alpha)))]);
    }
}
