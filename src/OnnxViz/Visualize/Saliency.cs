using OnnxViz.Autodiff;
using OnnxViz.Graphs;
using OnnxViz.Runtime;

namespace OnnxViz.Visualize;

public enum SaliencyMethod
{
    /// <summary>d score / d input (Simonyan et al. 2013).</summary>
    Gradient,

    /// <summary>input * gradient.</summary>
    InputXGradient,

    /// <summary>Guided backpropagation (Springenberg et al. 2014).</summary>
    Guided,

    /// <summary>The deconvnet's backward pass (Zeiler and Fergus 2013).</summary>
    Deconv,
}

/// <param name="Attribution">Signed, in the shape and layout of the input.</param>
/// <param name="Scores">The explained score of each row.</param>
/// <param name="Units">The unit or class that was explained in each row.</param>
public sealed record SaliencyResult(Tensor Attribution, float[] Scores, long[] Units);

/// <summary>Which parts of the input a score depends on.</summary>
public static class Saliency
{
    /// <param name="model">The network.</param>
    /// <param name="input">A batch of input tensors; each row is explained by itself.</param>
    /// <param name="explanation">The score.</param>
    /// <param name="method">How the gradient is taken.</param>
    /// <param name="runtime">Where it runs.</param>
    public static SaliencyResult Explain(
        VisionModel model, Tensor input, Explanation explanation, SaliencyMethod method, RuntimeOptions runtime)
    {
        var builder = Specialization.NewBuilder(model);
        var image = builder.Input("image", ElementType.Float, input.Dims);
        var layer = LayerGradient.Of(builder, model, image, explanation.Layer, RulesOf(method));
        var (score, unit) = explanation.Emit(builder, layer.Activation);
        var gradient = layer.ToInput(score);
        if (method == SaliencyMethod.InputXGradient) gradient = builder.Mul(image, gradient);

        builder.Output("attribution", gradient);
        builder.Output("score", score.Value);
        builder.Output("unit", unit);
        using var session = new Session(builder.Build(), runtime);
        var results = session.Run(new Dictionary<string, Tensor> { [image.Name] = input });
        return new SaliencyResult(results["attribution"], results["score"].ToFloats(), results["unit"].ToLongs());
    }

    private static GradientRules RulesOf(SaliencyMethod method) => method switch
    {
        SaliencyMethod.Guided => GradientRules.Guided,
        SaliencyMethod.Deconv => GradientRules.Deconv,
        _ => GradientRules.Default,
    };
}
