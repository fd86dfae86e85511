using OnnxViz.Autodiff.Rules;
using OnnxViz.Cli.Shared;
using OnnxViz.Graphs.Emit;
using Xunit;

namespace OnnxViz.Tests.Cli;

public class UnitListTests
{
    [Theory]
    [InlineData("25", new[] { 25 })]
    [InlineData("0,5,8-12", new[] { 0, 5, 8, 9, 10, 11, 12 })]
    [InlineData("7, 3 ,3", new[] { 7, 3, 3 })]
    [InlineData("31-31", new[] { 31 })]
    public void Units_come_in_the_order_given(string text, int[] units) => Assert.Equal(units, UnitList.Parse(text, 32, "conv", 0));

    [Fact]
    public void All_is_every_unit() => Assert.Equal(Enumerable.Range(0, 32), UnitList.Parse("all", 32, "conv", 0));

    [Fact]
    public void Random_units_are_different_ones_and_follow_from_the_seed()
    {
        var drawn = UnitList.Parse("random:9", 32, "conv", 7);
        Assert.Equal(9, drawn.Distinct().Count());
        Assert.All(drawn, u => Assert.InRange(u, 0, 31));
        Assert.Equal(drawn, UnitList.Parse("random:9", 32, "conv", 7));
        Assert.NotEqual(drawn, UnitList.Parse("random:9", 32, "conv", 8));
        Assert.Equal(Enumerable.Range(0, 32), UnitList.Parse("random:32", 32, "conv", 7).Order());
    }

    [Theory]
    [InlineData("", Fault.Argument)]
    [InlineData("1,", Fault.Argument)]
    [InlineData("a", Fault.Argument)]
    [InlineData("-1", Fault.Argument)]
    [InlineData("5-3", Fault.Argument)]
    [InlineData("1.5", Fault.Argument)]
    [InlineData("random:", Fault.Argument)]
    [InlineData("random:0", Fault.Argument)]
    [InlineData("99999999999", Fault.Argument)]
    [InlineData("32", Fault.Input)]
    [InlineData("0-999999999", Fault.Input)]
    [InlineData("random:33", Fault.Input)]
    public void What_is_no_unit_is_refused(string text, Fault fault) =>
        Assert.Equal(fault, Assert.Throws<OnnxVizException>(() => UnitList.Parse(text, 32, "conv", 0)).Fault);
}
