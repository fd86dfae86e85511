using OnnxViz.Autodiff.Rules;
using OnnxViz.Graphs.Emit;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Check;

public class CheckGradTests
{
    [Fact]
    public void A_carried_network_is_right()
    {
        var run = CliRun.Of(
            "check-grad", "vgg16-body", "--layers", "relu1_2,conv2_1", "--size", "16", "--device", "cpu", "-i", Repository.Carried("images/chelsea.png"), "--json");
        Assert.Equal(0, run.Exit);
        Assert.Equal(["relu1_2", "conv2_1"], run.Json["layers"]!.AsArray().Select(l => (string)l!["name"]!));
        Assert.Equal(["Conv", "MaxPool", "Relu"], run.Json["operators"]!.AsArray().Select(o => (string)o!["op"]!).Order());
        Assert.All(run.Json["operators"]!.AsArray(), o => Assert.Equal("agrees", (string)o!["verdict"]!));
        Assert.All(run.Json["layers"]!.AsArray(), l => Assert.NotEqual("WRONG", (string)l!["verdict"]!));
        Assert.Contains(run.Json["layers"]!.AsArray().SelectMany(l => l!["directions"]!.AsArray()), d => (string)d!["verdict"]! == "agrees");
    }

    [Theory]
    [InlineData("--points", "0")]
    [InlineData("--directions", "-1")]
    [InlineData("--tolerance", "0")]
    [InlineData("-o", "x.png")]
    [InlineData("-m", "other.onnx")]
    public void Wrong_usage_is_2(params string[] args)
    {
        var run = CliRun.Of(["check-grad", "vgg16-body", .. args]);
        Assert.Equal((2, 1), (run.Exit, run.Error.Count(c => c == '\n')));
    }

    /// <summary>Straight through the roundings, whatever form a file has them in: not one derivative may be called wrong.</summary>
    [Theory]
    [InlineData("int8.qdq.onnx")]
    [InlineData("moving.qdq.onnx")]
    [InlineData("uint8.qoperator.onnx")]
    public void Quantised_networks_agree(string file)
    {
        var run = CliRun.Of("check-grad", Repository.Fixture($"reference/exporters/{file}"), "--points", "1", "--json");
        Assert.Equal((0, "agrees"), (run.Exit, (string)run.Json["verdict"]!));
    }
}
