using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Models;
using OnnxViz.Onnx;
using OnnxViz.Optimize;
using OnnxViz.Runtime;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Optimize;

public class OptimizerTests
{
    /// <summary>Twenty steps down sum (x - i)^4 / 4, against the algorithm of torch.optim.NAdam in float64 (tools/make_maximize_fixtures.py).</summary>
    [Fact]
    public void NAdam_goes_where_PyTorchs_goes()
    {
        var expected = NpyFile.Load(Repository.Fixture("maximize/nadam.npy"));
        var b = new GraphBuilder();
        var x = b.Input("x", ElementType.Float, 8);
        var optimizer = new Optimizer(OptimizerKind.NAdam, 0.1);
        var distance = b.Sub(x, b.Constant(Tensor.Of([0f, 1, 2, 3, 4, 5, 6, 7], 8)));
        var states = optimizer.Emit(b, x, b.Mul(distance, b.Square(distance)));
        using var session = new Session(b.Build(), new RuntimeOptions(Device.Cpu, Threads: 1));
        using var loop = new StepLoop(session, states(Tensor.Of(ParameterizationTests.Pattern(8), 8)), new Dictionary<string, long[]>());
        for (var t = 1; t <= 20; t++)
        {
            optimizer.Schedule(loop, t);
            loop.Step();
            double[] truth = [.. Tensors.Row(expected, t - 1).ToArray().Select(v => (double)v)];
            Near.Each($"step {t}", truth, loop.State("x").ToDoubles(), 2e-6);
        }
    }
}
