using BenchmarkDotNet.Attributes;
using OnnxViz.Autodiff;
using OnnxViz.Graphs;
using OnnxViz.Models;

namespace OnnxViz.Benchmarks;

/// <summary>How long the compiler takes for the class scores of one picture, warm: reading, the copy for one size, the gradient.</summary>
[MemoryDiagnoser]
public class CompileBenchmarks
{
    private VisionModel _model = null!;
    private Value _scores = null!;
    private long[] _dims = null!;

    [GlobalSetup]
    public void Setup()
    {
        _model = VisionModel.Load(Bench.Model, Bench.Catalog);
        _scores = ClassOutput.Of(_model);
        _dims = _model.Conventions.InputDims(1, _model.Conventions.Height, _model.Conventions.Width);
    }

    [Benchmark]
    public VisionModel Load() => VisionModel.Load(Bench.Model, Bench.Catalog);

    [Benchmark]
    public int Specialise() => ShapedModel.Start(_model, _dims, _scores).Builder.Graph.Nodes.Count;

    [Benchmark]
    public int SpecialiseAndGradient()
    {
        var forward = ShapedModel.Start(_model, _dims, _scores);
        var y = forward[_scores];
        var seed = forward.Builder.Input("seed", y.Type, y.StaticDims());
        var seeds = new Dictionary<Value, Value> { [y] = seed };
        forward.Builder.Output("gradient", Backpropagation.Gradients(forward.Builder, seeds, [forward.Input], GradientRules.Default)[0]);
        return forward.Builder.Build().Nodes.Count;
    }
}
