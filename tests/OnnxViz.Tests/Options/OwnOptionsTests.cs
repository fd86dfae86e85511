using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Options;

/// <summary>What a verb has no use for it does not take.</summary>
public class OwnOptionsTests
{
    [Theory]
    [InlineData("kernels", "--device", "cpu")]
    [InlineData("kernels", "--threads", "2")]
    [InlineData("kernels", "--exact")]
    [InlineData("kernels", "--winograd", "none")]
    [InlineData("kernels", "--precision", "tf32")]
    [InlineData("kernels", "--mean", "0,0,0")]
    [InlineData("kernels", "--size", "64")]
    [InlineData("kernels", "--labels-file", "x.txt")]
    [InlineData("predict", "--seed", "1")]
    [InlineData("predict", "--out", "x.png")]
    [InlineData("check-grad", "--out", "x.png")]
    [InlineData("check-grad", "--raw", "x.npy")]
    [InlineData("activations", "--labels-file", "x.txt")]
    public void An_option_without_a_use_is_unknown_and_not_in_the_help(string verb, string option, params string[] value)
    {
        var run = CliRun.Of([verb, option, .. value]);
        Assert.Equal(2, run.Exit);
        Assert.Contains($"{option} is unknown", run.Error);
        Assert.False(Lists(verb, option));
    }

    [Theory]
    [InlineData("kernels", "--seed")]
    [InlineData("kernels", "--color")]
    [InlineData("check-grad", "--seed")]
    [InlineData("predict", "--raw")]
    [InlineData("predict", "--labels-file")]
    [InlineData("train", "--seed")]
    [InlineData("maximize", "--out")]
    public void What_has_a_use_is_in_the_help(string verb, string option) => Assert.True(Lists(verb, option));

    private static bool Lists(string verb, string option) => CliRun.Of(verb, "--help").Out.ReplaceLineEndings(" ") is var help
        && (help.Contains($" {option}=", StringComparison.Ordinal) || help.Contains($" {option}  ", StringComparison.Ordinal));
}
