using OnnxViz.Autodiff.Rules;
using OnnxViz.Cli;
using OnnxViz.Cli.Shell;
using OnnxViz.Cli.Verbs.Demo;
using OnnxViz.Graphs.Emit;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Cli;

public class ArgumentsTests
{
    [Theory]
    [InlineData("predict", "--foo")]
    [InlineData("predict", "-q")]
    [InlineData("predict", "-i")]
    [InlineData("predict", "--top", "many", "-i", "x.png")]
    [InlineData("predict", "--top", "0", "-i", "x.png")]
    [InlineData("predict", "stray")]
    [InlineData("predict")]
    [InlineData("predict", "-i", "x.png", "-o", "x.png")]
    [InlineData("predict", "-i", "x.png", "--threads", "0")]
    [InlineData("predict", "-i", "x.png", "--device", "tpu")]
    [InlineData("predict", "-i", "x.png", "--color", "cmyk")]
    [InlineData("predict", "-i", "x.png", "--range", "1,0")]
    [InlineData("predict", "-i", "x.png", "--mean", "1,2")]
    [InlineData("predict", "-i", "x.png", "--std", "0")]
    [InlineData("predict", "-i", "x.png", "--size", "big")]
    [InlineData("predict", "-i", "x.png", "--size", "64")]
    [InlineData("predict", "-i", "x.png", "--raw", "scores.txt")]
    [InlineData("predict", "-i", "x.png", "--input-tensor", "x.npy")]
    [InlineData("saliency", "-i", "x.png", "--method", "gradeint")]
    [InlineData("saliency", "-i", "x.png", "--layer", "conv5_3")]
    [InlineData("saliency", "-i", "x.png", "--class", "1", "--layer", "conv5_3", "--unit", "1")]
    [InlineData("activations", "-i", "x.png")]
    [InlineData("maximize")]
    [InlineData("maximize", "--layer", "conv5_3")]
    [InlineData("maximize", "--layer", "conv5_3", "--unit", "1", "--steps", "0")]
    [InlineData("maximize", "--layer", "conv5_3", "--unit", "1", "--lr", "fast")]
    [InlineData("maximize", "--layer", "conv5_3", "--unit", "1", "--lr", "-1")]
    [InlineData("maximize", "--layer", "conv5_3", "--unit", "1", "--tv", "-1")]
    [InlineData("maximize", "--layer", "conv5_3", "--unit", "1", "-o", "x.jpg")]
    [InlineData("maximize", "--layer", "conv5_3", "--unit", "1", "--layer", "conv4_3")]
    [InlineData("predict", "-m", "a.onnx", "--model=b.onnx", "-i", "x.png")]
    [InlineData("activations", "-i", "x.png", "--layer", "conv5_3", "--unit", "1", "--count", "2")]
    [InlineData("saliency", "-i", "x.png", "--method", "integrated-gradients", "--steps", "1000000")]
    [InlineData("maximize", "--layer", "conv5_3", "--unit", "1", "--param", "maco", "--raw", "x.npy", "--raw-alpha", "./x.npy")]
    [InlineData("compare", "a.png")]
    [InlineData("sumary")]
    [InlineData("")]
    public void A_wrong_command_line_is_one_line_and_2(params string[] args)
    {
        var run = CliRun.Of(args);
        Assert.Equal((2, 1), (run.Exit, run.Error.Count(c => c == '\n')));
        Assert.StartsWith("onnxviz: ", run.Error);
    }

    [Theory]
    [InlineData("--mthod", "--method", "saliency", "-i", "x.png", "--mthod", "guided")]
    [InlineData("gradeint", "gradient", "saliency", "-i", "x.png", "--method", "gradeint")]
    [InlineData("sumary", "summary", "sumary")]
    [InlineData("noise:1", "noise:0,1", "maximize", "--layer", "conv5_3", "--unit", "1", "--init", "noise:1")]
    [InlineData("'-1'", "from 0 on", "saliency", "-i", "x.png", "--seed", "-1")]
    [InlineData("-o needs a value", "--json", "saliency", "-i", "x.png", "-o", "--json", "--threads", "1")]
    [InlineData("--frames needs a value", "--size", "maximize", "--layer", "conv5_3", "--unit", "1", "--frames", "--size=64", "--steps", "2")]
    [InlineData("--lr needs a value.", "maximize --help", "maximize", "--layer", "conv5_3", "--unit", "1", "--lr")]
    [InlineData("-i needs a value.", "predict --help", "predict", "-i")]
    [InlineData("'nolayer'", "`onnxviz summary vgg16-body` lists the layers", "maximize", "--layer", "nolayer", "--unit", "1")]
    [InlineData("'many'", "whole number", "predict", "--top", "many", "-i", "x.png")]
    public void What_was_asked_and_what_may_have_been_meant_is_said(string asked, string meant, params string[] args)
    {
        var error = CliRun.Of(args).Error;
        Assert.Contains(asked, error);
        Assert.Contains(meant, error);
    }

    [Theory]
    [InlineData(0, "--help")]
    [InlineData(0, "help")]
    [InlineData(0, "predict", "--help")]
    [InlineData(0, "help", "predict")]
    [InlineData(0, "--version")]
    [InlineData(2)]
    public void Help_goes_to_standard_output(int exit, params string[] args)
    {
        var run = CliRun.Of(args);
        Assert.Equal((exit, ""), (run.Exit, run.Error));
        Assert.StartsWith("onnxviz 0", run.Out);
    }

    /// <summary>The page shows commands; they have to mean what was run.</summary>
    [Fact]
    public void Commands_of_the_demo_can_be_typed()
    {
        foreach (var step in new DemoTour("out folder", false, "cpu", 2).Sections().SelectMany(s => s.Steps))
        {
            var command = Manual.CommandOf(step.Verb);
            var args = CommandLines.Words(command)[1..];
            using var silence = new StringWriter();
            Assert.Null(Arguments.Parse(args, VerbList.All, new(silence, silence, default), out var parsed));
            Assert.IsType(step.Verb.GetType(), parsed, exactMatch: false);
            Assert.Equal(command, Manual.CommandOf(parsed));
        }
    }
}
