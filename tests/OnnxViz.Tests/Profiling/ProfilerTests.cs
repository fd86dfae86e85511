using OnnxViz.Autodiff;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Profiling;
using OnnxViz.Runtime;
using Xunit;

namespace OnnxViz.Tests.Profiling;

/// <summary>A network whose work is known by hand: 8x8 pictures of 2 channels, a 3x3 convolution to 4, a product with 4 x 10.</summary>
public sealed class ProfilerTests
{
    private const int Batch = 3, Runs = 5;

    private const double ConvFlops = 2.0 * Batch * 4 * 8 * 8 * (2 * 3 * 3), ProductFlops = 2.0 * Batch * 4 * 10;

    /// <summary>Of the convolution: as many operations again, from 4 channels to 2.</summary>
    private const double GradientFlops = ConvFlops;

    private static readonly RuntimeOptions Options = new(Device.Cpu, Threads: 1);

    [Theory]
    [InlineData(Batch)]
    [InlineData(-1)]
    public void Operations_are_those_that_the_network_needs_whatever_the_blocks_of_ONNX_Runtime(long batch)
    {
        using var profiler = Profiler.Start();
        using var session = new Session(Network(batch, withGradient: false), Options);
        for (var i = 0; i < Runs; i++) session.Run(Input());
        profiler.Stop();
        var profile = session.Profiled!.Profile;
        Assert.Equal(Runs, profile.Count);
        Assert.Equal(Runs * ConvFlops, Of(profile, "Conv"));
        Assert.Equal(Runs * ProductFlops, Of(profile, "MatMul"));
        Assert.All(profile.Nodes, n => Assert.Equal(Runs, n.Calls));
        // At least the picture, the weight and the result.
        Assert.InRange(profile.Nodes.Where(n => n.Operator == "Conv").Sum(n => n.Bytes), 4.0 * Runs * ((Batch * 2 * 64) + (4 * 2 * 9) + (Batch * 4 * 64)), double.MaxValue);
        Assert.Equal(4 * ((4 * 2 * 9) + (4 * 10)), session.Profiled.WeightBytes, 64.0);
    }

    [Fact]
    public void Rows_add_up_to_their_totals()
    {
        using var profiler = Profiler.Start();
        using (Profiler.Phase("outer"))
        {
            using (Profiler.Phase("inner")) Thread.Sleep(20);
            Thread.Sleep(10);
        }

        using var session = new Session(Network(Batch, withGradient: true), Options);
        for (var i = 0; i < Runs; i++) session.Run(Input());
        var report = profiler.Stop(measuresPeak: false);

        Assert.Equal(report.Milliseconds, report.Phases.Sum(p => p.Milliseconds), 1e-6);
        Assert.Equal(1, report.Phases.Sum(p => p.Share), 1e-9);
        Assert.InRange(report.Phases.Single(p => p.Name == "inner").Milliseconds, 19, report.Milliseconds);
        Assert.InRange(report.Phases.Single(p => p.Name == "outer").Milliseconds, 9, report.Milliseconds - 19);
        Assert.Equal(Runs, report.Phases.Single(p => p.Name == "run a graph").Calls);
        Assert.Empty(report.OtherThreads);

        var runs = report.Runs;
        Assert.Equal((1, Runs, Runs), (runs.Sessions, (int)runs.Count, (int)runs.Recorded));
        Assert.Equal(report.Milliseconds, runs.InOperators + runs.Between + runs.Around + runs.Unrecorded + runs.Elsewhere, 1e-6);
        Assert.Equal(report.Phases.Single(p => p.Name == "run a graph").Milliseconds, runs.InOperators + runs.Between + runs.Around, 1e-6);
        Assert.All(new[] { runs.InOperators, runs.Between, runs.Around, runs.Elsewhere }, t => Assert.InRange(t, 0, report.Milliseconds));
        Assert.Equal(runs.InOperators, report.Operators.Sum(o => o.Milliseconds), 1e-6);
        Assert.Equal(runs.InOperators, report.Layers.Sum(l => l.Milliseconds), 1e-6);
        Assert.Equal(1, report.Operators.Sum(o => o.Share), 1e-9);
        Assert.All(report.Layers, l => Assert.Equal(l.Milliseconds, l.Forward + l.Gradient, 1e-9));
        Assert.InRange(report.Memory.PeakResidentBytes, report.Memory.ManagedBytes, long.MaxValue);
    }

    [Fact]
    public void Nodes_belong_to_layers_and_their_gradients_too()
    {
        using var profiler = Profiler.Start();
        (string, string)[] layers = [("body/conv", "conv1_1"), ("body/relu", "relu1_1"), ("head", "fc")];
        Profiler.Current!.Know(["body/conv", "body/relu", "body/pool", "head"], () => layers);
        // Another checkpoint of the same network.
        Profiler.Current.Know(["head", "body/conv"], () => throw new InvalidOperationException());
        using var session = new Session(Network(Batch, withGradient: true), Options);
        session.Run(Input());
        var report = profiler.Stop(measuresPeak: false);
        var nodes = session.Profiled!.Profile.Nodes;
        var names = new LayerNames();
        names.Add(["head"], () => layers);
        Assert.Equal(ConvFlops, nodes.Where(n => names.Of(n) == ("conv1_1", false)).Sum(n => n.Flops));
        Assert.Equal(GradientFlops, nodes.Where(n => names.Of(n) == ("conv1_1", true)).Sum(n => n.Flops));
        Assert.Contains(nodes, n => names.Of(n) == ("relu1_1", true));
        Assert.Empty(report.Layers.Select(l => l.Layer).Except(["body", "conv1_1", "relu1_1", "fc", "gradient", LayerNames.Layout, LayerNames.Other, "score", "dx"]));
    }

