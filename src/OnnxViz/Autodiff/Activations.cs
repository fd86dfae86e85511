using OnnxViz.Graphs;

namespace OnnxViz.Autodiff;

/// <summary>Recognises activations in whatever form the exporter wrote them.</summary>
internal static class Activations
{
    /// <summary>x * sigmoid(x), which standard ONNX has no operator for (Swish, SiLU).</summary>
    public const string Silu = "Mul(x, Sigmoid(x))";

    /// <summary>Clip from zero, or of a Relu's output: ReLU6 and the like, also as PyTorch exports the function relu6 at opset 9.</summary>
    public const string ClippedRelu = "Clip(0, ...)";

    /// <summary>The row of the gradient table that a node belongs to.</summary>
    public static string KeyOf(Node node) => node.OpType switch
    {
        "Mul" when SiluInput(node) is not null => Silu,
        "Clip" when Bounds(node).Low == 0 || node.Input(0)?.Producer is { OpType: "Relu", Domain: "" } => ClippedRelu,
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
