using Google.Protobuf;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Onnx;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Onnx;

public sealed class ExternalDataTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ExternalDataTests()
    {
        Directory.CreateDirectory(_folder["model/parts"]);
        _folder.Write("model/parts/w.bin", [.. Enumerable.Range(0, 20).SelectMany(i => BitConverter.GetBytes((float)i))]);
        _folder.Write("secret.bin", new byte[80]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Elements_come_from_the_place_named()
    {
        Assert.Equal([2f, 3, 4], Load(("location", "parts/w.bin"), ("offset", "8"), ("length", "12")).ToFloats());
        Assert.Equal([17f, 18, 19], Load(("location", "./parts/w.bin"), ("offset", "68"), ("checksum", "")).ToFloats());
    }

    [Theory]
    [InlineData("../secret.bin", 0, "is not in the model's folder")]
    [InlineData("parts/../../secret.bin", 0, "is not in the model's folder")]
    [InlineData("parts\\..\\..\\secret.bin", 0, "is not in the model's folder")]
    [InlineData("/etc/passwd", 0, "is not in the model's folder")]
    [InlineData("C:\\secret.bin", 0, "is not in the model's folder")]
    [InlineData("parts", 0, "is missing")]
    [InlineData("parts/none.bin", 0, "is missing")]
    [InlineData("parts/w.bin", 72, "its bytes 72 to 84 are not all in 'parts/w.bin', which has 80")]
    [InlineData("parts/w.bin", long.MaxValue, "are not all in")]
    [InlineData("parts/w.bin", -4, "is not a number of bytes")]
    [InlineData("", 0, "names no file")]
    public void Other_places_are_refused(string location, long offset, string reason)
    {
        var error = Assert.Throws<OnnxVizException>(() => Load(("location", location), ("offset", offset.ToString())));
        Assert.Equal(Fault.Input, error.Fault);
        Assert.Contains("Initializer 'w': ", error.Message);
        Assert.Contains(reason, error.Message);
    }

    [Fact]
    public void Length_must_be_that_of_the_tensor() =>
        Assert.Contains("is 8 bytes long", Assert.Throws<OnnxVizException>(() => Load(("location", "parts/w.bin"), ("length", "8"))).Message);

    [SkippableTheory]
    [InlineData("link.bin", "../secret.bin", false)]
    [InlineData("link.bin", "parts/w.bin", true)]
    [InlineData("link.bin", "link.bin", false)]
    [InlineData("folder", "..", false)]
    [InlineData("folder", "parts", true)]
    public void Links_may_not_lead_out(string name, string target, bool allowed)
    {
        Skip.If(OperatingSystem.IsWindows(), "Links take a privilege on Windows.");
        File.CreateSymbolicLink(_folder[$"model/{name}"], target);
        var location = name == "folder" ? target == ".." ? "folder/secret.bin" : "folder/w.bin" : name;
        if (allowed) Assert.Equal([0f, 1, 2], Load(("location", location)).ToFloats());
        else Assert.Contains("link", Assert.Throws<OnnxVizException>(() => Load(("location", location))).Message);
    }

    private Tensor Load(params (string, string)[] entries)
    {
        var path = _folder.Write("model/m.onnx", Forgery.Adding(Forgery.External("w", 3, entries)).ToByteArray());
        return OnnxFile.Load(path).Graph.Nodes[0].Required(1).Constant!;
    }
}
