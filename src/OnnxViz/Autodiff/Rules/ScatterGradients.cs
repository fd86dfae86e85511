namespace OnnxViz.Autodiff.Rules;

/// <summary>
/// Writing at places given by indices: the updates get the gradient of where they were written, the data that of what
/// was not overwritten. Writing twice into one place without adding is undefined in ONNX, and so is its gradient here.
/// </summary>
internal static class ScatterGradients
{
    public static Value?[] ScatterElements(GradientContext g)
    {
        var axis = Shapes.Axis(g.Node.Int("axis", 0), g.X().Rank);
        var adds = Adds(g);
        return [
            adds ? g.DY : g.ScatterElements(g.DY, g.X(1), g.Zeros(g.X(2)), axis),
            null,
            g.Emit("GatherElements", [g.DY, g.X(1)], ("axis", (long)axis)),
        ];
    }

    public static Value?[] ScatterND(GradientContext g) =>
    [
        Adds(g) ? g.DY : g.Emit("ScatterND", [g.DY, g.X(1), g.Zeros(g.X(2))]),
        null,
        g.Emit("GatherND", [g.DY, g.X(1)]),
    ];

    private static bool Adds(GradientContext g) => g.Node.Text("reduction", "none") switch
    {
        "none" => false,
        "add" => true,
        var reduction => throw OnnxVizException.Input(
            $"{g.Node} combines by '{reduction}', which has no gradient here. Explain a layer before it, or export the model with 'none' or 'add'."),
    };
}
