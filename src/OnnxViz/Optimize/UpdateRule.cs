namespace OnnxViz.Optimize;

/// <summary>How a parameter moves along its gradient, as nodes of the step graph, with a memory that is fed back from step to step.</summary>
internal abstract class UpdateRule
{
    /// <summary>Emits one update of the parameter and of the memory.</summary>
    /// <returns>From the parameter's initial value to all that is fed back: the parameter, and the memory, which starts at zero.</returns>
    public Func<Tensor, IReadOnlyList<StepState>> Emit(GraphBuilder b, Value parameter, Value gradient, Func<Value, Value>? project = null)
    {
        using var scope = b.Scope("optimizer");
        var memory = new OptimizerMemory(b, parameter.StaticDims());
        var next = Next(b, memory, parameter, gradient);
        b.Output($"{parameter.Name}_next", project is null ? next : project(next));
        return initial => [new StepState(parameter.Name, $"{parameter.Name}_next", initial), .. memory.States];
    }

    /// <summary>Sets the inputs of step t, counted from 1.</summary>
    public abstract void Schedule(StepLoop loop, int t);

    /// <summary>The parameter after the step.</summary>
    protected abstract Value Next(GraphBuilder b, OptimizerMemory memory, Value parameter, Value gradient);
}
