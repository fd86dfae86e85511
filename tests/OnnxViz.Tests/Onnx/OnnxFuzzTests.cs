using System.Diagnostics;
using Google.Protobuf;
using OnnxViz.Onnx;
using OnnxViz.Onnx.Proto;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Onnx;

/// <summary>Whatever happened to a file, reading it gives a graph or an error that a user can read, soon and in little memory.</summary>
public sealed class OnnxFuzzTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly byte[] _model = Sample();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Truncated_files()
    {
        Assert.Null(Try(_model));

        // The end of the model is its opset: without that it is not one.
        for (var length = 0; length < _model.Length; length += length < 200 ? 1 : 13)
            Assert.True(Try(_model[..length]) is not null, $"The first {length} of {_model.Length} bytes were taken for a model.");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Damaged_files(int seed)
    {
        var random = new Random(seed);
        var refused = 0;
        for (var i = 0; i < 300; i++)
        {
            var bytes = _model.ToArray();
            for (var flips = random.Next(1, 4); flips > 0; flips--)
            {
                // Half of them where the structure is, ahead of the weights.
                var at = random.Next(random.Next(2) == 0 ? 600 : bytes.Length);
                bytes[at] = random.Next(3) switch { 0 => 0xff, 1 => (byte)random.Next(256), _ => (byte)(bytes[at] ^ (1 << random.Next(8))) };
            }

            if (Try(bytes) is not null) refused++;
        }

        Assert.InRange(refused, 50, 299);
    }

    [Fact]
    public void Nesting_without_end()
    {
        var graph = new GraphProto { Node = { Forgery.Node("Relu", ["x"], ["y"]) } };
        for (var i = 0; i < 200; i++)
            graph = new GraphProto { Node = { Forgery.Node("If", ["x"], ["y"], new AttributeProto { Name = "then_branch", G = graph }) } };
        Assert.Contains("damaged", Try(new ModelProto { IrVersion = 8, Graph = graph }.ToByteArray()));
    }

    /// <summary>The message of the error; null when there was none.</summary>
    private string? Try(byte[] bytes)
    {
        var path = _folder.Write("fuzz.onnx", bytes);
        var (before, watch) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.StartNew());
        string? message = null;
        try
        {
            // Cutting and writing walk through everything that was read.
            OnnxFile.Serialize(OnnxFile.Load(path).Graph);
        }
        catch (OnnxVizException e)
        {
            message = e.Message;
            Assert.DoesNotContain(message, char.IsControl);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 5);
        return message;
    }

    private static byte[] Sample()
    {
        var branch = new GraphProto { Name = "branch", Node = { Forgery.Node("Abs", ["p"], ["c"]) }, Output = { Forgery.Info("c") } };
        var model = Forgery.Convolution(Forgery.Ints("pads", 1, 1, 1, 1));
        model.Graph.Node[0].Output[0] = "a";
        model.Graph.Node.Add(
        [
            Forgery.Node("MaxPool", ["a"], ["p"], Forgery.Ints("kernel_shape", 2, 2)),
            Forgery.Node("Constant", [], ["k"], new AttributeProto { Name = "value", Type = AttributeProto.Types.AttributeType.Tensor, T = Forgery.Tensor("", 1) }),
            Forgery.Node("If", ["k"], ["d"], new AttributeProto { Name = "then_branch", Type = AttributeProto.Types.AttributeType.Graph, G = branch }),
            Forgery.Node("Add", ["d", "typed"], ["y"]),
        ]);
        model.Graph.Initializer.Add([Forgery.Tensor("large", 400), new TensorProto { Name = "typed", DataType = 1, FloatData = { 1 } }]);
        return model.ToByteArray();
    }
}
