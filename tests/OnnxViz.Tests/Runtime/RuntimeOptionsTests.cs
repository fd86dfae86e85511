using OnnxViz.Cli;
using OnnxViz.Cli.Shell;
using OnnxViz.Cli.Verbs.Maximize;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Runtime;
using OnnxViz.Runtime.Hardware;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Runtime;

public class RuntimeOptionsTests
{
    /// <summary>Zero stands for as many as there are cores.</summary>
    [Theory]
    [InlineData(3, "--threads", "3")]
    [InlineData(1, "--threads", "1")]
    [InlineData(0)]
    public void Threads_reach_the_session(int expected, params string[] args)
    {
        Arguments.Parse(["maximize", "--device", "cpu", .. args], VerbList.All, new Streams(TextWriter.Null, TextWriter.Null, default), out var verb);
        using var session = ((MaximizeVerb)verb!).Runtime().ToSessionOptions();
        Assert.Equal((expected > 0 ? expected : PhysicalCores.Count, 1), (session.IntraOpNumThreads, session.InterOpNumThreads));
    }

    [Theory]
    [InlineData("--exact", "--winograd", "none")]
    [InlineData("--winograd", "large")]
    [InlineData("--winograd", "256x512@28x28,")]
    [InlineData("--precision", "float16")]
    [InlineData("--threads", "0")]
    public void What_makes_no_sense_is_refused(params string[] args)
    {
        Arguments.Parse(["maximize", "--device", "cpu", .. args], VerbList.All, new Streams(TextWriter.Null, TextWriter.Null, default), out var verb);
        var refused = Assert.Throws<OnnxVizException>(() => ((MaximizeVerb)verb!).Runtime());
        Assert.Equal(Fault.Argument, refused.Fault);
    }

    /// <summary>Loading takes seconds where weights are large.</summary>
    [Fact]
    public void An_interrupted_session_is_not_loaded()
    {
        var b = new GraphBuilder();
        b.Output("y", b.Neg(b.Input("x", ElementType.Float, 1)));
        Assert.Throws<OperationCanceledException>(() => new Session(b.Build(), RuntimeOptions.Default with { Token = new CancellationToken(canceled: true) }));
    }

    /// <summary>By itself ONNX Runtime makes a pool's own padding of them, which is -infinity.</summary>
    [Fact]
    public void Zeros_around_what_a_pool_sees_stay_zeros()
    {
        var b = new GraphBuilder();
        var padded = b.Pad(b.Neg(b.Exp(b.Input("x", ElementType.Float, 1, 2, 4, 4))), [0, 0, 1, 1, 0, 0, 1, 1]);
        b.Output("y", b.Emit("MaxPool", [padded], ("kernel_shape", new long[] { 3, 3 }), ("strides", new long[] { 3, 3 })));
        var graph = b.Build();
        using var session = new Session(graph, RuntimeOptions.Default);
        var y = session.Run(new Dictionary<string, Tensor> { ["x"] = TinyTensors.Random(ElementType.Float, new Random(3), 1, 2, 4, 4) })["y"];
        Assert.Equal(new float[8], y.ToFloats());
    }
}
