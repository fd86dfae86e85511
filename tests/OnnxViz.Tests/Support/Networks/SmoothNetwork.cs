using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Models;
using OnnxViz.Onnx;

namespace OnnxViz.Tests.Support.Networks;

/// <summary>Two small convolutions with smooth activations, "first" with 4 units and "second" with 5 of half the size.</summary>
internal static class SmoothNetwork
{
    public static VisionModel Load(TemporaryFolder folder)
    {
        var random = new Random(5);
        var b = new GraphBuilder("smooth");
        var x = b.Input("image", ElementType.Float, -1, 3, -1, -1);
        var first = b.Node("Tanh", [Conv(x, 3, 4, 1)], name: "first")[0];
        b.Expose("second", b.Node("Softplus", [Conv(first, 4, 5, 2)], name: "second")[0]);
        OnnxFile.Save(b.Build(), folder["smooth.onnx"]);
        return VisionModel.Load(folder["smooth.onnx"], ModelCatalog.Open());

        Value Conv(Value value, int from, int to, long stride) => b.Emit(
            "Conv", [value, b.Constant(TinyTensors.Random(ElementType.Float, random, to, from, 3, 3), $"weight{to}")],
            ("kernel_shape", new long[] { 3, 3 }), ("pads", new long[] { 1, 1, 1, 1 }), ("strides", new[] { stride, stride }));
    }
}
