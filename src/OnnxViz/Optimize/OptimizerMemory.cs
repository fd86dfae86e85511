
namespace OnnxViz.Optimize;

/// <summary>Values of a parameter's shape that an optimiser keeps from step to step; they start at zero.</summary>
/// <param name="b">Receives the nodes.</param>
/// <param name="dims">The parameter's.</param>
/// <param name="prefix">Comes before the names of the kept values.</param>
internal sealed class OptimizerMemory(GraphBuilder b, long[] dims, string prefix = "")
{
    private readonly List<StepState> _states = [];

    public IReadOnlyList<StepState> States => _states;

    /// <summary>A kept value after this step.</summary>
    /// <param name="name">Of the graph's input.</param>
    /// <param name="update">From the value before the step to that after it.</param>
    public Value Updated(string name, Func<Value, Value> update)
    {
        var next = update(b.Input(prefix + name, ElementType.Float, dims));
        b.Output($"{prefix}{name}_next", next);
        _states.Add(new StepState(prefix + name, $"{prefix}{name}_next", Zeros(dims)));
        return next;
    }

    private static Tensor Zeros(long[] dims) => new(ElementType.Float, dims, () => new byte[Shapes.Count(dims) * sizeof(float)]);
}
