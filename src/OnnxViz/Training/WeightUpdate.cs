using OnnxViz.Optimize;

namespace OnnxViz.Training;

/// <summary>How a weight moves along its gradient, as nodes of the training graph, in PyTorch's order of operations.</summary>
/// <param name="b">Receives the nodes.</param>
/// <param name="recipe">Which rule, and its constants.</param>
internal sealed class WeightUpdate(GraphBuilder b, TrainingRecipe recipe)
{
    private const string LearningRate = "learning_rate";
    private const string Decay = "decay";

    private readonly Adam _adam = new(b);
    private Value? _learningRate;
    private Value? _decay;

    private bool DecaysWeights => recipe is { Optimizer: TrainingOptimizer.AdamW, WeightDecay: > 0 };

    /// <summary>Sets the inputs of step t, counted from 1.</summary>
    public void Schedule(StepLoop loop, double learningRate, long t)
    {
        if (recipe.Optimizer == TrainingOptimizer.Sgd) loop.Set(LearningRate, Tensor.Scalar((float)learningRate));
        else Adam.Schedule(loop, learningRate, t);
        if (DecaysWeights) loop.Set(Decay, Tensor.Scalar((float)(1 - (learningRate * recipe.WeightDecay))));
    }

    /// <summary>The weight after the step.</summary>
    /// <param name="weight">Before the step.</param>
    /// <param name="gradient">Of the loss.</param>
    /// <param name="memory">Where it keeps what it needs in the next step.</param>
    public Value Next(Value weight, Value gradient, OptimizerMemory memory)
    {
        if (DecaysWeights) weight = b.Mul(weight, _decay ??= b.Input(Decay, ElementType.Float));
        else if (recipe.WeightDecay > 0) gradient = b.Add(gradient, b.Mul(weight, (float)recipe.WeightDecay));
        if (recipe.Optimizer != TrainingOptimizer.Sgd) return _adam.Next(memory, weight, gradient);
        if (recipe.Momentum > 0)
        {
            var direction = gradient;
            gradient = memory.Updated("momentum", old => b.Add(b.Mul(old, (float)recipe.Momentum), direction));
        }

        return b.Sub(weight, b.Mul(gradient, _learningRate ??= b.Input(LearningRate, ElementType.Float)));
    }
}
