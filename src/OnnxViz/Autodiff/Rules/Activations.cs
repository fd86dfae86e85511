namespace OnnxViz.Autodiff.Rules;

/// <summary>Recognises activations in whatever form the exporter wrote them.</summary>
internal static class Activations
{
    /// <summary>x * sigmoid(x), which standard ONNX has no operator for (Swish, SiLU).</summary>
    public const string Silu = "Mul(x, Sigmoid(x))";

    /// <summary>The row of the gradient table that a node belongs to.</summary>
    /// <param name="node">The node.</param>
    /// <param name="onPath">Values that a gradient is wanted for; x has to be one for x * sigmoid(x) to be taken as a whole.</param>
    public static string KeyOf(Node node, IReadOnlySet<Value>? onPath = null) => node.OpType switch
    {
        "Mul" when SiluInput(node) is { } x && onPath?.Contains(node.Required(x)) != false => Silu,
        _ => node.OpType,
    };

    /// <summary>Position of the x in x * sigmoid(x).</summary>
    public static int? SiluInput(Node mul)
    {
        for (var i = 0; i < 2; i++)
        {
            if (mul.Input(1 - i)?.Producer is { OpType: "Sigmoid", Domain: "" } sigmoid && sigmoid.Input(0) == mul.Input(i)) return i;
        }

        return null;
    }

    /// <summary>The bounds of a Clip; infinite where there is none, NaN where it is computed.</summary>
    public static (float Low, float High) Bounds(Node clip)
    {
        return (Bound(1, float.NegativeInfinity), Bound(2, float.PositiveInfinity));

        float Bound(int i, float otherwise) => clip.Input(i) is not { } value ? otherwise : value.Constant?.ToFloats()[0] ?? float.NaN;
    }
}