    [Fact]
    public void Nothing_is_recorded_where_no_profiler_runs()
    {
        Assert.Null(Profiler.Current);
        using (var before = new Session(Network(Batch, withGradient: false), Options)) Assert.Null(before.Profiled);
        using (var profiler = Profiler.Start())
        {
            using (ExecutionContext.SuppressFlow())
            {
                var other = new Thread(() => Assert.Null(Profiler.Current));
                other.Start();
                other.Join();
            }

            profiler.Stop(measuresPeak: false);
            Assert.Null(Profiler.Current);
            Assert.Throws<ObjectDisposedException>(() => profiler.Stop());
        }

        Assert.Equal(default, Profiler.Phase("nothing"));
    }

    [Fact]
    public void Trials_are_a_phase_and_no_part_of_the_work()
    {
        Assert.Null(Profiler.Apart("nothing"));
        using var profiler = Profiler.Start();
        using (Profiler.Apart("trials"))
        {
            Assert.Null(Profiler.Current);
            using var session = new Session(Network(Batch, withGradient: false), Options);
            session.Run(Input());
        }

        Assert.NotNull(Profiler.Current);
        var report = profiler.Stop(measuresPeak: false);
        Assert.Equal(["trials", "all else"], report.Phases.Select(p => p.Name));
        Assert.Equal((0, 0), (report.Runs.Sessions, (int)report.Runs.Count));
    }

    [Fact]
    public async Task Other_threads_are_told_apart()
    {
        using var profiler = Profiler.Start();
        var thread = new Thread(() =>
        {
            using var phase = Profiler.Phase("beside");
            Thread.Sleep(5);
        });
        thread.Start();
        thread.Join();
        await Task.CompletedTask;
        var report = profiler.Stop(measuresPeak: false);
        Assert.Equal("beside", Assert.Single(report.OtherThreads).Name);
        Assert.DoesNotContain(report.Phases, p => p.Name == "beside");
    }

    [Fact]
    public void Of_very_many_runs_the_first_are_recorded()
    {
        using var profiler = Profiler.Start();
        var b = new GraphBuilder();
        var value = b.Input("x", ElementType.Float, 1);
        for (var i = 0; i < 1000; i++) value = b.Emit(i % 2 == 0 ? "Sin" : "Cos", [value]);
        b.Output("y", value);
        using var session = new Session(b.Build(), Options);
        for (var i = 0; i < 50; i++) session.Run(new Dictionary<string, Tensor> { ["x"] = Tensor.Of([1f], 1) });
        var report = profiler.Stop(measuresPeak: false);
        Assert.Equal(50, report.Runs.Count);
        Assert.Equal(40, report.Runs.Recorded);
        Assert.InRange(report.Runs.Unrecorded, 1e-3, report.Milliseconds);
        Assert.Equal(40 * 1000, report.Operators.Sum(o => o.Calls));
    }

    private static double Of(OrtProfile profile, string op) => profile.Nodes.Where(n => n.Facts?.Operator == op).Sum(n => n.Flops);

    private static Dictionary<string, Tensor> Input() => new() { ["x"] = Tensor.Of(new float[Batch * 2 * 64], Batch, 2, 8, 8) };

    internal static Graph Network(long batch, bool withGradient)
    {
        var b = new GraphBuilder();
        var x = b.Input("x", ElementType.Float, batch, 2, 8, 8);
        var random = new CounterRandom(1, 1);
        Value Weight(params long[] dims) => b.Constant(Tensor.Of([.. Enumerable.Range(0, (int)dims.Aggregate((p, d) => p * d)).Select(_ => (random.Next(100) / 50f) - 1)], dims));
        var conv = b.Node("Conv", [x, Weight(4, 2, 3, 3)], new Dictionary<string, object> { ["pads"] = new long[] { 1, 1, 1, 1 } }, name: "body/conv")[0];
        var relu = b.Node("Relu", [conv], name: "body/relu")[0];
        var mean = b.Node("GlobalAveragePool", [relu], name: "body/pool")[0];
        var scores = b.Node("MatMul", [b.Node("Flatten", [mean], name: "body/flat")[0], Weight(4, 10)], name: "head")[0];
        b.Output("score", scores);
        if (withGradient)
        {
            var seed = b.Constant(Tensor.Of([.. Enumerable.Repeat(1f, Batch * 10)], Batch, 10));
            b.Output("dx", Backpropagation.Gradients(b, new Dictionary<Value, Value> { [scores] = seed }, [x], GradientRules.Default)[0]);
        }

        return b.Build();
    }
}
