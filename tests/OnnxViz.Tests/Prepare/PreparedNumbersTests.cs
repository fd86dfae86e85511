using OnnxViz.Graphs.Emit;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Prepare;

/// <summary>A prepared folder gives the same bytes as the model it was made from.</summary>
public sealed class PreparedNumbersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static string Cat => Repository.Carried("images/chelsea.png");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("first", "gradient")]
    [InlineData("second", "guided")]
    [InlineData("sum", "deconv")]
    [InlineData("sum", "input-x-gradient")]
    [InlineData("pool", "gradient")]
    public void Of_a_unit(string layer, string method)
    {
        var model = SmallClassifier.Save(_folder["small.onnx"]);
        Prepare(model, "--layers", "first,second,sum", "--rules", "default,guided,deconv");
        Same(model, "saliency", "-i", Cat, "--layer", layer, "--unit", "0,3-5", "--method", method, "--size", "40x56");
        Same(model, "saliency", "-i", Cat, "--layer", layer, "--unit", "7", "--method", method, "--score", "max", "--size", "33");
    }

    [Theory]
    [InlineData("gradient")]
    [InlineData("guided")]
    public void Of_the_class_seen(string method)
    {
        var model = SmallClassifier.Save(_folder["small.onnx"]);
        Prepare(model, "--rules", "default,guided");
        Same(model, "saliency", "-i", Cat, Repository.Carried("images/coffee.png"), "--method", method, "--size", "64");
        Same(model, "predict", "-i", Cat, "--size", "64");
        Same(model, "activations", "-i", Cat, "--layer", "pool", "--size", "64");
        Same(model, "kernels", "--layer", "first_conv");
    }

    [Theory]
    [InlineData("tensor", "mean")]
    [InlineData("pixel", "center")]
    [InlineData("fourier", "target")]
    public void Of_a_maximisation(string param, string objective)
    {
        var model = SmallClassifier.Save(_folder["small.onnx"]);
        Prepare(model, "--layers", "sum");
        Same(model, "maximize", "--layer", "sum", "--unit", "1,4", "--param", param, "--objective", objective, "--steps", "3", "--size", "32");
    }

    [Fact]
    public void Of_a_carried_network()
    {
        Prepare("vgg16-body", "--layers", "conv2_2,pool3", "--rules", "default,deconv");
        Same("vgg16-body", "saliency", "-i", Cat, "--layer", "pool3", "--unit", "25", "--size", "96");
        Same("vgg16-body", "saliency", "-i", Cat, "--layer", "conv2_2", "--unit", "5", "--method", "deconv", "--size", "64x96");
        Same("vgg16-body", "maximize", "--layer", "conv2_2", "--unit", "5", "--steps", "2", "--size", "48");
    }

    /// <summary>What was prepared for one size leaves all others to the compiler.</summary>
    [Fact]
    public void Of_a_size_that_was_fixed()
    {
        var model = SmallClassifier.Save(_folder["small.onnx"]);
        Prepare(model, "--layers", "sum", "--size", "48x40", "--batch", "1");
        Same(model, "saliency", "-i", Cat, "--layer", "sum", "--unit", "2", "--size", "48x40");
        Assert.Equal(
            Raw("saliency", "-m", model, "-i", Cat, "--layer", "sum", "--unit", "2", "--size", "64"),
            Raw("saliency", "-m", model, "--prepared", _folder["prepared"], "-i", Cat, "--layer", "sum", "--unit", "2", "--size", "64"));
        Assert.Equal(2, CliRun.Of("saliency", "-m", _folder["prepared"], "-i", Cat, "--layer", "sum", "--unit", "2", "--size", "64").Exit);
    }

    /// <summary>A folder is as good a source as the file, and may be written over while it is read.</summary>
    [Fact]
    public void Of_a_folder_prepared_from_itself()
    {
        var model = SmallClassifier.Save(_folder["small.onnx"]);
        Prepare(model, "--layers", "first");
        Prepare(_folder["prepared"], "--layers", "sum");
        Assert.Equal(["sum"], CliRun.Of("prepare", _folder["prepared"], "-o", _folder["again"], "--layers", "sum", "--json").Json["gradients"]!.AsArray().Select(g => (string?)g!["layer"]));
        Same(model, "saliency", "-i", Cat, "--layer", "sum", "--unit", "2", "--size", "48");
    }

    private void Prepare(string model, params string[] args) => CliRun.Text(["prepare", model, "-o", _folder["prepared"], .. args]);

    private void Same(string model, string verb, params string[] args)
    {
        var expected = Raw([verb, "-m", model, .. args]);
        Assert.Equal(expected, Raw([verb, "-m", _folder["prepared"], .. args]));
        if (verb is "saliency" or "maximize") Assert.Equal(expected, Raw([verb, "-m", model, "--prepared", _folder["prepared"], .. args]));
    }

    private byte[] Raw(params string[] args)
    {
        string[] device = args[0] == "kernels" ? [] : ["--device", "cpu"];
        CliRun.Text([.. args, .. device, "--raw", _folder["raw.npy"]]);
        return File.ReadAllBytes(_folder["raw.npy"]);
    }
}
