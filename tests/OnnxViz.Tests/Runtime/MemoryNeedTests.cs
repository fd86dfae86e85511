using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Runtime;
using OnnxViz.Runtime.Memory;
using Xunit;

namespace OnnxViz.Tests.Runtime;

/// <summary>What cannot fit is refused before it is tried; what is said of a graph's memory is counted by hand.</summary>
public class MemoryNeedTests
{
    private const int Large = 4 * 1000;

    [Fact]
    public void A_chain_needs_two_results_at_a_time()
    {
        var b = new GraphBuilder();
        var x = b.Input("x", ElementType.Float, [10, 100]);
        var a = b.Transpose(x, [1, 0]);
        b.Output("y", b.Transpose(b.Transpose(a, [1, 0]), [1, 0]));

        // One is read, one is written, whichever of them.
        Assert.Equal(2 * Large, MemoryNeed.Of(b.Build()));
    }

    [Fact]
    public void What_is_read_again_later_stays()
    {
        var b = new GraphBuilder();
        var x = b.Input("x", ElementType.Float, [10, 100]);
        var kept = b.Transpose(x, [1, 0]);
        var other = b.Transpose(b.Transpose(kept, [1, 0]), [1, 0]);
        b.Output("y", b.Add(other, kept));

        // The sum is written over one of them; before that three are there.
        Assert.Equal(3 * Large, MemoryNeed.Of(b.Build()));
    }

    [Fact]
    public void Element_wise_operators_and_views_take_nothing_of_their_own()
    {
        var b = new GraphBuilder();
        var x = b.Input("x", ElementType.Float, [10, 100]);
        b.Output("y", b.Reshape(b.Sqrt(b.Abs(x)), [1000]));

        Assert.Equal(Large, MemoryNeed.Of(b.Build()));
    }

    [Fact]
    public void Weights_are_not_counted_and_booleans_take_a_byte()
    {
        var b = new GraphBuilder();
        var x = b.Input("x", ElementType.Float, [10]);
        var y = b.Add(x, b.Constant(Tensor.Of(new float[10_000], 1000, 10)));
        b.Output("mask", b.Greater(y, b.Scalar(0f)));

        Assert.Equal((1000 * 10 * 4) + (1000 * 10), MemoryNeed.Of(b.Build()));
    }

    [Fact]
    public void A_graph_that_does_not_fit_is_refused_with_the_number_of_bytes()
    {
        var b = new GraphBuilder();
        b.Output("y", b.Transpose(b.Input("x", ElementType.Float, [10, 100]), [1, 0]));
        var graph = b.Build();

        using (new Session(graph, RuntimeOptions.Default with { Memory = 2 * Large }))
        {
        }

        var error = Assert.Throws<OnnxVizException>(() => new Session(graph, RuntimeOptions.Default with { Memory = (2 * Large) - 1 }));
        Assert.Equal(Fault.Machine, error.Fault);
        Assert.Contains("(8000 bytes)", error.Message, StringComparison.Ordinal);
        Assert.Contains("(7999 bytes)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_free_is_read_from_what_Linux_says()
    {
        Assert.Equal(1024L * (2000 + 30), FreeMemory.OfSystem("MemTotal:  9000 kB\nMemFree: 10 kB\nMemAvailable:    2000 kB\nSwapFree:        30 kB\n"));
        Assert.Null(FreeMemory.OfSystem("MemTotal: 9000 kB\n"));
        Assert.Equal(1000 - 600 + 50, FreeMemory.OfGroup("1000\n", "600\n", "anon 5\ninactive_file 50\nactive_file 9\n"));
        Assert.Equal(0, FreeMemory.OfGroup("1000\n", "1600\n", ""));
        Assert.Null(FreeMemory.OfGroup("max\n", "600\n", ""));
        Assert.InRange(FreeMemory.OfCpu(), 1, long.MaxValue);
    }
}
