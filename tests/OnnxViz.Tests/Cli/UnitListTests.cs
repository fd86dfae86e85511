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
    [InlineData("25@14,20", "25@14,20")]
    [InlineData("0,25@14,20,3", "0 25@14,20 3")]
    [InlineData("1-2@0,6, 5@3 , 4", "1@0,6 2@0,6 5@3,4")]
    public void A_unit_may_have_a_position(string text, string expected) => Assert.Equal(expected, string.Join(' ', UnitList.Places(text, [1, 32, 28, 28], "conv", 0)));

    [Fact]
    public void A_position_has_as_many_numbers_as_the_map_has_axes()
    {
        Assert.Equal("5@1234 6 7@8", string.Join(' ', UnitList.Places("5@1234,6,7@8", [1, 84, 8400], "output0", 0)));
        Assert.Equal("0@1,2,3 4", string.Join(' ', UnitList.Places("0@1,2,3,4", [1, 8, 4, 4, 4], "volume", 0)));
        Assert.Equal("5@1,2+0.5*7@3,4 6", string.Join(' ', UnitList.Parts("5@1,2+0.5*7@3,4,6", 2)));
    }

    [Theory]
    [InlineData("5@28,0", Fault.Input)]
    [InlineData("5@0,28", Fault.Input)]
    [InlineData("5@1", Fault.Input)]
    [InlineData("32@0,0", Fault.Input)]
    [InlineData("5@-1,0", Fault.Argument)]
    [InlineData("5@a,0", Fault.Argument)]
    [InlineData("5@,", Fault.Argument)]
    [InlineData("@1,2", Fault.Argument)]
    public void What_is_no_position_is_refused(string text, Fault fault) =>
        Assert.Equal(fault, Assert.Throws<OnnxVizException>(() => UnitList.Places(text, [1, 32, 28, 28], "conv", 0)).Fault);

    [Fact]
    public void The_size_of_the_map_is_told()
    {
        Assert.Contains("its maps are 28x28", Assert.Throws<OnnxVizException>(() => UnitList.Places("5@28,0", [1, 32, 28, 28], "conv", 0)).Message);
        Assert.Contains("no positions", Assert.Throws<OnnxVizException>(() => UnitList.Places("5@1", [1, 32], "scores", 0)).Message);
        Assert.Contains("a position has no meaning here", Assert.Throws<OnnxVizException>(() => UnitList.Parse("5@1,2", 32, "conv", 0)).Message);
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
