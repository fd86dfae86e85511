using Google.Protobuf;
using OnnxViz.Onnx;
using OnnxViz.Onnx.Proto;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Onnx;

public sealed class OnnxRefusalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Missing_file_and_folder()
    {
        AssertRefused(_folder["none.onnx"], "There is no file");
        AssertRefused(_folder.Path, "is a folder");
        AssertRefused("", "cannot be read");
        Assert.Contains("bad?name", Assert.Throws<OnnxVizException>(() => OnnxFile.Load(_folder["bad\0name"])).Message);
    }

    [Theory]
    [InlineData("", "is empty (0 bytes)")]
    [InlineData("89504E470D0A1A0A0000", "a PNG picture")]
    [InlineData("FFD8FFE000104A464946", "a JPEG picture")]
    [InlineData("504B03041400", "export the model to ONNX first")]
    [InlineData("1F8B0800", "gzip")]
    [InlineData("76657273696F6E2068747470733A2F2F6769742D6C66732E6769746875622E636F6D", "git lfs pull")]
    [InlineData("3C68746D6C3E", "it is text")]
    [InlineData("00000000", "not an ONNX model")]
    [InlineData("08", "truncated")]
    [InlineData("0808", "There is no graph")]
    [InlineData("08083A80808010", "truncated")]
    [InlineData("0808FFFFFFFFFFFFFFFFFFFF01", "damaged")]
    public void Other_files(string hex, string reason) => AssertRefused(_folder.Write("m.onnx", Convert.FromHexString(hex)), reason);

    [Fact]
    public void Unreadable_file()
    {
        var path = _folder.Write("m.onnx", [8, 8]);
        using var locked = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        AssertRefused(path, "cannot be read");
    }

    [Theory]
    [InlineData(6)]
    [InlineData(27)]
    public void Opsets_out_of_range(int opset)
    {
        var model = Forgery.Model(Forgery.Node("Relu", ["x"], ["y"]));
        model.OpsetImport[0].Version = opset;
        AssertRefused(model, $"opset {opset}; opsets 7 to 26 are read");
        model.OpsetImport.Clear();
        AssertRefused(model, "does not say which version");
    }

    [Fact]
    public void Names_must_be_given_once_and_before_use()
    {
        AssertRefused(Forgery.Model(), "output 'y' is computed by no node");
        AssertRefused(Forgery.Model(Forgery.Node("Relu", ["z"], ["y"])), "Relu node 'relu': its input 'z' is neither computed nor given");
        AssertRefused(Forgery.Model(Forgery.Node("Relu", ["x"], ["y"]), Forgery.Node("Abs", ["x"], ["y"])), "Two values are named 'y'");
        AssertRefused(Forgery.Model(Forgery.Node("Relu", ["x"], ["x"])), "Two values are named 'x'");
        AssertRefused(Forgery.Model(Forgery.Node("Add", ["x", "b"], ["a"]), Forgery.Node("Abs", ["a"], ["b"]), Forgery.Node("Abs", ["a"], ["y"])), "runs in a circle");
        AssertRefused(Forgery.Model(Forgery.Node("Op", ["x"], ["y"], Forgery.Int("i", 1), Forgery.Int("i", 2))), "attribute 'i' is given twice");
        AssertRefused(Forgery.Model(Forgery.Node("Constant", [], ["y"], Forgery.Int("value_int", 1))), "no nodes");
        var foreign = Forgery.Node("Op", ["x"], ["y"]);
        foreign.Domain = "my.domain";
        AssertRefused(Forgery.Model(foreign), "the domain 'my.domain', which the model does not import");
    }

    [Fact]
    public void Initializers_must_fill_their_dimensions()
    {
        var w = Forgery.Tensor("w", 3);
        w.Dims[0] = 4;
        AssertRefused(Forgery.Adding(w), "Initializer 'w': its elements are 12 bytes, its type and dimensions ask for 16");
        w.Dims[0] = -1;
        AssertRefused(Forgery.Adding(w), "its dimensions [-1] are not all positive");
        w.Dims.Add([long.MaxValue, long.MaxValue]);
        w.Dims[0] = long.MaxValue;
        AssertRefused(Forgery.Adding(w), "is not possible");
        w.DataType = 0;
        AssertRefused(Forgery.Adding(w), "of type Undefined");
        var large = Forgery.Tensor("w", 1000);
        large.FloatData.Add(1);
        AssertRefused(Forgery.Adding(large), "in several places");
    }

    public static TheoryData<string, long[], string> Windows => new()
    {
        { "pads", [1, 1], "its pads [1,1] has 2 numbers, it must have 4" },
        { "pads", [1, 1, 1, -1], "must be from 0 to" },
        { "strides", [0, 1], "must be from 1 to" },
        { "strides", [1, 1L << 40], "must be from 1 to" },
        { "dilations", [1], "it must have 2" },
        { "kernel_shape", [3, 3, 3], "it must have 2" },
        { "kernel_shape", [3, 5], "is not that of its weight [4,3,3,3]" },
    };

    [Theory]
    [MemberData(nameof(Windows))]
    public void Windows_of_convolutions_and_pools(string attribute, long[] numbers, string reason)
    {
        AssertRefused(Forgery.Convolution(Forgery.Ints(attribute, numbers)), $"Conv node 'conv': its {attribute}", reason);
        if (attribute == "kernel_shape") return;
        var pool = Forgery.Node("MaxPool", ["x"], ["y"], Forgery.Ints("kernel_shape", 2, 2), Forgery.Ints(attribute, numbers));
        AssertRefused(Forgery.Model(pool), $"MaxPool node 'maxpool': its {attribute}", reason);
    }

    [Fact]
    public void Weights_of_convolutions()
    {
        AssertRefused(Forgery.Convolution(Forgery.Int("group", 0)), "its group is 0");
        AssertRefused(Forgery.Convolution(Forgery.Int("group", 3)), "cannot be cut into 3 groups");
        AssertRefused(Forgery.Convolution(Forgery.Int("group", 2)), "its input has 3 channels, its weight [4,3,3,3] is for 6");
        var bias = Forgery.Convolution();
        bias.Graph.Initializer[1] = Forgery.Tensor("b", 3);
        AssertRefused(bias, "its bias is [3], it must be [4]");
        var flat = Forgery.Convolution();
        flat.Graph.Initializer[0] = Forgery.Tensor("w", 4, 3);
        AssertRefused(flat, "it must have at least three dimensions");
        var line = Forgery.Convolution();
        line.Graph.Initializer[0] = Forgery.Tensor("w", 4, 3, 3);
        AssertRefused(line, "its input 'x' is [1,3,8,8], it must have 3 dimensions");
        AssertRefused(Forgery.Model(Forgery.Node("Conv", ["x"], ["y"])), "Conv node 'conv' has no input 1");
    }

    [Fact]
    public void Other_operators()
    {
        AssertRefused(Forgery.Model(Forgery.Node("MaxPool", ["x"], ["y"])), "has no kernel_shape");
        AssertRefused(Forgery.Model(Forgery.Node("LRN", ["x"], ["y"], Forgery.Int("size", 0))), "its size is 0");
        AssertRefused(Forgery.Model(Forgery.Node("DepthToSpace", ["x"], ["y"], Forgery.Int("blocksize", 0))), "its blocksize is 0");
        AssertRefused(Forgery.Model(Forgery.Node("Transpose", ["x"], ["y"], Forgery.Ints("perm", 0, 2, 2, 1))), "its perm [0,2,2,1] is no permutation");
        AssertRefused(Forgery.Model(Forgery.Node("Split", ["x"], ["y"], Forgery.Ints("split", -3, 6))), "must not be negative");
        AssertRefused(Forgery.Model(Forgery.Node("Pad", ["x"], ["y"], Forgery.Ints("pads", 1, 1, 1))), "must be pairs");
        AssertRefused(Forgery.Model(Forgery.Node("Pad", ["x"], ["y"], Forgery.Int("pads", 1))), "Attribute 'pads' of Pad node 'pad' is of the wrong kind");
        var resize = Forgery.Model(Forgery.Node("Resize", ["x", "", "w"], ["y"]));
        resize.Graph.Initializer.Add(Forgery.Tensor("w", 4));
        AssertRefused(resize, "its scales [0,0,0,0] must be positive");
        var norm = Forgery.Model(Forgery.Node("InstanceNormalization", ["x", "w", "w"], ["y"]));
        norm.Graph.Initializer.Add(Forgery.Tensor("w", 4));
        AssertRefused(norm, "its input 'w' is [4], it must have one number per channel (3)");
    }

    [Fact]
    public void Sound_windows_are_taken()
    {
        var conv = Forgery.Convolution(Forgery.Ints("pads", 1, 0, 1, 0), Forgery.Ints("strides", 2, 1), Forgery.Ints("kernel_shape", 3, 3));
        Assert.Single(OnnxFile.Load(_folder.Write("m.onnx", conv.ToByteArray())).Graph.Nodes);
    }

    private void AssertRefused(ModelProto model, params string[] reasons) => AssertRefused(_folder.Write("m.onnx", model.ToByteArray()), reasons);

    private static void AssertRefused(string path, params string[] reasons)
    {
        var error = Assert.Throws<OnnxVizException>(() => OnnxFile.Load(path));
        Assert.Equal(Fault.Input, error.Fault);
        Assert.Contains(path, error.Message);
        Assert.DoesNotContain('\n', error.Message);
        foreach (var reason in reasons) Assert.Contains(reason, error.Message);
    }
}
