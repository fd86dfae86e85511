using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Onnx;

namespace OnnxViz.Fuzz.Files;

/// <summary>A classifier of pictures of 16x16 pixels: what the other files are tried with.</summary>
internal static class SmallNetwork
{
    private static readonly Lazy<string> Made = new(Make);

    /// <summary>Gone with the process.</summary>
    public static string File => Made.Value;

    public static void Save(string path)
    {
        var b = new GraphBuilder("small");
        var x = b.Input("image", ElementType.Float, [-1, 3, 16, 16]);
        var conv = b.Node("Conv", [x, Weight(4, 3, 3, 3)], new Dictionary<string, object> { ["kernel_shape"] = new long[] { 3, 3 } }, name: "conv")[0];
        var relu = b.Node("Relu", [conv], name: "relu")[0];
        var means = b.Emit("Flatten", [b.Emit("GlobalAveragePool", [relu])], ("axis", 1L));
        b.Expose("scores", b.Node("Gemm", [means, Weight(4, 5)], name: "fc")[0]);
        OnnxFile.Save(b.Build(), path);

        Value Weight(params long[] shape)
        {
            var count = (int)shape.Aggregate(1L, (p, d) => p * d);
            return b.Constant(Tensor.Of([.. Enumerable.Range(0, count).Select(i => MathF.Sin(i))], shape), $"w{count}");
        }
    }

    private static string Make()
    {
        var folder = Directory.CreateTempSubdirectory("onnxviz-fuzz-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        Save(Path.Combine(folder, "small.onnx"));
        return Path.Combine(folder, "small.onnx");
    }
}
