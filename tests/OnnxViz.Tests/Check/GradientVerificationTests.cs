using OnnxViz.Autodiff;
using OnnxViz.Autodiff.Rules;
using OnnxViz.Check;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Models;
using OnnxViz.Onnx;
using OnnxViz.Runtime;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Check;

public sealed class GradientVerificationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Rules that are wrong, each in another way.</summary>
    private static readonly Dictionary<string, GradientRule> Mistakes = new()
    {
        ["Sigmoid"] = g => [g.Mul(g.DY, g.Y())],
        ["MaxPool"] = g => Scaled(g, "MaxPool", 0.98f),
        ["Conv"] = g => [g.Mul(Scaled(g, "Conv", 1)[0]!, g.Relu(g.Sign(g.X())))],
        ["Relu"] = g => [g.DY],
        ["Gemm"] = g => Scaled(g, "Gemm", -1),
        ["Clip"] = g => [g.WhereOrZero(g.Less(g.X(), g.Scalar(1)), g.DY)],
    };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_right_gradient_agrees_in_every_layer_and_operator()
    {
        var report = Check(GradientRules.Default);
        Assert.False(report.IsWrong);
        Assert.All(report.Layers, l => Assert.Equal(Verdict.Agrees, l.Verdict));
        Assert.All(report.Layers, l => Assert.InRange(l.Error!.Value, 0, 1e-3));
        Assert.All(report.Operators, o => Assert.Equal((Verdict.Agrees, true), (o.Verdict, o.Error < 1e-3)));
        Assert.Equal(
            ["Clip", "Conv", "Flatten", "Gemm", "GlobalAveragePool", "HardSwish", "Identity", "MaxPool", "Relu", "Sigmoid"],
            report.Operators.Select(o => o.Operator).Order(StringComparer.Ordinal));
        Assert.True(report.Decisions > 1000);
    }

    [Theory]
    [InlineData("Sigmoid")]
    [InlineData("MaxPool")]
    [InlineData("Conv")]
    [InlineData("Relu")]
    [InlineData("Gemm")]
    [InlineData("Clip")]
    public void A_broken_rule_is_found_and_blamed(string op)
    {
        var report = Check(GradientRules.Default.With("broken", new Dictionary<string, GradientRule> { [op] = Mistakes[op] }));
        Assert.True(report.IsWrong);
        Assert.Equal([op], report.Blamed.Select(b => b.Operator).Distinct());
        Assert.Equal(op, report.Operators[0].Operator);
        Assert.Equal(Verdict.Wrong, report.Layers[0].Verdict);
        Assert.True(report.Blamed.First().Error > 1e-2, $"{report.Blamed.First().Error}");
    }

    /// <summary>In a flat picture all places of a pool's window are equal, and half of them win on one side only.</summary>
    [Fact]
    public void Ties_are_kinks_and_no_errors()
    {
        var report = Check(GradientRules.Default, Tensor.Of([.. Enumerable.Repeat(0.25f, 3 * 16 * 16)], 1, 3, 16, 16), pooled: true);
        Assert.False(report.IsWrong);
        Assert.All(report.Layers, l => Assert.Equal(Verdict.Kink, l.Verdict));
        Assert.True(report.Layers[0].Directions.Max(d => d.Flips) >= 100);
        Assert.Equal(Verdict.Kink, report.Operators.Single(o => o.Operator == "MaxPool").Verdict);
    }

    /// <summary>Another convention at ties is none of the mistakes that are looked for.</summary>
    [Fact]
    public void Conventions_at_ties_are_no_errors()
    {
        var lastWins = new Dictionary<string, GradientRule>
        {
            ["Relu"] = g => [g.WhereOrZero(g.GreaterOrEqual(g.X(), g.Scalar(0)), g.DY)],
        };
        var zeros = Tensor.Of(new float[3 * 16 * 16], 1, 3, 16, 16);
        var b = new GraphBuilder();
        b.Output("y", b.ReduceMean(b.Relu(b.Input("x", ElementType.Float, 1, 3, 16, 16)), [2, 3], keep: false));
        var report = Check(b, GradientRules.Default.With("open at 0", lastWins), zeros);
        Assert.False(report.IsWrong);
        Assert.All(report.Layers, l => Assert.Equal(Verdict.Kink, l.Verdict));
    }

    private static Value?[] Scaled(GradientContext g, string op, float factor) =>
        Array.ConvertAll(GradientRules.Default.Find(g.Node) is { } rule && g.Node.OpType == op ? rule(g) : [], dx => dx is null ? null : g.Mul(dx, factor));

    private GradientReport Check(GradientRules rules, Tensor? points = null, bool pooled = false)
    {
        var b = new GraphBuilder();
        var x = b.Input("x", ElementType.Float, 1, 3, 16, 16);
        var random = new Random(7);
        if (pooled) x = Pool(x);
        x = b.Relu(b.Emit("Conv", [x, Weight(8, 3, 3, 3), Weight(8)], ("pads", new long[] { 1, 1, 1, 1 })));
        x = b.Sigmoid(b.Emit("Conv", [Pool(x), Weight(8, 8, 3, 3), Weight(8)]));
        x = b.Emit("Clip", [b.Emit("Conv", [x, Weight(8, 8, 1, 1), Weight(8)]), b.Scalar(0), b.Scalar(1.5f)]);
        x = b.Emit("Flatten", [b.Emit("GlobalAveragePool", [b.Emit("HardSwish", [b.Emit("Conv", [x, Weight(8, 8, 1, 1)])])])]);
        b.Output("y", b.Node("Gemm", [x, Weight(8, 5), Weight(5)], name: "fc")[0]);
        return Check(b, rules, points);

        Value Pool(Value v) => b.Emit("MaxPool", [v], ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 }));

        // Of a size that keeps a signal's.
        Value Weight(params long[] dims)
        {
            var size = Math.Sqrt(3.0 * dims[0] / Shapes.Count(dims));
            var numbers = TinyTensors.Numbers(random, Shapes.Count(dims)).Select(n => n * size);
            return b.Constant(TinyTensors.Of(ElementType.Float, [.. numbers], dims));
        }
    }

    private GradientReport Check(GraphBuilder b, GradientRules rules, Tensor? points)
    {
        OnnxFile.Save(b.Build(), _folder["net.onnx"]);
        var model = VisionModel.Load(_folder["net.onnx"], ModelCatalog.Open());
        var runtime = new RuntimeOptions(Device.Cpu, Threads: 1);
        var layers = CheckedLayer.Default(model, [1, 3, 16, 16]);
        return new GradientVerification(model, layers, rules, new GradientCheckOptions { Seed = 1 }, runtime)
            .Check(points ?? CheckedInputs.Noise(model.Conventions, 2, 1));
    }
}
