using System.Text.Json.Nodes;
using OnnxViz.Autodiff.Rules;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Imaging.Resample;
using OnnxViz.Onnx;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Snapshots;
using Xunit;

namespace OnnxViz.Tests.Features;

/// <summary>Slices of deeper kernels.</summary>
public class KernelsTests
{
    [Fact]
    public void The_strongest_inputs_are_those_with_the_largest_weights()
    {
        using TemporaryFolder folder = new();
        var json = JsonNode.Parse(CliRun.Text(
            "kernels", "-m", "vgg16-body", "--layer", "conv2_1", "--unit", "3,17", "--strongest", "4", "--raw", folder["w.npy"], "--json"))!;
        var weight = NpyFile.Load(folder["w.npy"]);
        var (elements, perUnit) = (weight.ToFloats(), (int)(weight.Count / weight.Dims[0]));
        foreach (var (unit, i) in new[] { 3, 17 }.Select((u, i) => (u, i)))
        {
            var norms = elements.Skip(unit * perUnit).Take(perUnit).Chunk(9).Select(k => Math.Sqrt(k.Sum(w => (double)w * w))).ToArray();
            var found = json["strongest"]![i]!["channels"]!.AsArray();
            Assert.Equal(norms.Select((n, c) => (n, c)).OrderByDescending(n => n.n).Take(4).Select(n => n.c), found.Select(c => (int)c!["channel"]!));
            Assert.All(found, c => Assert.Equal(norms[(int)c!["channel"]!], (double)c["norm"]!, 5));
        }
    }

    [Fact]
    public void Slices_of_a_unit() => Snapshot.Verify(
        CliRun.Picture("kernels", "-m", "vgg16-body", "--layer", "conv3_1", "--unit", "5,40", "--slice", "0-5"));

    [Fact]
    public void A_unit_of_a_group_has_the_channels_of_its_group_only()
    {
        using TemporaryFolder folder = new();
        var b = new GraphBuilder("grouped");
        var x = b.Input("image", ElementType.Float, 1, 4, 8, 8);
        var rgb = b.Input("picture", ElementType.Float, 1, 3, 8, 8);
        var weight = b.Constant(Tensor.Of([.. Enumerable.Range(0, 6 * 2 * 9).Select(i => (float)i)], 6, 2, 3, 3));
        b.Output("scores", b.Node("Conv", [b.Add(x, b.ReduceMean(rgb, [1])), weight], new Dictionary<string, object> { ["group"] = 2L }, name: "grouped")[0]);
        OnnxFile.Save(b.Build(), folder["g.onnx"]);

        string[] args = ["kernels", "-m", folder["g.onnx"], "--json", "-o", folder["k.png"], "--unit", "5"];
        Assert.Equal([3, 2], JsonNode.Parse(CliRun.Text([.. args, "--strongest", "9"]))!["strongest"]![0]!["channels"]!.AsArray().Select(c => (int)c!["channel"]!));
        Assert.Equal(0, CliRun.Of([.. args, "--slice", "2,3"]).Exit);
        var refused = CliRun.Of([.. args, "--slice", "1"]);
        Assert.Equal(3, refused.Exit);
        Assert.Contains("it sees 2 to 3", refused.Error);
    }

    [Theory]
    [InlineData(2, "--strongest", "0")]
    [InlineData(2, "--strongest", "3", "--slice", "1")]
    [InlineData(2, "--slice", "x")]
    [InlineData(3, "--slice", "64")]
    public void Nonsense_is_a_sentence(int exit, params string[] options)
    {
        var run = CliRun.Of(["kernels", "--layer", "conv2_1", .. options]);
        Assert.Equal((exit, 1), (run.Exit, run.Error.Count(c => c == '\n')));
    }

    [Theory]
    [InlineData("the colours that it takes in")]
    [InlineData("the 4 of 64 input channels that a unit weighs most", "--layer", "conv2_1", "--unit", "0-7")]
    [InlineData("the 2 of 64 input channels", "--layer", "conv2_1", "--unit", "3", "--strongest", "2")]
    [InlineData("these input channels", "--layer", "conv2_1", "--unit", "3", "--slice", "0,1")]
    public void It_is_said_what_is_drawn(string words, params string[] options)
    {
        using TemporaryFolder folder = new();
        Assert.Contains(words, CliRun.Text(["kernels", "-m", "vgg16-body", "-o", folder["k.png"], .. options]));
    }

    [Fact]
    public void Kernels_of_signals_are_numbers()
    {
        using TemporaryFolder folder = new();
        var b = new GraphBuilder("signal");
        var x = b.Input("signal", ElementType.Float, 1, 2, 16);
        b.Output("scores", b.Node("Conv", [x, b.Constant(Tensor.Of(new float[4 * 2 * 3], 4, 2, 3))], name: "first")[0]);
        OnnxFile.Save(b.Build(), folder["s.onnx"]);
        var refused = CliRun.Of("kernels", "-m", folder["s.onnx"], "-o", folder["k.png"]);
        Assert.Equal((3, 1), (refused.Exit, refused.Error.Count(c => c == '\n')));
        Assert.Contains("1-D convolution", refused.Error);
        Assert.Equal(0, CliRun.Of("kernels", "-m", folder["s.onnx"], "--raw", folder["k.npy"]).Exit);
        Assert.Equal([4, 2, 3], NpyFile.Load(folder["k.npy"]).Dims);
    }

    [Fact]
    public void Colours_are_shown_tight_unless_numbers_are_asked_for()
    {
        var (plain, labelled) = (CliRun.Picture("kernels", "-m", "vgg16-body"), CliRun.Picture("kernels", "-m", "vgg16-body", "--labels"));
        Assert.True(plain.Width < labelled.Width && plain.Height < labelled.Height);
        Assert.Equal([0, 0, 0], ImageOps.Crop(plain, 0, 0, 1, 1).Pixels);
    }
}
