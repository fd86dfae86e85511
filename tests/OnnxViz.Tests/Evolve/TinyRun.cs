using System.Buffers.Binary;
using OnnxViz.Datasets;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Onnx;
using OnnxViz.Runs;
using OnnxViz.Tests.Support;

namespace OnnxViz.Tests.Evolve;

/// <summary>The folder of a training run of a network for gray pictures of 8x8, and its data: what training would leave, without training.</summary>
internal sealed class TinyRun : IDisposable
{
    public const int Side = 8, Pictures = 40, StepsPerEpoch = 20;

    private readonly TemporaryFolder _folder = new();

    /// <param name="checkpoints">"epoch-0001" or "step-000010", in their order: weights move from each to the next.</param>
    public TinyRun(params string[] checkpoints)
    {
        WriteData("train", Pictures, 1);
        WriteData("t10k", 10, 2);
        foreach (var (i, name) in checkpoints.Index()) SaveModel(name, 0.3 * i);
        using var data = Dataset.Open(Data);
        var epochs = checkpoints.Where(c => c.StartsWith("epoch-", StringComparison.Ordinal)).Select(c => int.Parse(c[6..], System.Globalization.CultureInfo.InvariantCulture)).Where(e => e > 0);
        Write(new RunDescription(
            RunDescription.CurrentFormat, "test", "", new RunNetwork("small", null, null, null),
            new RunData(data.Name, Data, new RunSplit(Pictures, data.Train.Fingerprint), new RunSplit(10, data.Test.Fingerprint)), data.Classes, StepsPerEpoch,
            new Dictionary<string, string> { ["seed"] = "0" }));
        RunFile.Save(Run.MetricsFile, RunMetrics.New() with { Epochs = [.. epochs.Select(e => new EpochMetrics(e, StepsPerEpoch * e, 1, 0.5, 1, 0.5 + (0.1 * e), 1e-3, 1, 1))] });
    }

    public string Data => _folder["digits"];

    public string Path => _folder["run"];

    public RunFolder Run => new(Path);

    public string this[string file] => _folder[file];

    public string Write(string file, byte[] bytes) => _folder.Write(file, bytes);

    public void Dispose() => _folder.Dispose();

    /// <summary>conv1 (6 units, padded), relu1, pool1, conv2 (5 units), and classes.</summary>
    /// <param name="name">Of the file, without its extension.</param>
    /// <param name="moved">How far the weights are from where they began.</param>
    /// <param name="units">Of conv1.</param>
    public void SaveModel(string name, double moved, int units = 6)
    {
        var (start, way) = (new Random(7), new Random(8));
        var b = new GraphBuilder("tiny");
        var x = b.Input("image", ElementType.Float, -1, 1, Side, Side);
        var conv1 = Conv("conv1", x, 1, units, ("pads", new long[] { 1, 1, 1, 1 }));
        var relu1 = b.Node("Relu", [conv1], new Dictionary<string, object>(), name: "relu1")[0];
        var pool1 = b.Node("MaxPool", [relu1], new Dictionary<string, object> { ["kernel_shape"] = new long[] { 2, 2 }, ["strides"] = new long[] { 2, 2 } }, name: "pool1")[0];
        var conv2 = Conv("conv2", pool1, units, 5);
        b.Expose("scores", b.Node("Gemm", [b.Emit("Flatten", [b.Relu(conv2)], ("axis", 1L)), Weight(20, 10), Weight(10)], new Dictionary<string, object>(), name: "fc")[0]);
        Directory.CreateDirectory(Path);
        OnnxFile.Save(b.Build(), System.IO.Path.Combine(Path, $"{name}.onnx"));

        Value Conv(string conv, Value value, int from, int to, params (string Name, object Value)[] attributes) => b.Node(
            "Conv", [value, Weight(to, from, 3, 3), Weight(to)],
            new Dictionary<string, object>(attributes.ToDictionary(a => a.Name, a => a.Value)) { ["kernel_shape"] = new long[] { 3, 3 } }, name: conv)[0];

        Value Weight(params long[] dims) =>
            b.Constant(Tensor.Of([.. Enumerable.Range(0, (int)Shapes.Count(dims)).Select(_ => (float)(start.NextDouble() - 0.5 + (moved * (way.NextDouble() - 0.5))))], dims), $"weight{start.Next()}");
    }

    private void Write(RunDescription description) => RunFile.Save(Run.DescriptionFile, description);

    private void WriteData(string split, int count, int seed)
    {
        var random = new Random(seed);
        var pictures = new byte[count * Side * Side];
        random.NextBytes(pictures);
        _folder.Write($"digits/{split}-images-idx3-ubyte", [0, 0, 8, 3, .. Number(count), .. Number(Side), .. Number(Side), .. pictures]);
        _folder.Write($"digits/{split}-labels-idx1-ubyte", [0, 0, 8, 1, .. Number(count), .. Enumerable.Range(0, count).Select(i => (byte)(i % 10))]);

        static byte[] Number(int number)
        {
            var bytes = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(bytes, number);
            return bytes;
        }
    }
}
