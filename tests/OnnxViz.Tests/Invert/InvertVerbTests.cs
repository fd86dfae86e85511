using OnnxViz.Graphs.Emit;
using OnnxViz.Imaging;
using OnnxViz.Imaging.Files;
using OnnxViz.Onnx;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Invert;

/// <summary>What `invert` takes, delivers and refuses, on a small network.</summary>
public sealed class InvertVerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static string Cat => Repository.Carried("images/chelsea.png");

    private static string Rocket => Repository.Carried("images/rocket.jpg");

    [Fact]
    public void Several_pictures_and_layers_make_one_strip_each_and_one_array()
    {
        var run = Invert("-i", Cat, Rocket, "--layer", "first,second", "--size", "24x32", "-o", _folder["strips.png"], "--raw", _folder["found.npy"], "--json");

        Assert.Equal(0, run.Exit);
        Assert.Equal([4, 3, 24, 32], NpyFile.Load(_folder["found.npy"]).Dims);
        var results = run.Json["results"]!.AsArray();
        Assert.Equal(
            ["chelsea.png first", "chelsea.png second", "rocket.jpg first", "rocket.jpg second"],
            results.Select(r => $"{r!["picture"]} {r["layer"]}"));
        Assert.All(results, r => Assert.InRange(r!["error"]!.GetValue<double>(), 1e-9, 2));
        // Three pictures side by side in each of two rows, three times as large to have room for their labels.
        var strip = ImageFile.Load(_folder["strips.png"]);
        Assert.True(strip.Width >= 3 * 96 && strip.Height >= 2 * 72 && strip.Width < 4 * 96, $"{strip.Width} x {strip.Height}");
    }

    [Fact]
    public void A_folder_gets_a_file_for_each_picture_found()
    {
        var run = Invert("-i", Cat, "--layer", "first", "second", "--size", "16", "--display", "picture", "-o", _folder["out/"]);
        Assert.True(run.Exit == 0, run.Error);
        Assert.Equal(
            ["small_chelsea_first_inverted.png", "small_chelsea_second_inverted.png"],
            Directory.GetFiles(_folder["out"]).Select(f => Path.GetFileName(f)!).Order());
        Assert.Equal((16, 16), Size(ImageFile.Load(_folder["out/small_chelsea_first_inverted.png"])));
    }

    [Fact]
    public void Equal_runs_give_equal_files_and_another_seed_another()
    {
        string[] options = ["-i", Cat, "--layer", "second", "--size", "16", "--raw"];
        Invert([.. options, _folder["a.npy"]]);
        Invert([.. options, _folder["b.npy"]]);
        Invert([.. options, _folder["c.npy"], "--seed", "1"]);
        Assert.Equal(File.ReadAllBytes(_folder["a.npy"]), File.ReadAllBytes(_folder["b.npy"]));
        Assert.NotEqual(File.ReadAllBytes(_folder["a.npy"]), File.ReadAllBytes(_folder["c.npy"]));
    }

    [Theory]
    [InlineData("classifier")]
    [InlineData("scores")]
    [InlineData("pool")]
    public void Any_layer_has_a_code(string layer) => Assert.Equal(0, Invert("-i", Cat, "--layer", layer, "--size", "16", "-o", _folder["x.png"]).Exit);

    [Fact]
    public void A_caricature_is_drawn_through_the_transforms()
    {
        var run = Invert("-i", Cat, "--layer", "second", "--size", "32", "--recipe", "caricature", "-o", _folder["x.png"], "--json");
        Assert.True(run.Exit == 0, run.Error);
        Assert.True(run.Json["results"]![0]!["cosine"]!.GetValue<double>() > 0);
    }

    [Theory]
    [InlineData(2, "--layer", "-i", "CAT")]
    [InlineData(2, "picture is needed", "--layer", "first")]
    [InlineData(3, "thrid", "-i", "CAT", "--layer", "first,thrid")]
    [InlineData(2, "--tv", "-i", "CAT", "--layer", "first", "--tv", "1")]
    [InlineData(2, "--cosine-power", "-i", "CAT", "--layer", "first", "--cosine-power", "1")]
    [InlineData(2, "--bounds", "-i", "CAT", "--layer", "first", "--recipe", "plain", "--bounds", "range")]
    [InlineData(2, "--recipe", "-i", "CAT", "--layer", "first", "--recipe", "ijcv")]
    [InlineData(2, "--restarts", "-i", "CAT", "--layer", "first", "--restarts", "0")]
    [InlineData(2, "--restarts", "-i", "CAT", "--layer", "first", "--restarts", "2", "--init", "gray")]
    [InlineData(2, "--data-weight", "-i", "CAT", "--layer", "first", "--data-weight", "0")]
    [InlineData(2, "--raw", "-i", "CAT", "--layer", "first", "--raw", "x.png")]
    public void What_makes_no_sense_is_a_sentence(int exit, string words, params string[] args)
    {
        var run = Invert(Array.ConvertAll(args, a => a == "CAT" ? Cat : a));
        Assert.Equal(exit, run.Exit);
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
        Assert.DoesNotContain("internal error", run.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static (int Width, int Height) Size(Image image) => (image.Width, image.Height);

    private CliRun Invert(params string[] args)
    {
        var model = _folder["small.onnx"];
        if (!File.Exists(model)) SmallClassifier.Save(model);
        return CliRun.Of(["invert", "-m", model, "--device", "cpu", "--steps", "6", .. args]);
    }
}
