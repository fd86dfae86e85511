using OnnxViz.Cli.Shared;
using OnnxViz.Graphs.Emit;
using OnnxViz.Models;
using Xunit;

namespace OnnxViz.Tests.Cli;

public class ClassNameTests
{
    private static readonly VisionModel _model = VisionModel.Load("efficientnet-lite0", ModelCatalog.Open());

    [Theory]
    [InlineData("282", 282)]
    [InlineData("Tiger Cat", 282)]
    [InlineData("espresso m", 550)]
    [InlineData("espresso", 967)]
    public void A_number_a_whole_name_or_a_part_of_one_name_is_a_class(string text, int id) => Assert.Equal(id, ClassName.Resolve(text, _model));

    [Fact]
    public void Top_is_left_to_the_picture() => Assert.Null(ClassName.Resolve("top", _model));

    [Fact]
    public void A_part_of_several_names_lists_them()
    {
        var error = Assert.Throws<OnnxVizException>(() => ClassName.Resolve("espress", _model));
        Assert.Equal(Fault.Input, error.Fault);
        Assert.Contains("espresso (967)", error.Message);
        Assert.Contains("espresso maker (550)", error.Message);
    }

    [Fact]
    public void An_unknown_name_lists_the_nearest_ones()
    {
        var error = Assert.Throws<OnnxVizException>(() => ClassName.Resolve("tiger cst", _model));
        Assert.Equal(Fault.Input, error.Fault);
        Assert.Contains("tiger cat (282)", error.Message);
    }

    [Fact]
    public void Lists_have_commas() => Assert.Equal(["peacock", "84", "volcano"], ClassName.Several("peacock, 84,volcano", _model));
}
