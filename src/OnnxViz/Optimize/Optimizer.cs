using OnnxViz.Options;

namespace OnnxViz.Optimize;

public enum OptimizerKind
{
    Adam,
    NAdam,
    Sgd,
    Momentum,

    [Word("rmsprop")]
    RmsProp,
}

/// <summary>
/// Gradient descent as nodes of the step graph, in PyTorch's order of operations and with its defaults: adam (0.9,
/// 0.999, 1e-8), momentum 0.9, rmsprop (0.99, 1e-8), nadam (0.9, 0.999, 1e-8, momentum decay 0.004). What changes from
/// step to step is an input of the graph.
/// </summary>
internal sealed class Optimizer(OptimizerKind kind, double learningRate) : UpdateRule
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const float Epsilon = 1e-8f;
    private const double MomentumDecay = 0.004;

    public override void Schedule(StepLoop loop, int t)
    {
        if (kind is not (OptimizerKind.Adam or OptimizerKind.NAdam)) return;
        loop.Set("bias_correction", Tensor.Scalar((float)Math.Sqrt(1 - Math.Pow(Beta2, t))));
        if (kind == OptimizerKind.NAdam)
        {
            var product = Enumerable.Range(1, t).Aggregate(1.0, (p, i) => p * Momentum(i));
            loop.Set("gradient_step", Tensor.Scalar((float)(learningRate * (1 - Momentum(t)) / (1 - product))));
            loop.Set("step_size", Tensor.Scalar((float)(learningRate * Momentum(t + 1) / (1 - (product * Momentum(t + 1))))));
            return;
        }

        loop.Set("step_size", Tensor.Scalar((float)(learningRate / (1 - Math.Pow(Beta1, t)))));
    }

    protected override Value Next(GraphBuilder b, Memory memory, Value parameter, Value gradient) => kind switch
    {
        OptimizerKind.Sgd => b.Sub(parameter, b.Mul(gradient, (float)learningRate)),
        OptimizerKind.Momentum => Momentum(b, memory, parameter, gradient),
        OptimizerKind.RmsProp => RmsProp(b, memory, parameter, gradient),
        OptimizerKind.NAdam => NAdam(b, memory, parameter, gradient),
        _ => Adam(b, memory, parameter, gradient),
    };

    private static Value Adam(GraphBuilder b, Memory memory, Value x, Value g)
    {
        var (m, root) = Moments(b, memory, g);
        return b.Sub(x, b.Mul(b.Div(m, root), b.Input("step_size", ElementType.Float)));
    }

    /// <summary>Dozat 2016: Adam with Nesterov's momentum; the gradient itself and its mean have steps of their own.</summary>
    private static Value NAdam(GraphBuilder b, Memory memory, Value x, Value g)
    {
        var (m, root) = Moments(b, memory, g);
        var half = b.Sub(x, b.Mul(b.Div(g, root), b.Input("gradient_step", ElementType.Float)));
        return b.Sub(half, b.Mul(b.Div(m, root), b.Input("step_size", ElementType.Float)));
    }

    /// <summary>The mean gradient, and the root of the mean square without its bias.</summary>
    private static (Value Mean, Value Root) Moments(GraphBuilder b, Memory memory, Value g)
    {
        var m = memory.Updated("adam_m", old => b.Add(b.Mul(old, (float)Beta1), b.Mul(g, (float)(1 - Beta1))));
        var v = memory.Updated("adam_v", old => b.Add(b.Mul(old, (float)Beta2), b.Mul(b.Mul(g, g), (float)(1 - Beta2))));
        return (m, b.Add(b.Div(b.Sqrt(v), b.Input("bias_correction", ElementType.Float)), b.Scalar(Epsilon)));
    }

    /// <summary>PyTorch's momentum schedule at step t.</summary>
    private static double Momentum(int t) => Beta1 * (1 - (0.5 * Math.Pow(0.96, t * MomentumDecay)));

    private Value Momentum(GraphBuilder b, Memory memory, Value x, Value g)
    {
        var velocity = memory.Updated("momentum", old => b.Add(b.Mul(old, 0.9f), g));
        return b.Sub(x, b.Mul(velocity, (float)learningRate));
    }

    private Value RmsProp(GraphBuilder b, Memory memory, Value x, Value g)
    {
        var square = memory.Updated("rmsprop", old => b.Add(b.Mul(old, 0.99f), b.Mul(b.Mul(g, g), (float)(1 - 0.99))));
        return b.Sub(x, b.Mul(b.Div(g, b.Add(b.Sqrt(square), b.Scalar(Epsilon))), (float)learningRate));
    }
}
