using OnnxViz.Autodiff;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Runtime;

namespace OnnxViz.Tests.Support.Networks;

/// <summary>A function of a few tensors and its compiled gradient, each ready to run.</summary>
internal sealed class TinyGraph : IDisposable
{
    private readonly Session _forward;
    private readonly Session _backward;

    /// <param name="function">Emits the function: from its inputs to its outputs.</param>
    /// <param name="inputs">Examples of the inputs; gradients are taken for the floating ones.</param>
    /// <param name="rules">How the gradient is taken; as it is by default.</param>
    /// <param name="opset">Of the graph.</param>
    /// <param name="sized">Where given, the graph knows ranks and channels only, as one that is made offline, but of these inputs.</param>
    /// <param name="device">Where it runs; on the CPU by default.</param>
    public TinyGraph(
        Func<GraphBuilder, Value[], Value[]> function, IReadOnlyList<Tensor> inputs, GradientRules? rules = null, int opset = Graph.EmittedOpset,
        IReadOnlySet<int>? sized = null, Device? device = null)
    {
        Targets = [.. Enumerable.Range(0, inputs.Count).Where(i => inputs[i].Type.IsFloating())];
        var options = new RuntimeOptions(device ?? Device.Cpu, Threads: 1);

        var forward = new GraphBuilder(opset: opset);
        var outputs = function(forward, Declare(forward, inputs, sized));
        Outputs = [.. outputs.Select(y => (y.Type, y.Dims!))];
        for (var i = 0; i < outputs.Length; i++) forward.Output($"y{i}", outputs[i]);
        _forward = new Session(forward.Build(), options);

        var backward = new GraphBuilder(opset: opset);
        var xs = Declare(backward, inputs, sized);
        var ys = function(backward, xs);
        var seeds = ys.Select((y, i) => (y, Seed: backward.Input($"dy{i}", y.Type, y.Dims!))).ToDictionary(p => p.y, p => p.Seed);
        var gradients = Backpropagation.Gradients(backward, seeds, [.. Targets.Select(t => xs[t])], rules ?? GradientRules.Default);
        for (var i = 0; i < gradients.Length; i++) backward.Output($"dx{Targets[i]}", gradients[i]);
        _backward = new Session(backward.Build(), options);
    }

    /// <summary>Positions of the inputs that gradients are taken for.</summary>
    public int[] Targets { get; }

    public (ElementType Type, long[] Dims)[] Outputs { get; }

    /// <summary>The gradient of a function with one output, with respect to its only floating input.</summary>
    public static double[] Gradient(Func<GraphBuilder, Value, Value> function, Tensor x, double[] dy, GradientRules? rules = null)
    {
        using var graph = new TinyGraph((b, xs) => [function(b, xs[0])], [x], rules);
        return graph.Gradients([x], [Tensor.Of(Array.ConvertAll(dy, d => (float)d), graph.Outputs[0].Dims)])[0].ToDoubles();
    }

    public double[][] Forward(IReadOnlyList<Tensor> inputs) =>
        [.. _forward.Run(Named("x", inputs)).Values.Select(y => y.ToDoubles())];

    /// <param name="inputs">Where.</param>
    /// <param name="seeds">d score / d output, for every output.</param>
    /// <returns>d score / d input for every target, each of its input's shape.</returns>
    public Tensor[] Gradients(IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor> seeds)
    {
        var results = _backward.Run(Named("x", inputs).Concat(Named("dy", seeds)).ToDictionary());
        return Array.ConvertAll(Targets, t => results[$"dx{t}"]);
    }

    public void Dispose()
    {
        _forward.Dispose();
        _backward.Dispose();
    }

    private static Value[] Declare(GraphBuilder builder, IReadOnlyList<Tensor> inputs, IReadOnlySet<int>? sized) =>
        [.. inputs.Select((tensor, i) => builder.Input($"x{i}", tensor.Type, sized?.Contains(i) == false ? Opened(tensor) : tensor.Dims))];

    /// <summary>Batch and positions of a picture may be anything. What is 1 is there to be broadcast.</summary>
    private static long[] Opened(Tensor tensor) =>
        tensor.Dims.Length < 2 || !tensor.Type.IsFloating() ? tensor.Dims : [.. tensor.Dims.Select((d, i) => i == 1 || d == 1 ? d : Shapes.Unknown)];

    private static Dictionary<string, Tensor> Named(string name, IReadOnlyList<Tensor> tensors) =>
        tensors.Select((tensor, i) => ($"{name}{i}", tensor)).ToDictionary();
}
