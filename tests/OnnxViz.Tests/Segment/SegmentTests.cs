using OnnxViz.Autodiff.Rules;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Imaging;
using OnnxViz.Imaging.Files;
using OnnxViz.Imaging.Segmentation;
using OnnxViz.Onnx;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Snapshots;
using Xunit;

namespace OnnxViz.Tests.Segment;

public class SegmentTests
{
    private const int Side = 64;

    [Fact]
    public void Of_the_carried_classifier() => Snapshot.Verify(
        CliRun.Picture("segment", "-i", Repository.Carried("images/coffee.png")));

    /// <summary>A classifier of redness finds a red disc on a noisy ground that is a little red here and there.</summary>
    [Theory]
    [InlineData("gradient")]
    [InlineData("guided")]
    [InlineData("smoothgrad")]
    [InlineData("grad-cam")]
    public void A_synthetic_object_is_cut_out(string method)
    {
        using TemporaryFolder folder = new();
        var (picture, truth) = RedDisc();
        File.WriteAllBytes(folder["disc.png"], PngWriter.Encode(picture));
        var run = CliRun.Of(
            "segment", "-m", RednessClassifier(folder["red.onnx"]), "-i", folder["disc.png"], "--class", "1", "--method", method, "--blur", "0",
            "--raw", folder["mask.npy"], "--json");
        Assert.True(run.Exit == 0, run.Error);

        var raw = NpyFile.Load(folder["mask.npy"]);
        Assert.Equal([1, Side, Side], raw.Dims);
        var found = new PixelMask(Side, Side, Array.ConvertAll(raw.ToFloats(), v => v == 1));
        Assert.InRange(found.IntersectionOverUnion(truth), 0.9, 1);
        var result = run.Json["results"]![0]!;
        Assert.Equal(found.Box!.Value.Width, (int)result["box"]![2]!);
        Assert.Equal(found.Area, (double)result["area"]!, 6);
    }

    [Theory]
    [InlineData(2, "--foreground", "100")]
    [InlineData(2, "--background", "99")]
    [InlineData(2, "--blur", "-1")]
    [InlineData(2, "--smoothness", "NaN")]
    [InlineData(2, "--method", "magic")]
    [InlineData(3, "--class", "1000")]
    public void Nonsense_is_a_sentence(int exit, params string[] options)
    {
        var run = CliRun.Of(["segment", "-i", Repository.Carried("images/coffee.png"), .. options]);
        Assert.Equal((exit, 1), (run.Exit, run.Error.Count(c => c == '\n')));
    }

    private static (Image Picture, PixelMask Truth) RedDisc()
    {
        var random = new Random(3);
        var (picture, truth) = (new Image(Side, Side), new bool[Side * Side]);
        for (var i = 0; i < truth.Length; i++)
        {
            var (y, x) = Math.DivRem(i, Side);
            truth[i] = Math.Pow(x - 36, 2) + Math.Pow(y - 30, 2) < 14 * 14;
            byte[] color = truth[i] ? [190, 60, 50] : [90, 100, 120];
            for (var c = 0; c < 3; c++) picture.Pixels[(3 * i) + c] = (byte)Math.Clamp(color[c] + random.Next(-30, 31), 0, 255);
        }

        return (picture, new PixelMask(Side, Side, truth));
    }

    /// <summary>Class 1 is the mean over all positions of relu(red - green + ...), smoothed by a 3x3 window.</summary>
    private static string RednessClassifier(string path)
    {
        var b = new GraphBuilder("red");
        var x = b.Input("image", ElementType.Float, 1, 3, Side, Side);
        float[] kernel = [.. new[] { 1f, -1f, -0.5f }.SelectMany(w => Enumerable.Repeat(w / 9, 9))];
        var red = b.Node(
            "Conv", [x, b.Constant(Tensor.Of(kernel, 1, 3, 3, 3)), b.Constant(Tensor.Of([-0.2f], 1))],
            new Dictionary<string, object> { ["kernel_shape"] = new long[] { 3, 3 }, ["pads"] = new long[] { 1, 1, 1, 1 } }, name: "redness")[0];
        var mean = b.Emit("Flatten", [b.Emit("GlobalAveragePool", [b.Emit("Relu", [red])])], ("axis", 1L));
        b.Expose("scores", b.Emit("Gemm", [mean, b.Constant(Tensor.Of([-1f, 1f], 1, 2)), b.Constant(Tensor.Of([0f, 0f], 2))]));
        OnnxFile.Save(b.Build(), path);
        return path;
    }
}
