using OnnxViz.Graphs.Emit;
using OnnxViz.Imaging.Segmentation;
using Xunit;

namespace OnnxViz.Tests.Imaging;

public class MaxFlowTests
{
    [Fact]
    public void The_cheapest_edge_of_a_chain_is_cut()
    {
        var flow = new MaxFlow(4);
        flow.Terminals(0, 10, 0);
        flow.Terminals(3, 0, 10);
        flow.Edge(0, 1, 5);
        flow.Edge(1, 2, 2);
        flow.Edge(2, 3, 7);
        Assert.Equal([true, true, false, false], flow.SourceSide());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void No_other_cut_of_a_small_graph_is_cheaper(int seed)
    {
        // Every one of the 2^12 cuts is tried, on many graphs.
        const int nodes = 12;
        var random = new Random(seed);
        for (var graph = 0; graph < 40; graph++)
        {
            var flow = new MaxFlow(nodes);
            var (source, sink) = (new long[nodes], new long[nodes]);
            for (var i = 0; i < nodes; i++)
            {
                (source[i], sink[i]) = (random.Next(12), random.Next(12));
                flow.Terminals(i, source[i], sink[i]);
            }

            var edges = Enumerable.Range(0, 26).Select(_ => (A: random.Next(nodes), B: random.Next(nodes), Cost: (long)random.Next(8))).Where(e => e.A != e.B).ToList();
            foreach (var (a, b, cost) in edges) flow.Edge(a, b, cost);

            var side = flow.SourceSide();
            var cheapest = Enumerable.Range(0, 1 << nodes).Min(cut => Cost(i => (cut >> i & 1) == 1));
            Assert.Equal(cheapest, Cost(i => side[i]));

            long Cost(Func<int, bool> isSource) =>
                Enumerable.Range(0, nodes).Sum(i => isSource(i) ? sink[i] : source[i])
                + edges.Sum(e => isSource(e.A) != isSource(e.B) ? e.Cost : 0);
        }
    }
}
