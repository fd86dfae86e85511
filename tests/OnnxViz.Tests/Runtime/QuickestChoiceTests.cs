using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Runtime;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Runtime;

public class QuickestChoiceTests
{
    private static readonly string[] Ways = ["usual", "slow", "quick", "broken"];

    private readonly Dictionary<string, string> _remembered = [];
    private readonly List<string> _tried = [];

    private QuickestChoice Choice => new(key => _remembered.GetValueOrDefault(key), (key, text) => _remembered[key] = text);

    [Fact]
    public void The_quickest_is_found_once_and_remembered()
    {
        Assert.Equal("quick", Choice.Of("key", Ways, 1000, Measure));
        Assert.Equal(Ways, _tried);
        Assert.Equal("quick", Choice.Of("key", Ways, 1000, Measure));
        Assert.Equal(4, _tried.Count);
        Choice.Of("another", Ways, 1000, Measure);
        Assert.Equal(8, _tried.Count);
    }

    [Fact]
    public void Nothing_is_tried_that_cannot_pay()
    {
        // 10 times 2 s: another way cannot win more than 20 s, and as much as half of that is not to be expected.
        Assert.Equal("usual", Choice.Of("key", Ways, 10, way => new(15, 2)));
        Assert.Empty(_remembered);
        Assert.Equal("usual", Choice.Of("key", ["usual"], 1000, Measure));
        Assert.Empty(_tried);
    }

    [Fact]
    public void What_is_remembered_but_no_way_any_more_is_ignored()
    {
        _remembered["key"] = "forgotten";
        Assert.Equal("quick", Choice.Of("key", Ways, 1000, Measure));
        Assert.Equal("quick", _remembered["key"]);
    }

    [Fact]
    public void Where_none_works_it_is_the_usual_one() => Assert.Equal("usual", Choice.Of("key", Ways, 1000, _ => null));

    [Theory]
    [InlineData(true, 4)]
    [InlineData(false, 2)]
    public void Channels_go_last_only_where_weights_are_constant(bool isConstant, int plans)
    {
        var b = new GraphBuilder();
        var weight = isConstant ? ToyNetworks.Filled(b, 1, 2, 3, 3, 3) : b.Input("w", ElementType.Float, 2, 3, 3, 3);
        b.Output("y", b.Emit("Conv", [b.Input("x", ElementType.Float, 1, 3, 8, 8), weight]));
        Assert.Equal(plans, StepPlan.For(b.Build()).Select(p => p.ToString()).Distinct().Count());
    }

    private QuickestChoice.Time? Measure(string way)
    {
        _tried.Add(way);
        return way switch { "usual" => new(0.1, 2), "slow" => new(0.1, 4), "quick" => new(0.1, 1), _ => null };
    }
}
