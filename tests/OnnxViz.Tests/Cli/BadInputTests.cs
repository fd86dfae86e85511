using OnnxViz.Cli.Shell;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Onnx;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Cli;

/// <summary>Files that are wrong: one line on standard error, the right number, nothing left behind.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static string Cat => Repository.Carried("images/chelsea.png");

    [Fact]
    public void Model_is_missing() => Fails(3, "nowhere.onnx", "predict", "-m", _folder["nowhere.onnx"], "-i", Cat);

    [Fact]
    public void Model_is_unknown() => Fails(3, "efficientnet-lite0", "predict", "-m", "resnet9000", "-i", Cat);

    [Fact]
    public void Model_is_no_onnx() => Fails(3, "text.onnx", "summary", _folder.Write("text.onnx", "hello, world, this is text"u8.ToArray()));

    [Fact]
    public void Model_is_truncated()
    {
        var bytes = File.ReadAllBytes(Repository.Carried("efficientnet-lite0.onnx"));
        Fails(3, "half.onnx", "predict", "-m", _folder.Write("half.onnx", bytes[..(bytes.Length / 2)]), "-i", Cat);
    }

    [Fact]
    public void Model_takes_no_pictures()
    {
        var b = new GraphBuilder();
        b.Output("y", b.Relu(b.Input("x", ElementType.Float, 1, 10)));
        Fails(3, "picture", "predict", "-m", Saved(b, "vector.onnx"), "-i", Cat);
    }

    [Fact]
    public void Model_takes_integers()
    {
        var b = new GraphBuilder();
        b.Output("y", b.Abs(b.Input("x", ElementType.Int64, 1, 3, 8, 8)));
        Fails(3, "Int64[1,3,8,8]", "predict", "-m", Saved(b, "integers.onnx"), "-i", Cat);
    }

    [Fact]
    public void Model_takes_more_than_a_picture()
    {
        var b = new GraphBuilder();
        b.Output("y", b.Mul(b.ReduceMean(b.Input("image", ElementType.Float, 1, 3, 8, 8), [2, 3], keep: false), b.Input("gain", ElementType.Float, 1, 3)));
        Fails(3, "'gain'", "predict", "-m", Saved(b, "two.onnx"), "-i", Cat);
    }

    [Fact]
    public void Model_has_an_operator_of_its_own()
    {
        var b = new GraphBuilder();
        var y = b.Emit("Frobnicate", [b.Input("image", ElementType.Float, 1, 3, 8, 8)]);
        y.Type = ElementType.Float;
        b.Output("y", y);
        Fails(3, "Frobnicate", "predict", "-m", Saved(b, "own.onnx"), "-i", Cat);
    }

    /// <summary>Finite weights whose sums are not.</summary>
    [Fact]
    public void Score_overflows()
    {
        var b = new GraphBuilder();
        var weight = b.Constant(Tensor.Of(Enumerable.Repeat(3e38f, 6).ToArray(), 2, 3, 1, 1), "weight");
        b.Output("scores", b.ReduceMean(b.Emit("Conv", [b.Input("image", ElementType.Float, -1, 3, 8, 8), weight]), [2, 3], keep: false));
        Fails(3, "the score", "saliency", "-m", Saved(b, "large.onnx"), "-i", Cat, "--class", "0");
    }

    [Fact]
    public void Size_is_beyond_the_machine() =>
        Fails(1, "smaller size of the picture (--size)", "maximize", "--layer", "conv1_1", "--unit", "0", "--steps", "1", "--size", "16384");

    [Fact]
    public void Layer_is_unknown() => Fails(3, "conv5_1", "activations", "-i", Cat, "--layer", "conv5-1");

    [Fact]
    public void Unit_is_out_of_range() => Fails(3, "0 to 511", "maximize", "--layer", "conv5_3", "--unit", "512");

    [Fact]
    public void Class_number_is_out_of_range() => Fails(3, "1000 classes are 0 to 999", "saliency", "-i", Cat, "--class", "1000");

    [Fact]
    public void Class_is_unknown() => Fails(3, "Nearest", "saliency", "-i", Cat, "--class", "unicorn horse");

    [Fact]
    public void Class_fits_several() => Fails(3, "espresso maker", "saliency", "-i", Cat, "--class", "espress");

    [Fact]
    public void Picture_is_missing() => Fails(3, "no.png", "predict", "-i", _folder["no.png"]);

    [Fact]
    public void Picture_is_none() => Fails(3, "text.png", "predict", "-i", _folder.Write("text.png", "not a picture"u8.ToArray()));

    [Theory]
    [InlineData("chelsea.png")]
    [InlineData("rocket.jpg")]
    public void Picture_is_truncated(string picture)
    {
        var bytes = File.ReadAllBytes(Repository.Carried($"images/{picture}"));
        Fails(3, picture, "saliency", "-i", _folder.Write(picture, bytes[..(bytes.Length / 3)]));
    }

    [Fact]
    public void Picture_claims_to_be_huge()
    {
        var bytes = PngForgery.Picture(60000, 60000, 8, 2, []);
        Fails(3, "60000x60000", "predict", "-i", _folder.Write("huge.png", bytes));
    }

    [Fact]
    public void Picture_is_a_line() =>
        Fails(3, "too narrow", "predict", "-i", _folder.Write("line.png", OnnxViz.Imaging.Files.PngWriter.Encode(new OnnxViz.Imaging.Image(20000, 1))));

    [Fact]
    public void Weights_are_NaN()
    {
        var b = new GraphBuilder();
        var weight = b.Constant(Tensor.Of(Enumerable.Repeat(float.NaN, 12).ToArray(), 4, 3, 1, 1), "weight");
        b.Output("scores", b.ReduceMean(b.Emit("Conv", [b.Input("image", ElementType.Float, -1, 3, 8, 8), weight]), [2, 3], keep: false));
        var model = Saved(b, "nan.onnx");
        Fails(3, "NaN", "predict", "-m", model, "-i", Cat);
        Fails(3, "NaN", "saliency", "-m", model, "-i", Cat, "--class", "0");
        Fails(3, "NaN", "kernels", "-m", model);
        Fails(3, "NaN", "maximize", "-m", model, "--class", "0", "--steps", "2");
    }

    [Fact]
    public void Init_has_the_wrong_shape()
    {
        var init = _folder.Write("init.npy", NpyFile.Encode(new float[3 * 8 * 8], 1, 3, 8, 8));
        Fails(3, "1,3,8,8", "maximize", "--layer", "conv1_1", "--unit", "0", "--size", "16", "--steps", "1", "--param", "tensor", "--init", init);
    }

    [Fact]
    public void Init_holds_NaN()
    {
        var init = _folder.Write("init.npy", NpyFile.Encode(Enumerable.Repeat(float.NaN, 768).ToArray(), 1, 3, 16, 16));
        Fails(3, "--init holds NaN", "maximize", "--layer", "conv1_1", "--unit", "0", "--size", "16", "--steps", "1", "--param", "tensor", "--init", init);
    }

    [Fact]
    public void Input_tensor_has_the_wrong_shape()
    {
        var tensor = _folder.Write("x.npy", NpyFile.Encode(new float[3 * 8 * 8], 1, 3, 8, 8));
        Fails(3, "224", "predict", "--input-tensor", tensor);
    }

    [Fact]
    public void Output_cannot_be_written()
    {
        var file = _folder.Write("file", [1]);
        Fails(1, "Cannot write", "saliency", "-i", Cat, "-o", Path.Combine(file, "x.png"));
        Fails(1, "Cannot write", "predict", "-i", Cat, "--raw", Path.Combine(file, "x.npy"));
    }

    /// <summary>Before the work: this would take hours.</summary>
    [Theory]
    [InlineData("-o")]
    [InlineData("--raw", "--param", "maco")]
    [InlineData("--raw-alpha", "--param", "maco")]
    [InlineData("--animate")]
    [InlineData("--frames")]
    public void Output_that_cannot_be_written_is_found_out_at_once(string option, params string[] more)
    {
        var place = Path.Combine(_folder.Write("file", [1]), option.StartsWith("--raw", StringComparison.Ordinal) ? "x.npy" : "x.png");
        Fails(1, "Cannot write", ["maximize", "--layer", "conv1_1", "--unit", "0", "--size", "64", "--steps", "1000000", option, place, .. more]);
    }

    [Fact]
    public void Starts_and_baselines_are_not_written_over()
    {
        var cat = _folder.Write("cat.png", File.ReadAllBytes(Cat));
        string[] maximize = ["maximize", "--layer", "conv1_1", "--unit", "0", "--size", "64", "--steps", "1000000", "--init"];
        Fails(2, "written over", [.. maximize, cat, "-o", cat]);
        Fails(2, "written over", [.. maximize, cat, "--animate", cat]);
        Fails(2, "written over", "saliency", "-i", Cat, "--method", "integrated-gradients", "--baseline", cat, "-o", cat);
        var start = _folder.Write("x.npy", NpyFile.Encode(new float[3 * 64 * 64], 1, 3, 64, 64));
        Fails(2, "written over", [.. maximize, start, "--raw", start]);
        Assert.Equal(File.ReadAllBytes(Cat), File.ReadAllBytes(cat));
    }

    [Fact]
    public void Output_has_no_name() => Fails(2, "-o is empty", "saliency", "-i", Cat, "-o", "");

    [Fact]
    public void Output_is_not_written_over_its_input()
    {
        var cat = _folder.Write("cat.png", File.ReadAllBytes(Cat));
        var before = File.ReadAllBytes(cat);
        Fails(2, "written over", "saliency", "-i", cat, "-o", cat);
        Assert.Equal(before, File.ReadAllBytes(cat));
    }

    [Fact]
    public void The_machine_fails_with_1()
    {
        Assert.Equal(1, Failure.Describe(new IOException("No space left on device")).Exit);
        Assert.Equal(1, Failure.Describe(new UnauthorizedAccessException("no")).Exit);
        Assert.Equal(1, Failure.Describe(new InsufficientMemoryException()).Exit);
        var (exit, message) = Failure.Describe(new InvalidOperationException("two\nlines"));
        Assert.Equal(1, exit);
        Assert.StartsWith("onnxviz: internal error: ", message);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void Verbose_shows_where() => Assert.Contains("   at ", CliRun.Of("predict", "-i", _folder["no.png"], "--verbose").Error);

    public void Dispose() => _folder.Dispose();

    private void Fails(int exit, string says, params string[] args)
    {
        var before = Directory.GetFileSystemEntries(_folder.Path, "*", SearchOption.AllDirectories).Order().ToArray();
        // Where a verb would write if it came to that.
        if (!args.Contains("-o") && !args.Contains("--raw") && args[0] is not ("predict" or "summary")) args = [.. args, "-o", _folder["result.png"]];
        var run = CliRun.Of(args);
        Assert.True(run.Exit == exit, $"Exit code {run.Exit} instead of {exit}: {run.Error}");
        Assert.Single(run.Error.TrimEnd().Split('\n'));
        Assert.StartsWith("onnxviz: ", run.Error);
        Assert.Contains(says, run.Error);
        Assert.Equal(before, Directory.GetFileSystemEntries(_folder.Path, "*", SearchOption.AllDirectories).Order().ToArray());
    }

    private string Saved(GraphBuilder builder, string name)
    {
        OnnxFile.Save(builder.Build(), _folder[name]);
        return _folder[name];
    }
}
