using OnnxViz.Caching;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Runtime;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Runtime;

public sealed class WinogradChoiceTests
{
    [Theory]
    [InlineData(1, "96x128@32x32")]
    [InlineData(3, "96x128@32x32")]
    [InlineData(9, "96x128@32x32*4")]
    public void A_size_is_named_whichever_way_the_convolution_goes(int batch, string key)
    {
        Assert.Equal(key, WinogradChoice.KeyOf(Convolution(batch, 96, 128).Nodes[0]));
        Assert.Equal(WinogradChoice.KeyOf(Convolution(batch, 96, 128).Nodes[0]), WinogradChoice.KeyOf(Convolution(batch, 128, 96).Nodes[0]));
    }

    [Fact]
    public void Given_sizes_are_taken_and_no_others()
    {
        var graph = Convolution(1, 96, 128);
        var options = RuntimeOptions.Default;
        var choice = new WinogradChoice(["96x128@32x32"]);
        Assert.True(choice.For(graph, options)(graph.Nodes[0]));
        Assert.Equal(["96x128@32x32"], choice.Used);
        Assert.False(new WinogradChoice([]).For(graph, options with { Runs = int.MaxValue })(graph.Nodes[0]));
    }

    [Fact]
    public void It_is_measured_where_there_is_much_to_do_and_remembered()
    {
        using var folder = new TemporaryFolder();
        var graph = Convolution(1, 96, 128);
        var cache = new CacheFolder(folder.Path);
        Assert.False(new WinogradChoice(cache: cache).For(graph, RuntimeOptions.Default)(graph.Nodes[0]));
        Assert.Empty(Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories));

        var options = RuntimeOptions.Default with { Runs = int.MaxValue };
        var measured = new WinogradChoice(cache: cache).For(graph, options)(graph.Nodes[0]);
        var entry = Assert.Single(Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories));
        Assert.Equal(measured ? "yes" : "no", File.ReadAllText(entry));

        // What was remembered goes before what would be measured now; what is no answer is measured anew.
        File.WriteAllText(entry, measured ? "no" : "yes");
        Assert.Equal(!measured, new WinogradChoice(cache: cache).For(graph, options)(graph.Nodes[0]));
        File.WriteAllText(entry, "perhaps");
        _ = new WinogradChoice(cache: cache).For(graph, options)(graph.Nodes[0]);
        Assert.Contains(File.ReadAllText(entry), new[] { "yes", "no" });
    }

    [Fact]
    public void An_interrupted_measurement_is_none()
    {
        using var folder = new TemporaryFolder();
        var graph = Convolution(1, 96, 128);
        var options = RuntimeOptions.Default with { Runs = int.MaxValue, Token = new CancellationToken(canceled: true) };
        Assert.False(new WinogradChoice(cache: new CacheFolder(folder.Path)).For(graph, options)(graph.Nodes[0]));
        Assert.Empty(Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories));
    }

    private static Graph Convolution(long batch, long from, long to)
    {
        var b = new GraphBuilder();
        var weight = b.Constant(Tensor.Of(new float[to * from * 9], to, from, 3, 3));
        b.Output("y", b.Emit("Conv", [b.Input("x", ElementType.Float, batch, from, 32, 32), weight], ("pads", new long[] { 1, 1, 1, 1 })));
        return b.Build();
    }
}
