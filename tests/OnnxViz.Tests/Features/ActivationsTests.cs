using System.Text.Json.Nodes;
using OnnxViz.Autodiff.Rules;
using OnnxViz.Graphs.Emit;
using OnnxViz.Imaging;
using OnnxViz.Imaging.Files;
using OnnxViz.Imaging.Resample;
using OnnxViz.Onnx;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Features;

/// <summary>Which maps are shown, in which order and on which scale.</summary>
public class ActivationsTests
{
    private static string Cat => Repository.Carried("images/chelsea.png");

    private static string Coffee => Repository.Carried("images/coffee.png");

    [Fact]
    public void Units_are_sorted_by_strength_unless_the_order_is_given()
    {
        int[] strongest = Units("--count", "5");
        var means = Means("--unit", "all");
        Assert.Equal(means.OrderByDescending(m => m.Value).Take(5).Select(m => m.Key), strongest);
        Assert.Equal(strongest.Order(), Units("--count", "5", "--sort", "index"));
        Assert.Equal([7, 2, 40], Units("--unit", "7,2,40"));
        Assert.Equal([2, 7, 40], Units("--unit", "7,2,40", "--sort", "index"));
        Assert.Equal(new[] { 7, 2, 40 }.OrderByDescending(u => means[u]), Units("--unit", "7,2,40", "--sort", "strength"));
    }

    [Fact]
    public void Several_pictures_show_the_same_units()
    {
        var results = Run("-i", Cat, Coffee, "--count", "4")["results"]!.AsArray();
        Assert.Equal(2, results.Count);
        Assert.Equal(UnitsOf(results[0]!), UnitsOf(results[1]!));
    }

    [Fact]
    public void A_difference_is_the_first_less_the_second()
    {
        using TemporaryFolder folder = new();
        Run("-i", Cat, Coffee, "--raw", folder["both.npy"]);
        Run("-i", Cat, Coffee, "--difference", "--raw", folder["difference.npy"]);
        var (both, difference) = (NpyFile.Load(folder["both.npy"]), NpyFile.Load(folder["difference.npy"]));
        Assert.Equal([1, .. both.Dims[1..]], difference.Dims);
        var (values, half) = (both.ToFloats(), (int)both.Count / 2);
        Assert.Equal(Enumerable.Range(0, half).Select(i => values[i] - values[half + i]), difference.ToFloats());
    }

    [Fact]
    public void On_a_common_scale_a_weak_map_is_darker()
    {
        using TemporaryFolder folder = new();
        var means = Means("--unit", "all");
        var pair = $"{means.MaxBy(m => m.Value).Key},{means.Where(m => m.Value > 0).MinBy(m => m.Value).Key}";
        string[] common = ["activations", "-m", "vgg16-body", "--size", "64", "-i", Cat, "--layer", "relu2_2", "--unit", pair, "--colormap", "gray", "--columns", "2"];
        CliRun.Text([.. common, "-o", folder["each.png"]]);
        CliRun.Text([.. common, "--scale", "common", "-o", folder["common.png"]]);
        Assert.True(RightHalf(ImageFile.Load(folder["common.png"])) < RightHalf(ImageFile.Load(folder["each.png"])));
    }

    [Theory]
    [InlineData(2, "--difference")]
    [InlineData(2, "--colormap", "blue")]
    [InlineData(2, "--sort", "size")]
    [InlineData(2, "--scale", "log")]
    [InlineData(3, "--unit", "128")]
    public void Nonsense_is_a_sentence(int exit, params string[] options)
    {
        var run = CliRun.Of(["activations", "-i", Cat, "--layer", "relu2_2", .. options]);
        Assert.Equal((exit, 1), (run.Exit, run.Error.Count(c => c == '\n')));
    }

    private static JsonObject Run(params string[] args)
    {
        using TemporaryFolder folder = new();
        return JsonNode.Parse(CliRun.Text(["activations", "-m", "vgg16-body", "--size", "64", "--layer", "relu2_2", "--json", "-o", folder["x.png"], .. args]))!.AsObject();
    }

    private static int[] Units(params string[] args) => UnitsOf(Run(["-i", Cat, .. args])["results"]![0]!);

    private static int[] UnitsOf(JsonNode result) => [.. result["units"]!.AsArray().Select(u => (int)u!["unit"]!)];

    private static Dictionary<int, float> Means(params string[] args) =>
        Run(["-i", Cat, .. args])["results"]![0]!["units"]!.AsArray().ToDictionary(u => (int)u!["unit"]!, u => (float)u!["mean"]!);

    /// <summary>Mean brightness of the middle of the right tile.</summary>
    private static double RightHalf(Image sheet) =>
        ImageOps.Crop(sheet, (sheet.Width / 2) + 10, sheet.Height / 3, (sheet.Width / 2) - 20, sheet.Height / 3).Pixels.Average(p => (double)p);
}
