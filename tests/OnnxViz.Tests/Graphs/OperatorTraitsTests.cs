using OnnxViz.Autodiff;
using OnnxViz.Check;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Graphs.Fields;
using OnnxViz.Graphs.Folding;
using OnnxViz.Graphs.Inference;
using OnnxViz.Graphs.Naming;
using OnnxViz.Graphs.Opsets;
using OnnxViz.Models;
using OnnxViz.Onnx;
using OnnxViz.Runtime;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Graphs;

/// <summary>Every row of the table means what its flags say, in all phases: a row is all that an activation needs beside its gradient.</summary>
public sealed class OperatorTraitsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Activations => [.. Named(OperatorNature.Activation)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Activations))]
    public void An_activation_keeps_the_shape_and_sees_what_the_layer_before_it_sees(string name)
    {
        var (model, values) = Network(name);
        var inlined = new GraphBuilder();
        var image = inlined.Input("image", ElementType.Float, 1, 3, 9, 9);
        var map = inlined.Inline(model, new Dictionary<Value, Value> { [model.Inputs[0]] = image }, model.Outputs);

        Assert.Equal([1, 4, 7, 7], values[1].StaticDims());
        Assert.Equal(ElementType.Float, map[values[1]].Type);
        Assert.Equal([1, 4, 7, 7], map[values[1]].StaticDims());
        var fields = ReceptiveFields.Of(model, map);
        Assert.Equal([3, 3, 5, 5], values.Select(v => fields.Of(v)!.Value.Height.Size));
        Assert.Equal([3, 3, 5, 5], values.Select(v => fields.Of(v)!.Value.Width.Size));
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void An_activation_ends_the_module_before_it(string name)
    {
        var (model, values) = Network(name);
        Assert.Same(values[3], ParameterModules.Outputs(DataFlow.Of(model))["block"]);
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void An_activation_is_a_relu_in_the_names_of_a_plain_chain(string name)
    {
        var b = new GraphBuilder("chain", opset: 24);
        var x = b.Input("image", ElementType.Float, 1, 3, 32, 32);
        for (var i = 0; i < 2; i++)
            x = b.Emit("MaxPool", [Activation(b, name, Convolution(b, x, i == 0 ? 3 : 4, "weight"))], ("kernel_shape", new long[] { 2, 2 }));
        b.Expose("y", x);
        Assert.Equal(["conv1", "conv2", "pool1", "pool2", "relu1", "relu2"], ChainAliases.Of(DataFlow.Of(b.Graph)).Values.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void The_gradient_of_an_activation_agrees_with_differences(string name)
    {
        OnnxFile.Save(Network(name).Model, _folder["net.onnx"]);
        var model = VisionModel.Load(_folder["net.onnx"], ModelCatalog.Open());
        var layers = CheckedLayer.Named(model, [1, 3, 9, 9], ["all"]);
        Assert.Equal(4, layers.Count);
        var report = new GradientVerification(model, layers, GradientRules.Default, new GradientCheckOptions { Seed = 1 }, new RuntimeOptions(Device.Cpu, Threads: 1))
            .Check(CheckedInputs.Noise(model.Conventions, 1, 1));
        Assert.All(report.Layers, l => Assert.Equal((l.Layer, Verdict.Agrees), (l.Layer, l.Verdict)));
        Assert.All(report.Operators, o => Assert.Equal((o.Operator, Verdict.Agrees), (o.Operator, o.Verdict)));
    }

    /// <summary>By the curve that ONNX Runtime computes; a threshold at 0 makes a ReLU of ThresholdedRelu.</summary>
    [Theory]
    [MemberData(nameof(Activations))]
    public void The_variants_of_backpropagation_apply_to_the_activations_with_the_curve_of_a_ReLU(string name)
    {
        var at = Tensor.Of(ReluLikeCurves.At, 1, 1, ReluLikeCurves.At.Length);
        var b = new GraphBuilder("curve", opset: 24);
        var model = b.Input("x", ElementType.Float, at.Dims);
        b.Expose("y", Activation(b, name, model));
        var curve = new GraphBuilder();
        var map = curve.Inline(b.Graph, new Dictionary<Value, Value> { [model] = curve.Input("x", ElementType.Float, at.Dims) }, b.Graph.Outputs);
        curve.Output("y", map[b.Graph.Outputs[0]]);
        using var session = new Session(curve.Build(), new RuntimeOptions(Device.Cpu, Threads: 1));
        var y = session.Run(new Dictionary<string, Tensor> { ["x"] = at })["y"].ToFloats();
        Assert.Equal(OperatorTraits.Of(name).Is(OperatorNature.ReluLike), ReluLikeCurves.Match(y));
    }

    /// <summary>What is no activation: functions that networks use in formulas, and the types of numbers.</summary>
    [Fact]
    public void A_function_of_one_element_that_has_a_slope_is_an_activation_or_mathematics()
    {
        string[] mathematics =
        [
            "Abs", "Acos", "Acosh", "Asin", "Asinh", "Atan", "Atanh", "Cast", "CastLike", "Cos", "Cosh", "Erf", "Exp", "Identity", "Log", "Neg",
            "Reciprocal", "Sin", "Sinh", "Sqrt", "Tan",
        ];
        Assert.Equal(mathematics, OperatorTraits.All
            .Where(o => o.Is(OperatorNature.Elementwise) && !o.Is(OperatorNature.Broadcasts) && !o.Is(OperatorNature.StopsGradients) && !o.Is(OperatorNature.Activation))
            .Select(o => o.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_kink_has_its_smooth_pieces_in_the_check_of_gradients() =>
        Assert.Equal(Named(OperatorNature.Kinked), FrozenRules.Rows.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void A_gradient_stops_or_has_a_rule()
    {
        Assert.Empty(Named(OperatorNature.StopsGradients).Intersect(GradientRules.Default.Operators));
        var known = GradientRules.Default.Operators.Select(o => o == OnnxViz.Autodiff.Rules.Activations.Silu ? "Mul" : o);
        Assert.Empty(known.Except(OperatorTraits.All.Select(o => o.Name)));
    }

    [Fact]
    public void Every_operator_with_a_shape_or_a_number_is_in_the_table() =>
        Assert.Empty(ConstantFolding.Operators.Concat(ShapeInference.Ruled).Except(OperatorTraits.All.Select(o => o.Name)));

    [Fact]
    public void A_reduction_over_channels_sees_what_its_input_sees()
    {
        string[] reductions =
        [
            "ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd", "ReduceSum", "ReduceSumSquare",
        ];
        Assert.Equal(reductions, Named(OperatorNature.Reduction));
        Assert.All(reductions, op =>
        {
            var b = new GraphBuilder();
            var map = Convolution(b, b.Input("image", ElementType.Float, 1, 3, 9, 9), 3, "weight");
            var y = b.Expose("y", b.Emit(op, [map, b.Longs(1)], ("keepdims", 0L)));
            Assert.Equal([1, 7, 7], y.StaticDims());
            Assert.Equal(3, ReceptiveFields.Of(b.Graph).Of(y)!.Value.Width.Size);
        });
    }

    private static string[] Named(OperatorNature nature) =>
        [.. OperatorTraits.All.Where(o => o.Is(nature)).Select(o => o.Name).Order(StringComparer.Ordinal)];

    /// <summary>[1, 3, 9, 9], a convolution of 3 x 3 and the activation, twice, in a module of two parts; with the results of all four.</summary>
    private static (Graph Model, Value[] Values) Network(string name)
    {
        var b = new GraphBuilder("activated", opset: 24);
        var first = Convolution(b, b.Input("image", ElementType.Float, 1, 3, 9, 9), 3, "block.0.weight");
        var firstActive = Activation(b, name, first);
        var second = Convolution(b, firstActive, 4, "block.1.weight");
        var secondActive = b.Expose("y", Activation(b, name, second));
        return (b.Graph, [first, firstActive, second, secondActive]);
    }

    private static Value Convolution(GraphBuilder b, Value x, long channels, string weight)
    {
        var numbers = TinyTensors.Numbers(new Random((int)channels), 4 * channels * 9);
        return b.Emit("Conv", [x, b.Constant(TinyTensors.Of(ElementType.Float, [.. numbers], [4, channels, 3, 3]), weight)]);
    }

    private static Value Activation(GraphBuilder b, string name, Value x)
    {
        var traits = OperatorTraits.Of(name);
        var inputs = new List<Value?> { x };
        if (traits.Weights.Length > 0) inputs.Add(b.Constant(Tensor.Of([0.25f], 1)));
        if (traits.Bias is not null) inputs.Add(b.Constant(Tensor.Of([0f], 1)));
        var attributes = name == "ThresholdedRelu" ? new Dictionary<string, object> { ["alpha"] = 0f } : null;
        var dot = name.LastIndexOf('.');
        return b.Node(name[(dot + 1)..], [.. inputs], attributes, domain: dot < 0 ? "" : name[..dot])[0];
    }
}
