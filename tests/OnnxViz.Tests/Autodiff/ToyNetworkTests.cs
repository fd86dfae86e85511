using OnnxViz.Autodiff;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Runtime;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Autodiff;

/// <summary>Gradients that can be worked out by hand.</summary>
public class ToyNetworkTests
{
    [Theory]
    [InlineData("default", "0 1 1 1  0 1 1 1  0 1 1 1  0 0 0 0")]
    [InlineData("guided", "0 1 1 1  1 3 3 2  1 3 3 2  1 2 2 1")]
    [InlineData("deconv", "2 3 3 1  3 5 5 2  3 5 5 2  1 2 2 1")]
    public void One_convolution(string rules, string expected)
    {
        var (score, gradient) = Explain(OneConvolution, Tensor.Of(ToyNetworks.Ramp, 1, 1, 4, 4), rules);
        Assert.Equal(54, score);
        Assert.Equal(ToyNetworks.Parse(expected), gradient);
    }

    [Fact]
    public void One_convolution_guided_on_a_brighter_picture()
    {
        var brighter = Tensor.Of(Array.ConvertAll(ToyNetworks.Ramp, v => v + 1), 1, 1, 4, 4);
        Assert.Equal(ToyNetworks.Parse("1 2 2 1  2 4 4 2  2 4 4 2  1 2 2 1"), Explain(OneConvolution, brighter, "guided").Gradient);
    }

    [Fact]
    public void One_convolution_input_times_gradient()
    {
        var found = InputTimesGradient(OneConvolution, Tensor.Of(ToyNetworks.Ramp, 1, 1, 4, 4));
        Assert.Equal(ToyNetworks.Parse("0 1 2 3  0 5 6 7  0 9 10 11  0 0 0 0"), found);
        Assert.Equal(54, found.Sum());
    }

    [Theory]
    [InlineData(0, 392)]
    [InlineData(1, 394)]
    public void Perceptron(int logit, double score)
    {
        var x = Tensor.Of([0f, 100, 0], 1, 3);
        var found = Explain((b, v) => Layered(b, v, logit), x, "default");
        Assert.Equal(score, found.Score);
        Assert.Equal(ToyNetworks.Parse("4 4 4"), found.Gradient);
        Assert.Equal(ToyNetworks.Parse("0 400 0"), InputTimesGradient((b, v) => Layered(b, v, logit), x));
    }

    [Fact]
    public void Two_linear_layers()
    {
        var x = Tensor.Of([1f, 2, 3], 1, 3);
        var (score, gradient) = Explain(Function, x, "default");
        Assert.Equal(108, score);
        Assert.Equal(ToyNetworks.Parse("18 18 18"), gradient);
        Assert.Equal(ToyNetworks.Parse("18 36 54"), InputTimesGradient(Function, x));

        static Value Function(GraphBuilder b, Value x) => b.MatMul(b.Relu(b.MatMul(x, ToyNetworks.Filled(b, 2, 3, 3))), ToyNetworks.Filled(b, 3, 3, 1));
    }

    private static Value OneConvolution(GraphBuilder b, Value x) => Column(b, ToyNetworks.OneConvolution(b, x), 0);

    private static Value Layered(GraphBuilder b, Value x, int logit) => Column(b, ToyNetworks.Perceptron(b, x), logit);

    private static Value Column(GraphBuilder b, Value scores, int number) => b.Gather(scores, b.Constant(Tensor.Of([(long)number], 1)), 1);

    private static (double Score, double[] Gradient) Explain(Func<GraphBuilder, Value, Value> network, Tensor x, string rules)
    {
        var found = Run(network, x, rules, times: false);
        return (found["score"].ToDoubles()[0], found["gradient"].ToDoubles());
    }

    private static double[] InputTimesGradient(Func<GraphBuilder, Value, Value> network, Tensor x) =>
        Run(network, x, "default", times: true)["gradient"].ToDoubles();

    private static IReadOnlyDictionary<string, Tensor> Run(Func<GraphBuilder, Value, Value> network, Tensor x, string name, bool times)
    {
        var rules = new[] { GradientRules.Default, GradientRules.Guided, GradientRules.Deconv }.Single(r => r.Name == name);
        var b = new GraphBuilder();
        var input = b.Input("x", ElementType.Float, x.Dims);
        var score = network(b, input);
        var seeds = new Dictionary<Value, Value> { [score] = b.Expand(b.Scalar(1), 1, 1) };
        var gradient = Backpropagation.Gradients(b, seeds, [input], rules)[0];
        b.Output("score", score);
        b.Output("gradient", times ? b.Mul(input, gradient) : gradient);
        using var session = new Session(b.Build(), RuntimeOptions.Default);
        return session.Run(new Dictionary<string, Tensor> { ["x"] = x });
    }
}
