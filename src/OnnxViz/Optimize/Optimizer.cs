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
    private const float Epsilon = 1e-8f;
    private const double MomentumDecay = 0.004;

    public override void Schedule(StepLoop loop, int t)
    {
        if (kind == OptimizerKind.Adam) Adam.Schedule(loop, learningRate, t);
        if (kind != OptimizerKind.NAdam) return;
        Adam.ScheduleBias(loop, t);
        var product = Enumerable.Range(1, t).Aggregate(1.0, (p, i) => p * Momentum(i));
        loop.Set("gradient_step", Tensor.Scalar((float)(learningRate * (1 - Momentum(t)) / (1 - product))));
        loop.Set("step_size", Tensor.Scalar((float)(learningRate * Momentum(t + 1) / (1 - (product * Momentum(t + 1))))));
    }

    protected override Value Next(GraphBuilder b, OptimizerMemory memory, Value parameter, Value gradient) => kind switch
    {
        OptimizerKind.Sgd => b.Sub(parameter, b.Mul(gradient, (float)learningRate)),
        OptimizerKind.Momentum => Momentum(b, memory, parameter, gradient),
        OptimizerKind.RmsProp => RmsProp(b, memory, parameter, gradient),
        OptimizerKind.NAdam => NAdam(b, memory, parameter, gradient),
        _ => new Adam(b).Next(memory, parameter, gradient),
    };

    /// <summary>Dozat 2016: Adam with Nesterov's momentum; the gradient itself and its mean have steps of their own.</summary>
    private static Value NAdam(GraphBuilder b, OptimizerMemory memory, Value x, Value g)
    {
        var (m, root) = new Adam(b).Moments(memory, g);
        var half = b.Sub(x, b.Mul(b.Div(g, root), b.Input("gradient_step", ElementType.Float)));
        return b.Sub(half, b.Mul(b.Div(m, root), b.Input("step_size", ElementType.Float)));
    }

    /// <summary>PyTorch's momentum schedule at step t.</summary>
    private static double Momentum(int t) => Adam.Beta1 * (1 - (0.5 * Math.Pow(0.96, t * MomentumDecay)));

    private Value Momentum(GraphBuilder b, OptimizerMemory memory, Value x, Value g)
    {
        var velocity = memory.Updated("momentum", old => b.Add(b.Mul(old, 0.9f), g));
        return b.Sub(x, b.Mul(velocity, (float)learningRate));
    }

    private Value RmsProp(GraphBuilder b, OptimizerMemory memory, Value x, Value g)
    {
        var square = memory.Updated("rmsprop", old => b.Add(b.Mul(old, 0.99f), b.Mul(b.Mul(g, g), (float)(1 - 0.99))));
        return b.Sub(x, b.Mul(b.Div(g, b.Add(b.Sqrt(square), b.Scalar(Epsilon))), (float)learningRate));
    }
}
