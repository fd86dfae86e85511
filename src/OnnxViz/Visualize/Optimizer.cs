using OnnxViz.Graphs;
using OnnxViz.Runtime;

namespace OnnxViz.Visualize;

public enum OptimizerKind
{
    Adam,
    Sgd,
    Momentum,
    RmsProp,
}

/// <summary>
/// Gradient descent as nodes of the step graph, in PyTorch's order of operations and with its defaults: adam (0.9,
/// 0.999, 1e-8), momentum 0.9, rmsprop (0.99, 1e-8). What changes from step to step is an input of the graph.
/// </summary>
internal sealed class Optimizer(OptimizerKind kind, double learningRate) : UpdateRule
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const float Epsilon = 1e-8f;

    private bool _scheduled;

    public override void Schedule(StepLoop loop, int t)
    {
        if (!_scheduled) return;
        loop.Set("step_size", Tensor.Scalar((float)(learningRate / (1 - Math.Pow(Beta1, t)))));
        loop.Set("bias_correction", Tensor.Scalar((float)Math.Sqrt(1 - Math.Pow(Beta2, t))));
    }

    protected override Value Next(GraphBuilder b, Value parameter, Value gradient) => kind switch
    {
        OptimizerKind.Sgd => b.Sub(parameter, b.Mul(gradient, (float)learningRate)),
        OptimizerKind.Momentum => Momentum(b, parameter, gradient),
        OptimizerKind.RmsProp => RmsProp(b, parameter, gradient),
        _ => Adam(b, parameter, gradient),
    };

    private Value Adam(GraphBuilder b, Value x, Value g)
    {
        _scheduled = true;
        var m = Feedback(b, "adam_m", x, old => b.Add(b.Mul(old, (float)Beta1), b.Mul(g, (float)(1 - Beta1))));
        var v = Feedback(b, "adam_v", x, old => b.Add(b.Mul(old, (float)Beta2), b.Mul(b.Mul(g, g), (float)(1 - Beta2))));
        var root = b.Div(b.Sqrt(v), b.Input("bias_correction", ElementType.Float));
        return b.Sub(x, b.Mul(b.Div(m, b.Add(root, b.Scalar(Epsilon))), b.Input("step_size", ElementType.Float)));
    }

    private Value Momentum(GraphBuilder b, Value x, Value g)
    {
        var velocity = Feedback(b, "momentum", x, old => b.Add(b.Mul(old, 0.9f), g));
        return b.Sub(x, b.Mul(velocity, (float)learningRate));
    }

    private Value RmsProp(GraphBuilder b, Value x, Value g)
    {
        var square = Feedback(b, "rmsprop", x, old => b.Add(b.Mul(old, 0.99f), b.Mul(b.Mul(g, g), (float)(1 - 0.99))));
        return b.Sub(x, b.Mul(b.Div(g, b.Add(b.Sqrt(square), b.Scalar(Epsilon))), (float)learningRate));
    }
}
