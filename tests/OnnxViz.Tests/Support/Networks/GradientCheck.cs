using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using Xunit;

namespace OnnxViz.Tests.Support.Networks;

/// <summary>
/// Compares the compiled gradient of a random weighting of an operator's outputs with differences of what ONNX Runtime
/// computes forward. The rounding of float32 decides how far the steps may shrink and how close the two can be:
/// the step follows from what the function is like.
/// </summary>
internal static class GradientCheck
{
    private const int Seed = 20240229;

    /// <summary>Linear in each of its inputs: one wide step is exact.</summary>
    public static void Linear(string op, string inputs, string attributes = "", string range = "-1..1", int outputs = 1) =>
        Check(op, inputs, attributes, range, outputs, _ => 1, fourthOrder: false, 5e-6);

    /// <summary>Quadratic at most between kinks at round numbers and where two inputs are equal: the steps stay between.</summary>
    public static void Kinked(string op, string inputs, string attributes = "", string range = "-1..1", int outputs = 1) =>
        Check(op, inputs, attributes, range, outputs, room => room / 2, fourthOrder: false, 3e-4);

    /// <summary>Smooth between such kinks.</summary>
    public static void Curved(string op, string inputs, string attributes = "", string range = "-1..1", int outputs = 1) =>
        Check(op, inputs, attributes, range, outputs, room => Math.Min(room / 4, 0.03125), fourthOrder: true, 3e-4);

    /// <summary>Smooth in the range: four points, a wide step.</summary>
    public static void Smooth(string op, string inputs, string attributes = "", string range = "-1..1", int outputs = 1) =>
        Check(op, inputs, attributes, range, outputs, _ => 0.03125, fourthOrder: true, 5e-5);

    private static void Check(
        string op, string inputs, string attributes, string range, int outputs, Func<double, double> step, bool fourthOrder, double tolerance)
    {
        var tested = GradientCase.Parse(op, inputs, attributes, range, outputs, Seed);
        Check(tested.Text, tested.Function, tested.Inputs, step(tested.Room), fourthOrder, tolerance, tested.Opset, tested.Sized);
    }

    /// <summary>Any function of any inputs, by differences of fourth order.</summary>
    /// <param name="name">For the failure text.</param>
    /// <param name="function">Emits it.</param>
    /// <param name="inputs">Where.</param>
    /// <param name="step">Of the differences.</param>
    /// <param name="tolerance">Relative.</param>
    /// <param name="isSized">Whether it needs to know the sizes of its inputs.</param>
    public static void Function(
        string name, Func<GraphBuilder, Value[], Value[]> function, IReadOnlyList<Tensor> inputs, double step = 0.03125, double tolerance = 1e-4,
        bool isSized = false) =>
        Check(
            name, function, inputs, step, fourthOrder: true, tolerance, Graph.EmittedOpset,
            isSized ? Enumerable.Range(0, inputs.Count).ToHashSet() : new HashSet<int>());

    private static void Check(
        string name, Func<GraphBuilder, Value[], Value[]> function, IReadOnlyList<Tensor> inputs, double step, bool fourthOrder, double tolerance, int opset,
        IReadOnlySet<int> sized)
    {
        using var graph = new TinyGraph(function, inputs, opset: opset);
        var random = new Random(Seed);
        var weights = graph.Outputs.Select(y => TinyTensors.Random(y.Type, random, y.Dims)).ToArray();
        var scales = Array.ConvertAll(weights, w => w.ToDoubles());
        var gradients = graph.Gradients(inputs, weights);
        for (var i = 0; i < gradients.Length; i++)
        {
            var target = graph.Targets[i];
            Assert.Equal(inputs[target].Dims, gradients[i].Dims);
            Assert.Equal(inputs[target].Type, gradients[i].Type);
            var expected = Differences(target);
            Assert.True(expected.Any(d => d != 0), $"{name}: input {target} has no influence, the case shows nothing.");
            Near.Each($"{name}, input {target}", expected, gradients[i].ToDoubles(), tolerance, Seed);
        }

        using var open = new TinyGraph(function, inputs, opset: opset, sized: sized);
        var unsized = open.Gradients(inputs, weights);
        for (var i = 0; i < gradients.Length; i++)
        {
            Assert.Equal(gradients[i].Dims, unsized[i].Dims);
            Near.Each($"{name}, input {graph.Targets[i]} with open sizes", gradients[i].ToDoubles(), unsized[i].ToDoubles(), 1e-6, Seed);
        }

        double[] Differences(int target)
        {
            var numbers = inputs[target].ToDoubles();
            var result = new double[numbers.Length];
            for (var k = 0; k < numbers.Length; k++)
            {
                var near = Difference(k, step);
                result[k] = fourthOrder ? ((4 * near) - Difference(k, 2 * step)) / 3 : near;
            }

            return result;

            double Difference(int k, double h) => (Score(k, h) - Score(k, -h)) / (2 * h);

            double Score(int k, double h)
            {
                double[] moved = [.. numbers];
                moved[k] += h;
                Tensor[] at = [.. inputs];
                at[target] = TinyTensors.Of(inputs[target].Type, moved, inputs[target].Dims);
                return graph.Forward(at).Zip(scales, (y, w) => y.Zip(w, (a, b) => a * b).Sum()).Sum();
            }
        }
    }
}
