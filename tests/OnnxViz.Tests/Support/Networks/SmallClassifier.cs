using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Onnx;

namespace OnnxViz.Tests.Support.Networks;

/// <summary>A small network with what gradients of networks are made of: strides, ties, a branch, a pool, classes.</summary>
internal static class SmallClassifier
{
    /// <param name="path">Where to save it.</param>
    /// <param name="seed">Of the weights.</param>
    /// <param name="dims">Of the input; -1 for what stays open.</param>
    /// <returns>The path.</returns>
    public static string Save(string path, int seed = 1, params long[] dims)
    {
        var random = new Random(seed);
        var b = new GraphBuilder("small");
        var x = b.Input("image", ElementType.Float, dims.Length > 0 ? dims : [-1, 3, -1, -1]);
        var first = Relu("first", Conv("first_conv", x, 3, 8, 3, ("pads", new long[] { 1, 1, 1, 1 })));
        var pooled = b.Node("MaxPool", [first], Attributes(("kernel_shape", new long[] { 3, 3 }), ("strides", new long[] { 2, 2 }), ("pads", new long[] { 1, 1, 1, 1 })), name: "pool")[0];
        var second = Relu("second", Conv("second_conv", pooled, 8, 16, 3, ("strides", new long[] { 2, 2 }), ("pads", new long[] { 1, 1, 1, 1 })));
        var third = Conv("third_conv", second, 16, 16, 1);
        var sum = Relu("sum", b.Add(second, third));
        var means = b.Emit("Flatten", [b.Emit("GlobalAveragePool", [sum])], ("axis", 1L));
        b.Expose("scores", b.Node("Gemm", [means, Weight(16, 10), Weight(10)], name: "classifier")[0]);
        OnnxFile.Save(b.Build(), path);
        return path;

        Value Relu(string name, Value value) => b.Node("Relu", [value], name: name)[0];

        Value Conv(string name, Value value, int from, int to, int kernel, params (string, object)[] attributes) =>
            b.Node("Conv", [value, Weight(to, from, kernel, kernel), Weight(to)], Attributes([("kernel_shape", new long[] { kernel, kernel }), .. attributes]), name: name)[0];

        Value Weight(params long[] shape) => b.Constant(TinyTensors.Random(ElementType.Float, random, shape), $"weight{random.Next()}");
    }

    private static Dictionary<string, object> Attributes(params (string Name, object Value)[] attributes) => attributes.ToDictionary(a => a.Name, a => a.Value);
}
