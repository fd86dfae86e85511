using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Maximize;
using OnnxViz.Models;
using OnnxViz.Objectives;
using OnnxViz.Optimize.Parameterizations;
using OnnxViz.Optimize.Transforms;
using OnnxViz.Runtime;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Maximize;

/// <summary>Pictures of a group are kept apart by their Gram matrices, and the sign of that is right.</summary>
public sealed class DiversityTests : IDisposable
{
    private static readonly RuntimeOptions OneThread = new(Device.Cpu, Threads: 1);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Likeness_is_the_mean_cosine_of_Gram_matrices_within_the_group()
    {
        int[] groups = [0, 0, 0, 1, 1, -1];
        var maps = TinyTensors.Random(ElementType.Float, new Random(2), 6, 3, 2, 2);
        using var graph = new TinyGraph((b, xs) => [Likeness(b, xs[0], groups)], [maps]);
        Near.Each("likeness", Expected(maps, groups), graph.Forward([maps])[0], 1e-5);
    }

    [Fact]
    public void Its_gradient_is_right() => GradientCheck.Function(
        "likeness", (b, xs) => [Likeness(b, xs[0], [0, 0, 0])], [TinyTensors.Random(ElementType.Float, new Random(2), 3, 3, 2, 2)], isSized: true);

    [Fact]
    public void The_more_it_weighs_the_less_alike_are_the_pictures()
    {
        var model = SmoothNetwork.Load(_folder);
        var layer = model.Layers.Find("second");
        double[] likeness = [.. new[] { 0f, 5, 50 }.Select(weight =>
        {
            var options = MaximizeOptions.DefaultsFor(ParameterKind.Pixel) with { Height = 12, Width = 12, Steps = 40, Diversity = weight, Transforms = Transforms.None };
            var goals = Enumerable.Range(0, 3).Select(i => new MaximizationGoal(Objective.Unit(layer, 2)) { Noise = (ulong)i, Group = 0 });
            var found = ActivationMaximization.Run(model, [.. goals], options, OneThread);
            var maps = FeatureMaps.Of(model, Tensors.Stack([.. found.Select(f => f.Input)]), [layer], OneThread)[0].Maps;
            return Expected(maps, [0, 0, 0]).Average();
        })];
        Assert.True(likeness[0] > likeness[1] + 0.01 && likeness[1] > likeness[2] + 0.01, string.Join(", ", likeness));
    }

    private static Value Likeness(GraphBuilder b, Value activation, int[] groups) => Diversity.Likeness(b, activation, b.Constant(Diversity.Shares(groups)));

    /// <summary>As it is defined, in plain loops.</summary>
    private static double[] Expected(Tensor maps, int[] groups)
    {
        var (n, units) = ((int)maps.Dims[0], (int)maps.Dims[1]);
        var numbers = maps.ToDoubles();
        var positions = numbers.Length / n / units;
        var grams = new double[n][];
        for (var i = 0; i < n; i++)
        {
            grams[i] = new double[units * units];
            for (var a = 0; a < units; a++)
                for (var b = 0; b < units; b++)
                    for (var p = 0; p < positions; p++)
                        grams[i][(a * units) + b] += numbers[(((i * units) + a) * positions) + p] * numbers[(((i * units) + b) * positions) + p];
        }

        return [.. Enumerable.Range(0, n).Select(i =>
        {
            var others = Enumerable.Range(0, n).Where(j => j != i && groups[j] == groups[i] && groups[i] >= 0).ToList();
            return others.Count == 0 ? 0 : others.Average(j => Cosine(grams[i], grams[j]));
        })];
    }

    private static double Cosine(double[] a, double[] b) => Dot(a, b) / Math.Sqrt(Dot(a, a) * Dot(b, b));

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();
}
