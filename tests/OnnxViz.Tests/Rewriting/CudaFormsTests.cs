using OnnxViz.Graphs;
using OnnxViz.Graphs.Cuda;
using OnnxViz.Graphs.Emit;
using OnnxViz.Maximize;
using OnnxViz.Models;
using OnnxViz.Optimize.Parameterizations;
using OnnxViz.Rewriting;
using OnnxViz.Runtime;
using OnnxViz.Tests.Autodiff;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Rewriting;

/// <summary>The forms that graphs take on a GPU, run on the CPU.</summary>
public class CudaFormsTests
{
    private static readonly RuntimeOptions AsOnCuda = RuntimeOptions.Default with { TakesCudaForms = true };

    [Theory]
    [InlineData("[2,4,4,5] ~[4,1,3,3]", "group=4 strides=[2,2]")]
    [InlineData("[1,4,4,5] ~[4,1,3,3] [4]", "group=4 strides=[2,2] pads=[1,1,1,1] output_padding=[1,1]")]
    [InlineData("[1,4,4,5] ~[4,1,3,3]", "group=4 strides=[2,2] pads=[1,1,1,1]")]
    [InlineData("[1,4,6,5] ~[4,3,5,5] [6]", "group=2 strides=[2,2] pads=[2,1,0,2]")]
    [InlineData("[1,4,4,5] ~[4,3,3,3]", "group=2 pads=[1,1,1,1]")]
    [InlineData("[1,4,4,5] ~[4,3,2,2]", "group=2 strides=[3,3]")]
    [InlineData("[1,4,4,5] ~[4,3,2,3]", "group=2 strides=[3,3] output_padding=[2,1]")]
    [InlineData("[1,4,4,5] ~[4,1,3,2]", "group=4 strides=[2,3] dilations=[2,2] pads=[1,0,2,1]")]
    [InlineData("[1,4,4,5] ~[4,1,3,3]", "group=4 dilations=[3,2] strides=[2,1] output_padding=[1,0]")]
    [InlineData("[1,4,4,5] ~[4,1,3,3]", "group=4 auto_pad=SAME_UPPER strides=[2,2]")]
    [InlineData("[1,4,4,5] ~[4,1,4,4]", "group=4 auto_pad=SAME_LOWER strides=[3,2]")]
    [InlineData("![1,4,4,5] ~[4,1,3,3]", "group=4 output_shape=[8,11] strides=[2,2]")]
    [InlineData("[2,4,6] ~[4,1,3]", "group=2 strides=[2] pads=[1,0]")]
    [InlineData("[1,4,3,4,3] ~[4,1,2,3,2] [4]", "group=4 strides=[2,1,2] pads=[1,1,0,0,1,1]")]
    [InlineData("[1,4,3,3] ~[4,2,3,3]", "group=2 strides=[2,2] pads=[3,3,3,3]")]
    [InlineData("[1,2,4,5] ~[2,3,3,3] [3]", "strides=[2,2] pads=[0,1,2,0]")]
    [InlineData("[1,2,4,5] ~[2,3,3,3]", "auto_pad=SAME_UPPER strides=[2,2]")]
    [InlineData("[1,2,4,5] ~[2,3,4,4]", "auto_pad=SAME_LOWER strides=[3,2] output_padding=[1,1]")]
    public void A_transposed_convolution_by_other_operators_is_the_same(string inputs, string attributes)
    {
        var tested = GradientCase.Parse("ConvTranspose", inputs, attributes, "-1..1", 1, seed: 5);
        var graph = Forward(tested);
        var changed = CudaForms.Apply(graph);
        Assert.NotSame(graph, changed);
        Assert.Empty(CudaKernels.Faults(changed));
        Near.Each(tested.Text, Run(graph, tested.Inputs), Run(changed, tested.Inputs), 2e-6);
    }

    [Theory]
    [InlineData(4, 1, 1, 0, "AveragePool")]
    [InlineData(3, 3, 0, 0, "Expand")]
    [InlineData(3, 3, 0, 1, "Expand")]
    [InlineData(3, 2, 1, 1, "DepthToSpace")]
    [InlineData(2, 3, 0, 0, "DepthToSpace")]
    public void Windows_of_equal_weights_take_the_shortest_way(int kernel, int stride, int pad, int extra, string by)
    {
        var b = new GraphBuilder();
        var x = b.Input("x", ElementType.Float, 2, 3, 4, 5);
        var y = b.Emit(
            "ConvTranspose", [x, ToyNetworks.Filled(b, 0.5f, 3, 1, kernel, kernel)], ("group", 3L), ("strides", new long[] { stride, stride }),
            ("pads", new long[] { pad, pad, pad, pad }), ("output_padding", new long[] { extra, extra }));
        b.Output("y", y);
        var (graph, input) = (b.Build(), TinyTensors.Random(ElementType.Float, new Random(4), 2, 3, 4, 5));
        var changed = CudaForms.Apply(graph);
        Assert.Contains(changed.Nodes, n => n.OpType == by);
        Near.Each($"{kernel}/{stride}", Run(graph, [input], "x"), Run(changed, [input], "x"), 2e-6);
    }

    [Fact]
    public void What_has_no_such_node_stays_the_same_object()
    {
        var b = new GraphBuilder();
        b.Output("y", b.Relu(b.Input("x", ElementType.Float, 1, 2)));
        var graph = b.Build();
        Assert.Same(graph, CudaForms.Apply(graph));
    }

