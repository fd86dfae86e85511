using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Runtime;

namespace OnnxViz.Optimize;

/// <summary>How a parameter moves along its gradient, as nodes of the step graph, with a memory that is fed back from step to step.</summary>
internal abstract class UpdateRule
{
    private readonly List<(string Name, long[] Dims)> _memory = [];

    /// <summary>What is fed back from step to step: the parameter, and the rule's memory, which starts at zero.</summary>
    public IReadOnlyList<StepState> States(string parameter, Tensor initial) =>
    [
        new StepState(parameter, $"{parameter}_next", initial),
        .. _memory.Select(m => new StepState(m.Name, $"{m.Name}_next", Tensor.Of(new float[Shapes.Count(m.Dims)], m.Dims))),
    ];

    /// <summary>Emits one update of the parameter and of the memory.</summary>
    public void Emit(GraphBuilder b, Value parameter, Value gradient, Func<Value, Value>? project = null)
    {
        using var scope = b.Scope("optimizer");
        var next = Next(b, parameter, gradient);
        b.Output($"{parameter.Name}_next", project is null ? next : project(next));
    }

    /// <summary>Sets the inputs of step t, counted from 1.</summary>
    public abstract void Schedule(StepLoop loop, int t);

    /// <summary>The parameter after the step.</summary>
    protected abstract Value Next(GraphBuilder b, Value parameter, Value gradient);

    /// <summary>A part of the memory, of the parameter's shape: its value after this step.</summary>
    protected Value Feedback(GraphBuilder b, string name, Value like, Func<Value, Value> update)
    {
        var dims = like.StaticDims();
        var next = update(b.Input(name, ElementType.Float, dims));
        b.Output($"{name}_next", next);
        _memory.Add((name, dims));
        return next;
    }
}
