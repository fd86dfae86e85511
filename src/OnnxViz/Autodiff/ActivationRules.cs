using OnnxViz.Graphs;

namespace OnnxViz.Autodiff;

/// <summary>
/// The variants of backpropagation that change what an activation does, the same for every activation that behaves
/// like a ReLU. Sigmoid, Tanh and Softplus are no rectifiers and keep their derivative.
/// </summary>
internal static class ActivationRules
{
    private static readonly string[] Rectifiers =
        ["Relu", Activations.ClippedRelu, "LeakyRelu", "PRelu", "Elu", "Selu", "Celu", "ThresholdedRelu", "HardSwish", "Mish", "Gelu", Activations.Silu];

    public static IReadOnlyDictionary<string, GradientRule> Guided { get; } = ForRectifiers(rule => g => rule(Rectified(g)));

    public static IReadOnlyDictionary<string, GradientRule> Deconv { get; } = ForRectifiers(_ => g => ToInput(g, g.Relu(g.DY)));

    public static IReadOnlyDictionary<string, GradientRule> Redirected { get; } = ForRectifiers(rule => g =>
    {
        var input = InputOf(g);
        var plain = rule(g)[input]!;
        var axes = Enumerable.Range(1, plain.Rank - 1).Select(i => (long)i).ToArray();
        var blocked = g.Equal(g.ReduceSum(g.Abs(plain), axes), g.Scalar(0));
        // Nothing passed, so where the activation is open DY is zero: what is left pushes closed inputs up
        // or, above the upper bound of a clip, down.
        var outwards = g.Keep(g.Less(g.X(input), g.Scalar(0)), g.Relu(g.DY));
        if (g.Node.OpType == "Clip" && Activations.Bounds(g.Node).High is var high && float.IsFinite(high))
            outwards = g.Add(outwards, g.Keep(g.Greater(g.X(input), g.Scalar(high)), g.Neg(g.Relu(g.Neg(g.DY)))));
        return ToInput(g, g.Where(blocked, outwards, plain));
    });

    private static Dictionary<string, GradientRule> ForRectifiers(Func<GradientRule, GradientRule> variant) =>
        Rectifiers.Where(DefaultRules.Rows.ContainsKey).ToDictionary(op => op, op => variant(DefaultRules.Rows[op]));

    private static GradientContext Rectified(GradientContext g) => new(g.Builder, g.Node, [g.Relu(g.DY)]);

    private static int InputOf(GradientContext g) => g.Node.OpType == "Mul" ? Activations.SiluInput(g.Node)!.Value : 0;

    private static Value?[] ToInput(GradientContext g, Value gradient)
    {
        var result = new Value?[g.Node.Inputs.Length];
        result[InputOf(g)] = gradient;
        return result;
    }
}