    /// <summary>Every row that is compared with differences elsewhere, as it is and as CUDA gets it.</summary>
    [Fact]
    public void Gradients_of_all_operators_are_those_of_the_CPUs_forms()
    {
        var changed = 0;
        foreach (var row in CoverageTests.Rows())
        {
            var tested = CoverageTests.Case(row);
            if ((string)row["op"] is "QuantizeLinear" or "DequantizeLinear") continue;
            var gradient = Backward(tested);
            var there = CudaForms.Apply(gradient);
            Assert.Empty(CudaKernels.Faults(there).Where(f => !f.EndsWith("no kernel", StringComparison.Ordinal)).Select(f => $"{tested.Text}: {f}"));
            if (there == gradient) continue;
            changed++;
            var random = new Random(7);
            var inputs = tested.Inputs.Concat(gradient.Inputs.Skip(tested.Inputs.Count).Select(dy => TinyTensors.Random(dy.Type, random, dy.Dims!))).ToArray();
            Near.Each(tested.Text, Run(gradient, inputs), Run(there, inputs), 1e-5);
        }

        Assert.InRange(changed, 20, 1000);
    }

    /// <summary>All that a step does, for both carried networks and each parameterisation, stays on the GPU and can be recorded.</summary>
    [Theory]
    [InlineData("vgg16-body.onnx", "conv4_3")]
    [InlineData("vgg16-body.onnx", "pool3")]
    [InlineData("efficientnet-lite0.onnx", null)]
    public void A_step_of_a_carried_network_stays_on_the_GPU(string file, string? name)
    {
        using var model = ReferenceAnswers.OpenModel(file);
        var layer = name is null ? ClassOutput.Of(model) : model.Layers.Find(name);
        var (height, width) = model.FixedSize ?? (64, 64);
        foreach (var param in Enum.GetValues<ParameterKind>())
        {
            var graph = CudaForms.Apply(StepGraphs.Of(model, layer, new MaximizeOptions { Param = param, Height = height, Width = width }));
            Assert.Empty(CudaKernels.Faults(graph));
            Assert.Empty(CudaKernels.CaptureFaults(graph));
        }
    }

    /// <summary>What a replay would read from memory that is given back by then (facts about ONNX Runtime).</summary>
    [Theory]
    [InlineData(32, 32, false)]
    [InlineData(33, 33, true)]
    [InlineData(2, 3, true)]
    public void Many_parts_and_unequal_ones_are_not_recorded(int parts, int size, bool isFault)
    {
        var b = new GraphBuilder();
        long[] sizes = [.. Enumerable.Range(0, parts).Select(i => i == 0 ? 1L + size - parts : 1)];
        b.Output("y", b.Node("Split", [b.Input("x", ElementType.Float, size), b.Longs(sizes)], outputs: parts)[^1]);
        Assert.Equal(isFault, CudaKernels.CaptureFaults(b.Build()).Any());
    }

    [Fact]
    public void A_network_with_depthwise_convolutions_has_the_same_gradient()
    {
        using var model = ReferenceAnswers.OpenModel("efficientnet-lite0.onnx");
        var graph = model.GradientGraph();
        Assert.Contains(graph.Nodes, CudaForms.IsChanged);
        using var here = new Session(graph, RuntimeOptions.Default);
        using var there = new Session(graph, AsOnCuda);
        var inputs = graph.Inputs.ToDictionary(i => i.Name, i => TinyTensors.Random(ElementType.Float, new Random(2), i.Dims!));
        var (expected, found) = (here.Run(inputs)["gradient"], there.Run(inputs)["gradient"]);
        Assert.InRange(ReferenceAnswers.RelativeError(found.As<float>(), expected.As<float>()), 0, 1e-5);
    }

    private static Graph Forward(GradientCase tested)
    {
        var b = new GraphBuilder(opset: tested.Opset);
        b.Output("y", tested.Function(b, [.. tested.Inputs.Select((x, i) => b.Input($"x{i}", x.Type, x.Dims))])[0]);
        return b.Build();
    }

    private static Graph Backward(GradientCase tested)
    {
        var b = new GraphBuilder(opset: tested.Opset);
        Value[] xs = [.. tested.Inputs.Select((x, i) => b.Input($"x{i}", x.Type, x.Dims))];
        var seeds = tested.Function(b, xs).Index().ToDictionary(y => y.Item, y => b.Input($"dy{y.Index}", y.Item.Type, y.Item.Dims!));
        var targets = xs.Where(x => x.Type.IsFloating()).ToArray();
        foreach (var (i, dx) in OnnxViz.Autodiff.Backpropagation.Gradients(b, seeds, targets, OnnxViz.Autodiff.GradientRules.Default).Index()) b.Output($"dx{i}", dx);
        return b.Build();
    }

    private static double[] Run(Graph graph, IReadOnlyList<Tensor> inputs, string? name = null)
    {
        using var session = new Session(graph, RuntimeOptions.Default);
        var named = graph.Inputs.Zip(inputs).ToDictionary(p => name ?? p.First.Name, p => p.Second);
        return [.. session.Run(named).Values.SelectMany(y => y.ToDoubles())];
    }
}
