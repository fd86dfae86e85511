using OnnxViz.Cli.Shell;
using OnnxViz.Graphs.Emit;
using Xunit;

namespace OnnxViz.Tests.Cli;

public class NumbersTests
{
    [Theory]
    [InlineData("224", 224, 224)]
    [InlineData("224x320", 224, 320)]
    [InlineData("1X2", 1, 2)]
    public void Sizes_are_height_and_width(string text, int height, int width) => Assert.Equal((height, width), Numbers.Size("--size", text));

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("10x")]
    [InlineData("1x2x3")]
    [InlineData("16385")]
    public void Other_sizes_are_refused(string text) => Assert.Equal(Fault.Argument, Assert.Throws<OnnxVizException>(() => Numbers.Size("--size", text)).Fault);

    [Fact]
    public void Numbers_have_a_point_whatever_the_machine() => Assert.Equal([0.5f, -1f, 1e-3f], Numbers.Floats("--mean", "0.5,-1, 1e-3", 3));

    [Theory]
    [InlineData("1")]
    [InlineData("1,2,3")]
    [InlineData("1,x")]
    [InlineData("1,NaN")]
    public void Other_numbers_are_refused(string text) => Assert.Throws<OnnxVizException>(() => Numbers.Floats("--range", text, 2));
}
