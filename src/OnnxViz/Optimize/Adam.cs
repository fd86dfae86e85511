
namespace OnnxViz.Optimize;

/// <summary>
/// Adam (Kingma and Ba 2014) with its usual constants (0.9, 0.999, 1e-8), bias-corrected, in PyTorch's order of operations. What
/// changes from step to step are two inputs of the graph, shared by all its parameters.
/// </summary>
/// <param name="b">Receives the nodes.</param>
internal sealed class Adam(GraphBuilder b)
{
    public const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const float Epsilon = 1e-8f;
    private const string StepSize = "step_size";
    private const string BiasCorrection = "bias_correction";

    private Value? _stepSize;
    private Value? _biasCorrection;

    /// <summary>Sets the inputs of step t, counted from 1.</summary>
    public static void Schedule(StepLoop loop, double learningRate, long t)
    {
        ScheduleBias(loop, t);
        loop.Set(StepSize, Tensor.Scalar((float)(learningRate / (1 - Math.Pow(Beta1, t)))));
    }

    /// <summary>The part of <see cref="Schedule"/> that <see cref="Moments"/> needs.</summary>
    public static void ScheduleBias(StepLoop loop, long t) => loop.Set(BiasCorrection, Tensor.Scalar((float)Math.Sqrt(1 - Math.Pow(Beta2, t))));

    /// <summary>The parameter after the step.</summary>
    public Value Next(OptimizerMemory memory, Value x, Value gradient)
    {
        var (mean, root) = Moments(memory, gradient);
        return b.Sub(x, b.Mul(b.Div(mean, root), _stepSize ??= b.Input(StepSize, ElementType.Float)));
    }

    /// <summary>The mean gradient, and the root of the mean square without its bias.</summary>
    public (Value Mean, Value Root) Moments(OptimizerMemory memory, Value g)
    {
        var m = memory.Updated("adam_m", old => b.Add(b.Mul(old, (float)Beta1), b.Mul(g, (float)(1 - Beta1))));
        var v = memory.Updated("adam_v", old => b.Add(b.Mul(old, (float)Beta2), b.Mul(b.Mul(g, g), (float)(1 - Beta2))));
        return (m, b.Add(b.Div(b.Sqrt(v), _biasCorrection ??= b.Input(BiasCorrection, ElementType.Float)), b.Scalar(Epsilon)));
    }
}
