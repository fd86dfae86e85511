using Google.Protobuf;
using OnnxViz.Onnx;
using OnnxViz.Onnx.Proto;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Onnx;

/// <summary>Files of a few megabytes that would be gigabytes in memory, or hours of work.</summary>
public sealed class SmallFilesTests : IDisposable
{
    private const long FewBytes = 200L << 20;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Empty nodes, initializers, functions, attributes, dimensions, and integers of one byte: the field's tag, and how often.</summary>
    [Theory]
    [InlineData(new byte[] { 0x3a, 0x0a, 0 }, 3_000_000)]
    [InlineData(new byte[] { 0x3a, 0x2a, 0 }, 3_000_000)]
    [InlineData(new byte[] { 0xca, 1, 0 }, 3_000_000)]
    [InlineData(new byte[] { 0x3a, 0x0a, 0x2a, 0 }, 3_000_000)]
    [InlineData(new byte[] { 0x3a, 0x5a, 0x12, 0x0a, 0x12, 0x0a, 0 }, 5_000_000)]
    [InlineData(new byte[] { 0x3a, 0x0a, 0x0a, 0 }, 10_000_000)]
    [InlineData(new byte[] { 0x72, 0 }, 5_000_000)]
    public void Messages_are_counted_before_they_are_made(byte[] path, int count)
    {
        // The innermost message many times, and the ones around it once; a tag of two bytes stands alone.
        var first = path[0] >= 0x80 ? 0 : path.Length - 2;
        var bytes = Enumerable.Repeat(path[first..], count).SelectMany(b => b).ToArray();
        var around = path[..first];
        foreach (var tag in around.Reverse()) bytes = [tag, .. Length(bytes.Length), .. bytes];
        AssertSmall([.. Forgery.Model(Forgery.Node("Relu", ["x"], ["y"])).ToByteArray(), .. bytes], "more than 400 MB of memory");
    }

    [Fact]
    public void Packed_integers_are_counted()
    {
        var ints = new byte[30_000_000];
        byte[] attribute = [0x0a, 1, (byte)'a', 0x42, .. Length(ints.Length), .. ints];
        byte[] node = [0x2a, .. Length(attribute.Length), .. attribute];
        byte[] graph = [0x0a, .. Length(node.Length), .. node];
        AssertSmall([.. Forgery.Model(Forgery.Node("Relu", ["x"], ["y"])).ToByteArray(), 0x3a, .. Length(graph.Length), .. graph], "more than 400 MB of memory");
    }

    [Fact]
    public void Texts_that_nobody_reads_are_left_in_the_file()
    {
        var model = Forgery.Model(Forgery.Node("Relu", ["x"], ["y"]));
        model.DocString = model.Graph.DocString = model.Graph.Node[0].DocString = model.Graph.Input[0].DocString = new string('d', 50_000_000);
        var path = _folder.Write("m.onnx", model.ToByteArray());
        Assert.InRange(SmallStack.Work(() => OnnxFile.Load(path).Dispose()), 0, 10_000_000);
    }

    [Fact]
    public void Copies_of_functions_share_what_is_large()
    {
        var big = Forgery.Node("Op", ["i"], ["o"], Forgery.Ints("numbers", new long[100_000]));
        var model = Forgery.Model([.. Enumerable.Range(0, 2000).Select(i => new NodeProto { OpType = "F", Domain = "my", Input = { i == 0 ? "x" : $"t{i - 1}" }, Output = { i == 1999 ? "y" : $"t{i}" } })]);
        model.Functions.Add(new FunctionProto { Name = "F", Domain = "my", Input = { "i" }, Output = { "o" }, Node = { big }, OpsetImport = { model.OpsetImport } });
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "my", Version = 1 });
        var path = _folder.Write("m.onnx", model.ToByteArray());
        Assert.InRange(SmallStack.Work(() =>
        {
            using var loaded = OnnxFile.Load(path);
            Assert.Equal(2000, loaded.Graph.Nodes.Count(n => n.Ints("numbers")!.Length == 100_000));
        }), 0, 40_000_000);
    }

    private static byte[] Length(int length)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true)) output.WriteLength(length);
        return stream.ToArray();
    }

    private void AssertSmall(byte[] bytes, string reason)
    {
        var path = _folder.Write("m.onnx", bytes);
        Assert.InRange(SmallStack.Work(() => Assert.Contains(reason, Assert.Throws<OnnxVizException>(() => OnnxFile.Load(path)).Message)), 0, FewBytes);
    }
}
