namespace OnnxViz.Graphs.Recurrent;

/// <summary>One of the activations of an RNN, GRU or LSTM.</summary>
/// <param name="name">In lower case, as ONNX Runtime compares them.</param>
/// <param name="alpha">Its first parameter.</param>
/// <param name="beta">Its second parameter.</param>
/// <param name="clip">Bound of what it is given; infinite where there is none.</param>
internal sealed class Activation(string name, float alpha, float beta, float clip)
{
    /// <summary>Those that take parameters, with what they are where they are not given.</summary>
    private static readonly Dictionary<string, (float? Alpha, float? Beta)> Parameters = new()
    {
        ["affine"] = (1, 0),
        ["elu"] = (1, null),
        ["hardsigmoid"] = (0.2f, 0.5f),
        ["leakyrelu"] = (0.01f, null),
        ["relu"] = default,
        ["scaledtanh"] = (1, 1),
        ["sigmoid"] = default,
        ["softplus"] = default,
        ["softsign"] = default,
        ["tanh"] = default,
        ["thresholdedrelu"] = (1, null),
    };

    /// <summary>The activations of a node, for each direction in the order of the attribute; parameters are taken by those that have some, one after another.</summary>
    /// <exception cref="OnnxVizException">One is not known, or there are too few.</exception>
    public static Activation[][] Of(Node node, int directions)
    {
        string[] usual = node.OpType switch { "RNN" => ["Tanh"], "GRU" => ["Sigmoid", "Tanh"], _ => ["Sigmoid", "Tanh", "Tanh"] };
        var names = node.Attributes.GetValueOrDefault("activations") as string[] ?? [.. Enumerable.Repeat(usual, directions).SelectMany(n => n)];
        if (names.Length != usual.Length * directions) throw OnnxVizException.Input($"{node} has {names.Length} activations, it must have {usual.Length * directions}.");
        var (alphas, betas) = (Numbers("activation_alpha"), Numbers("activation_beta"));
        var clip = node.Float("clip", float.PositiveInfinity);
        return [.. names.Select(One).ToArray().Chunk(usual.Length)];

        Queue<float> Numbers(string attribute) => new(node.Attributes.GetValueOrDefault(attribute) as float[] ?? []);

        Activation One(string given)
        {
            var name = given.ToLowerInvariant();
            if (!Parameters.TryGetValue(name, out var parameters)) throw OnnxVizException.Input($"{node} has the activation '{given}', which is not known.");
            return new Activation(name, Next(parameters.Alpha, alphas), Next(parameters.Beta, betas), clip);
        }

        static float Next(float? otherwise, Queue<float> given) => otherwise is null ? 0 : given.TryDequeue(out var number) ? number : otherwise.Value;
    }

    /// <summary>The activation of a preactivation, clipped before where the node says so.</summary>
    public Value Apply(IEmitter e, Value x) => Unclipped(e, Clipped(e, x));

    /// <summary>The preactivation within the bound.</summary>
    public Value Clipped(IEmitter e, Value x) => float.IsPositiveInfinity(clip) ? x : e.Emit("Clip", [x, e.Scalar(-clip), e.Scalar(clip)]);

    /// <summary>The activation of what is not clipped.</summary>
    public Value Unclipped(IEmitter e, Value x) => name switch
    {
        "affine" => e.Add(e.Mul(x, alpha), e.Scalar(beta)),
        "elu" => e.Emit("Elu", [x], ("alpha", alpha)),
        "hardsigmoid" => e.Emit("HardSigmoid", [x], ("alpha", alpha), ("beta", beta)),
        "leakyrelu" => e.Emit("LeakyRelu", [x], ("alpha", alpha)),
        "relu" => e.Relu(x),
        "scaledtanh" => e.Mul(e.Emit("Tanh", [e.Mul(x, beta)]), alpha),
        "sigmoid" => e.Sigmoid(x),
        "softplus" => e.Emit("Softplus", [x]),
        "softsign" => e.Emit("Softsign", [x]),
        "thresholdedrelu" => e.Emit("ThresholdedRelu", [x], ("alpha", alpha)),
        _ => e.Emit("Tanh", [x]),
    };
}
