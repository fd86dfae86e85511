using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Autodiff;

public class NormalizationGradientTests
{
    [Theory]
    [InlineData("BatchNormalization", "[2,3,2,2] ~[3] ~[3] ~[3] +[3]")]
    [InlineData("BatchNormalization", "[2,3,4] ~[3] ~[3] ~[3] +[3]", "epsilon=0.5")]
    [InlineData("BatchNormalization", "[2,3] ~[3] ~[3] ~[3] +[3]")]
    [InlineData("BatchNormalization", "[1,2,2,2,3] ~[2] ~[2] ~[2] +[2]")]
    public void Linear(string op, string inputs, string attributes = "") => GradientCheck.Linear(op, inputs, attributes);

    [Theory]
    [InlineData("LRN", "[2,6,2,2]", "size=5 alpha=0.5 beta=0.75 bias=1.0")]
    [InlineData("LRN", "[1,6,2,3]", "size=3 alpha=2.0 beta=0.5 bias=2.0")]
    [InlineData("LRN", "[1,2,3,3]", "size=5 alpha=1.0")]
    [InlineData("LRN", "[1,4,2,2]", "size=1 alpha=3.0")]
    [InlineData("InstanceNormalization", "[2,3,2,3] +[3] ~[3]", "epsilon=0.5")]
    [InlineData("InstanceNormalization", "[2,3,7] [3] [3]", "epsilon=0.1")]
    [InlineData("InstanceNormalization", "[1,2,2,2,3] +[2] ~[2]", "epsilon=0.1")]
    [InlineData("LayerNormalization", "[2,3,4] +[4] ~[4]", "epsilon=0.5")]
    [InlineData("LayerNormalization", "[2,3,4] [4] [4]", "epsilon=0.1 axis=2")]
    [InlineData("LayerNormalization", "[2,3,4] [3,4]", "epsilon=0.1 axis=1")]
    [InlineData("LayerNormalization", "[2,3,2,2] +[3,2,2] ~[3,2,2]", "epsilon=0.1 axis=-3")]
    [InlineData("LayerNormalization", "[2,3,4] +[4] ~[4]", "epsilon=0.5", 3)]
    [InlineData("LayerNormalization", "[2,3,4] +[3,4] ~[3,4]", "epsilon=0.5 axis=1", 3)]
    [InlineData("GroupNormalization", "[2,4,2,3] +[2] ~[2]", "num_groups=2 epsilon=0.1")]
    [InlineData("GroupNormalization", "[2,4,6] [2] [2]", "num_groups=2 epsilon=0.1")]
    [InlineData("GroupNormalization", "[2,4,2,3] +[4] ~[4]", "num_groups=2 epsilon=0.1 opset=21")]
    [InlineData("GroupNormalization", "[2,6,4] [6] [6]", "num_groups=3 epsilon=0.1 opset=21")]
    [InlineData("MeanVarianceNormalization", "[2,3,3,4]", "")]
    [InlineData("MeanVarianceNormalization", "[2,3,3,4]", "axes=[2,3]")]
    [InlineData("MeanVarianceNormalization", "[2,3,3,4]", "axes=[0,1,2,3]")]
    public void Smooth(string op, string inputs, string attributes, int outputs = 1) => GradientCheck.Smooth(op, inputs, attributes, outputs: outputs);

    [Theory]
    [InlineData("LpNormalization", "[2,3,4]", "")]
    [InlineData("LpNormalization", "[2,3,4]", "axis=1 p=2")]
    [InlineData("LpNormalization", "[2,3,4]", "axis=1 p=1")]
    [InlineData("LpNormalization", "[2,5]", "axis=-2 p=1")]
    public void Curved(string op, string inputs, string attributes) => GradientCheck.Curved(op, inputs, attributes, "0.5..2.5");

    [Fact]
    public void A_vector_of_zeros_has_no_direction_to_lose()
    {
        var x = Tensor.Of([0f, 0, 3, 4], 2, 2);
        foreach (var p in (long[])[1, 2])
        {
            var found = TinyGraph.Gradient((b, value) => b.Emit("LpNormalization", [value], ("p", p)), x, [1, 2, 0, 1]);
            Assert.Equal([0.0, 0], found[..2]);
            Assert.True(found[3] > 0);
        }
    }

    [Fact]
    public void In_training_mode_the_statistics_are_the_batchs()
    {
        var random = new Random(5);
        Tensor[] at = [TinyTensors.Random(ElementType.Float, random, 3, 2, 2, 2), Tensor.Of([0.5f, -1], 2), Tensor.Of([1f, 2], 2)];
        GradientCheck.Function("BatchNormalization", (b, xs) => [Normalized(b, xs)[0]], at);

        var error = Assert.Throws<OnnxVizException>(() => new TinyGraph((b, xs) => [Normalized(b, xs)[1]], at));
        Assert.Contains("'bn5'", error.Message);

        static Value[] Normalized(GraphBuilder b, Value[] xs)
        {
            var (mean, variance) = (b.Constant(Tensor.Of([7f, 8], 2)), b.Constant(Tensor.Of([9f, 10], 2)));
            var attributes = new Dictionary<string, object> { ["training_mode"] = 1L, ["epsilon"] = 0.1f };
            return b.Node("BatchNormalization", [.. xs, mean, variance], attributes, outputs: 3, name: "bn5");
        }
    }

    [Fact]
    public void Dropout_in_training_mode_is_refused_with_its_name()
    {
        var error = Assert.Throws<OnnxVizException>(() => TinyGraph.Gradient(
            (b, x) => b.Node("Dropout", [x, b.Constant(0.5f), b.Constant(Tensor.Scalar(true))], name: "drop7")[0], Tensor.Of([1f], 1), [1]));
        Assert.Contains("'drop7'", error.Message);
        Assert.Contains("training mode", error.Message);
    }

    /// <summary>By the formula in float64: ONNX Runtime adds up and subtracts along the channels, which drifts over so many.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(5001)]
    public void Response_normalisation_over_thousands_of_channels(long size)
    {
        const int channels = 2500;
        var random = new Random(3);
        var (x, dy) = (TinyTensors.Random(ElementType.Float, random, [1, channels, 1, 2]), TinyTensors.Random(ElementType.Float, random, [1, channels, 1, 2]).ToDoubles());
        var found = TinyGraph.Gradient((b, value) => b.Emit("LRN", [value], ("size", size), ("alpha", 2f), ("beta", 0.75f), ("bias", 1f)), x, dy);
        var numbers = x.ToDoubles();
        var expected = new double[numbers.Length];
        for (var position = 0; position < 2; position++)
        {
            var at = position;
            var s = Along(c => 1 + (2.0 / size * Window(c, k => X(k) * X(k))));
            var mixed = Along(c => Window(c, k => DY(k) * X(k) * Math.Pow(s[k], -1.75)));
            for (var c = 0; c < channels; c++) expected[(2 * c) + at] = (DY(c) * Math.Pow(s[c], -0.75)) - (2 * 2.0 * 0.75 / size * X(c) * mixed[c]);

            double X(int c) => numbers[(2 * c) + at];

            double DY(int c) => dy[(2 * c) + at];
        }

        Near.Each($"size {size}", expected, found, 1e-5, 3);

        static double[] Along(Func<int, double> of) => [.. Enumerable.Range(0, channels).Select(of)];

        double Window(int c, Func<int, double> of)
        {
            var reach = (int)(size - 1) / 2;
            var (first, last) = (Math.Max(0, c - reach), Math.Min(channels - 1, c + reach));
            return Enumerable.Range(first, last - first + 1).Sum(of);
        }
    }
}
