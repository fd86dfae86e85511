using OnnxViz.Graphs.Emit;
using OnnxViz.Onnx;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Saliency;

/// <summary>What can be asked of `saliency`, and what is answered to what cannot.</summary>
public sealed class SaliencyVerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string Cat => Repository.Carried("images/chelsea.png");

    [Theory]
    [InlineData("--method grad-cam --steps 3", "--steps belongs to integrated-gradients")]
    [InlineData("--method gradient --baseline black", "--baseline belongs to")]
    [InlineData("--method occlusion --crops 3", "--crops belongs to gradient")]
    [InlineData("--method integrated-gradients --steps 0", "--steps 0")]
    [InlineData("--method smoothgrad --noise 0", "--noise 0")]
    [InlineData("--method smoothgrad --samples -1", "--samples -1")]
    [InlineData("--method rise --masks 0", "--masks 0")]
    [InlineData("--method occlusion --window 64", "larger than the picture")]
    [InlineData("--method occlusion --window 8 --stride 9", "never covered")]
    [InlineData("--method gard-cam", "nearest: grad-cam")]
    [InlineData("--methods gradient,gradient", "twice")]
    [InlineData("--methods gradient,guided --raw x.npy", "one method")]
    [InlineData("--method guided --methods gradient", "do not go together")]
    [InlineData("--method gradient --layer sum", "--unit belong together")]
    [InlineData("--method gradient --layer sum --target-layer sum --target-unit 1", "no method asked for")]
    [InlineData("--method grad-cam --target-layer sum", "belong together")]
    [InlineData("--method grad-cam --target-layer sum --target-unit 1 --layer sum --unit 1", "do not go together")]
    [InlineData("--class 1 --minus 1", "minus itself")]
    [InlineData("--minus-unit 1", "--minus-unit belongs")]
    [InlineData("--percentile 0", "--percentile 0")]
    [InlineData("--colormap rainbow", "viridis")]
    [InlineData("--method integrated-gradients --quadrature simpson", "gauss-legendre")]
    public void Usage(string options, string said) => Fails(2, options, said);

    [Theory]
    [InlineData("--class 10", "10 classes are 0 to 9")]
    [InlineData("--class 1,11", "--class 11: ")]
    [InlineData("--class 1 --minus 10", "--minus 10: ")]
    [InlineData("--method grad-cam --layer scores --class 1", "more than one position")]
    [InlineData("--method grad-cam --layer nowhere", "No layer 'nowhere'")]
    [InlineData("--method grad-cam --target-layer first --target-unit 1 --layer sum", "does not depend on")]
    [InlineData("--method integrated-gradients --baseline nowhere.npy", "nowhere.npy")]
    public void Files(string options, string said) => Fails(3, options, said);

    [Fact]
    public void A_baseline_has_the_pictures_shape()
    {
        _folder.Write("small.npy", NpyFile.Encode(new float[12], 1, 3, 2, 2));
        Fails(3, $"--method integrated-gradients --baseline {_folder["small.npy"]}", "[1,3,2,2]");
        _folder.Write("nan.npy", NpyFile.Encode([.. Enumerable.Repeat(float.NaN, 3 * 32 * 32)], 1, 3, 32, 32));
        Fails(3, $"--method occlusion --baseline {_folder["nan.npy"]}", "NaN");
    }

    [Fact]
    public void Several_pictures_classes_and_methods_are_one_table()
    {
        var model = SmallClassifier.Save(_folder["small.onnx"]);
        var run = CliRun.Of("saliency", "-m", model, "-i", Cat, Cat, "--size", "32", "--class", "1,top", "--methods", "gradient,grad-cam,occlusion", "--json", "-o", _folder["sheet.png"]);
        Assert.True(run.Exit == 0, run.Error);
        var results = run.Json["results"]!.AsArray();
        Assert.Equal(2 * 2 * 3, results.Count);
        Assert.Equal(["gradient", "grad-cam", "occlusion"], results.Take(3).Select(r => (string?)r!["method"]));
        Assert.Equal([1, 1], [(long)results[0]!["unit"]!, (long)results[3]!["unit"]!]);
        var sheet = OnnxViz.Imaging.Files.ImageFile.Load(_folder["sheet.png"]);
        // Four rows of four tiles.
        Assert.True(sheet.Width > 4 * 32 && sheet.Height > 4 * 32);
    }

    [Fact]
    public void Integrated_gradients_tell_what_is_missing()
    {
        var run = CliRun.Of(
            "saliency", "-m", SmallClassifier.Save(_folder["small.onnx"]), "-i", Cat, "--size", "32", "--class", "1", "--method", "integrated-gradients", "--baseline", "black",
            "--steps", "100", "--json", "--raw", _folder["ig.npy"]);
        Assert.True(run.Exit == 0, run.Error);
        var result = run.Json["results"]![0]!;
        var sum = NpyFile.Load(_folder["ig.npy"]).ToDoubles().Sum();
        var gain = (double)result["score"]! - (double)result["baseline_score"]!;
        Assert.Equal(sum - gain, (double)result["completeness_residual"]!, 3);
        Assert.InRange(sum / gain, 0.97, 1.03);
    }

    [Fact]
    public void A_map_is_raw_at_its_own_size()
    {
        string[] run = ["saliency", "-m", SmallClassifier.Save(_folder["small.onnx"]), "-i", Cat, "--size", "32", "--method", "grad-cam", "--quiet", "--raw", _folder["cam.npy"]];
        Assert.Equal(0, CliRun.Of([.. run, "--class", "1"]).Exit);
        Assert.Equal([1, 1, 8, 8], NpyFile.Load(_folder["cam.npy"]).Dims);
        Assert.Equal(0, CliRun.Of([.. run, "--class", "1", "--layer", "first"]).Exit);
        Assert.Equal([1, 1, 32, 32], NpyFile.Load(_folder["cam.npy"]).Dims);
        Assert.Equal(0, CliRun.Of([.. run, "--target-layer", "second", "--target-unit", "3-5"]).Exit);
        Assert.Equal([3, 1, 16, 16], NpyFile.Load(_folder["cam.npy"]).Dims);
    }

    [Fact]
    public void Interrupted_before_anything_is_done_nothing_is_written()
    {
        var run = CliRun.Of(
            new CancellationToken(canceled: true), "saliency", "-m", SmallClassifier.Save(_folder["small.onnx"]), "-i", Cat, "--size", "32", "--method", "rise", "-o", _folder["rise.png"]);
        Assert.Equal(130, run.Exit);
        Assert.False(File.Exists(_folder["rise.png"]));
    }

    private void Fails(int exit, string options, string said)
    {
        var run = CliRun.Of(["saliency", "-m", SmallClassifier.Save(_folder["small.onnx"]), "-i", Cat, "--size", "32", "-o", _folder["out.png"], .. options.Split(' ')]);
        Assert.True(run.Exit == exit, $"exit {run.Exit}: {run.Error}");
        Assert.Contains(said, run.Error);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
        Assert.False(File.Exists(_folder["out.png"]));
    }
}
