namespace OnnxViz.Graphs.Opsets;

/// <summary>
/// What ONNX Runtime's optimiser fuses with an activation (docs/ContribOperators.md): it stays the last operator of
/// the group, or else the sum, or else the product itself.
/// </summary>
internal static class FusedOperators
{
    /// <summary>activation(Conv(X, W, B) + Z).</summary>
    public static void Conv(Expansion e)
    {
        var parameters = e.Node.Attributes.GetValueOrDefault("activation_params") as float[] ?? [];
        var attributes = e.Node.AttributesWithout("activation", "activation_params");
        var activation = e.Node.Text("activation", "");
        var sum = e.Input(3);
        Value?[] inputs = [e.Input(0), e.Input(1), e.Input(2)];
        if (activation.Length == 0 && sum is null)
        {
            e.Last("Conv", inputs, attributes);
            return;
        }

        var result = e.Emit("Conv", inputs, attributes);
        if (activation.Length == 0)
        {
            e.Last("Add", [result, sum]);
            return;
        }

        Activate(e, activation, parameters, sum is null ? result : e.Emit("Add", [result, sum]));
    }

    /// <summary>activation(Gemm(A, B, C)).</summary>
    public static void Gemm(Expansion e)
    {
        string[] fused = ["activation", "activation_alpha", "activation_beta", "activation_gamma"];
        var parameters = fused.Skip(1).Where(e.Node.Has).Select(name => e.Node.Float(name, 0)).ToArray();
        var attributes = e.Node.AttributesWithout(fused);
        if (e.Node.Text("activation", "") is { Length: > 0 } activation) Activate(e, activation, parameters, e.Emit("Gemm", e.Node.Inputs, attributes));
        else e.Last("Gemm", e.Node.Inputs, attributes);
    }

    private static void Activate(Expansion e, string activation, float[] parameters, Value x)
    {
        switch (activation)
        {
            case "Relu" or "Sigmoid" or "Tanh" or "Softplus" or "Softsign" or "HardSwish":
                e.Last(activation, [x]);
                break;
            case "LeakyRelu" or "Elu" or "ThresholdedRelu":
                e.Last(activation, [x], Named("alpha"));
                break;
            case "HardSigmoid":
                e.Last(activation, [x], Named("alpha", "beta"));
                break;
            case "Clip" when e.Opset < 11:
                e.Last("Clip", [x], Named("min", "max"));
                break;
            case "Clip":
                e.Last("Clip", [x, .. parameters.Select(e.Constant)]);
                break;
            default:
                throw e.Unknown($"has the activation '{activation}'");
        }

        Dictionary<string, object> Named(params string[] names) => names.Zip(parameters).ToDictionary(p => p.First, p => (object)p.Second);
    }
}
