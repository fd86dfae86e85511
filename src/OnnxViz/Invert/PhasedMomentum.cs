using OnnxViz.Optimize;

namespace OnnxViz.Invert;

/// <summary>
/// Momentum 0.9 in phases of different learning rates, at the start of each of which it is forgotten. Plain it is deep-goggle's
/// (CVPR 2015), m = 0.9 m - lr g; normalised it is nnpreimage's (IJCV 2016), G = 0.9 G + g^2, m = 0.9 m - g / (1/lr + sqrt(G)):
/// Adagrad with a memory that fades. Both move x to x + m.
/// </summary>
internal sealed class PhasedMomentum(IReadOnlyList<RatePhase> phases, bool normalized) : UpdateRule
{
    private const float Decay = 0.9f;

    public override void Schedule(StepLoop loop, int t)
    {
        var (phase, isFirst) = At(t);
        loop.Set("decay", Tensor.Scalar(isFirst ? 0 : Decay));
        loop.Set("learning_rate", Tensor.Scalar((float)(normalized ? 1 / phase.LearningRate : phase.LearningRate)));
    }

    /// <summary>The phase of a step, counted from 1, and whether it is the phase's first.</summary>
    public (RatePhase Phase, bool IsFirst) At(int t)
    {
        var first = 1;
        foreach (var phase in phases)
        {
            if (t < first + phase.Steps) return (phase, t == first);
            first += phase.Steps;
        }

        throw new ArgumentOutOfRangeException(nameof(t));
    }

    protected override Value Next(GraphBuilder b, OptimizerMemory memory, Value parameter, Value gradient)
    {
        var (decay, rate) = (b.Input("decay", ElementType.Float), b.Input("learning_rate", ElementType.Float));
        var step = normalized
            ? b.Div(gradient, b.Add(rate, b.Sqrt(memory.Updated("squares", old => b.Add(b.Mul(old, decay), b.Square(gradient))))))
            : b.Mul(gradient, rate);
        return b.Add(parameter, memory.Updated("momentum", old => b.Sub(b.Mul(old, decay), step)));
    }
}
