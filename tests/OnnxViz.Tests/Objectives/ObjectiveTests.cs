using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Maximize;
using OnnxViz.Models;
using OnnxViz.Objectives;
using OnnxViz.Optimize;
using OnnxViz.Optimize.Parameterizations;
using OnnxViz.Runtime;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Objectives;

/// <summary>What pictures can be asked for: every number against a plain loop, every gradient against differences.</summary>
public sealed class ObjectiveTests : IDisposable
{
    private const int Side = 8;

    private static readonly RuntimeOptions OneThread = new(Device.Cpu, Threads: 1);

    private static readonly float[] Toward = [1, -0.5f, 0.25f, 2, 0.75f];

    private static readonly Tensor Start = TinyTensors.Random(ElementType.Float, new Random(3), 1, 3, Side, Side);

    private static readonly MaximizeOptions Plain = MaximizeOptions.DefaultsFor(ParameterKind.Tensor) with { Height = Side, Width = Side, Steps = 0 };

    private readonly TemporaryFolder _folder = new();

    private readonly VisionModel _model;

    public ObjectiveTests() => _model = SmoothNetwork.Load(_folder);

    private Value First => _model.Layers.Find("first");

    private Value Second => _model.Layers.Find("second");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Twice_a_and_three_times_b_is_that_and_leaves_a_and_b_alone()
    {
        var (a, b) = (Objective.Unit(Second, 1), Objective.Unit(First, 2, Reduction.Rms));
        var (fa, fb) = (Value(a), Value(b));
        Near.Each("2a + 3b", [(2 * fa) + (3 * fb)], [Value((a * 2) + (b * 3))], 1e-6);
        Near.Each("-(a - b) / 2", [(fb - fa) / 2], [Value(-(a - b) * 0.5f)], 1e-6);
        Near.Each("((a + a) * 2 - 3a) + 0b", [fa], [Value((((a + a) * 2) - (3 * a)) + (b * 0))], 1e-5);
        Assert.Equal((1, 1f), (a.Terms.Count, a.Terms[0].Weight));
        Assert.Equal((fa, fb), (Value(a), Value(b)));
    }

    public static TheoryData<string> Names() => [.. Expected.Keys];

    /// <summary>From units and positions of the second layer, [5][16], and those of the first.</summary>
    private static readonly Dictionary<string, Func<double[][], double[][], double>> Expected = new()
    {
        ["mean"] = (a, _) => a[1].Average(),
        ["center"] = (a, _) => a[1][10],
        ["max"] = (a, _) => a[1].Max(),
        ["rms"] = (a, _) => Math.Sqrt(a[1].Average(x => x * x)),
        ["position"] = (a, _) => a[1][(3 * 4) + 1],
        ["layer"] = (a, _) => a.SelectMany(x => x).Average(x => x * x),
        ["direction"] = (a, _) => Positions(a).Average(Dot),
        ["direction, cosine"] = (a, _) => Positions(a).Average(x => Dot(x) * Floored(x)),
        ["direction, cosine cubed, at a position"] = (a, _) => Positions(a).ElementAt(6) is var x ? Dot(x) * Math.Pow(Floored(x), 3) : 0,
        ["direction, rms"] = (a, _) => Math.Sqrt(Positions(a).Average(x => Dot(x) * Dot(x))),
        ["units and a unit before"] = (a, b) => (0.7 * a[1].Average()) + (0.3 * a[4].Average()) - (2 * b[3].Average()),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Number_and_gradient_are_right(string name)
    {
        var layers = FeatureMaps.Of(_model, Start, [Second, First], OneThread);
        var expected = Expected[name](Units(layers[0].Maps), Units(layers[1].Maps));
        var objective = Of(name);
        Near.Each(name, [expected], [Value(objective)], 1e-5);

        // One step of plain ascent at the rate 1 is the gradient.
        var ascent = Plain with { Optimizer = OptimizerKind.Sgd, LearningRate = 1, Steps = 1 };
        double[] gradient = [.. Found([objective], ascent, Start)[0].Input.ToDoubles().Zip(Start.ToDoubles(), (after, before) => after - before)];
        var random = new Random(11);
        for (var i = 0; i < 3; i++)
        {
            var way = TinyTensors.Numbers(random, Start.Count);
            var slope = gradient.Zip(way, (g, w) => g * w).Sum();
            Near.Each($"{name}, along direction {i}", [Difference(objective, way)], [slope], 2e-3);
        }
    }

    [Fact]
    public void A_picture_does_not_depend_on_what_else_is_asked_for()
    {
        Objective[] goals = [.. new[] { "rms", "units and a unit before", "direction, cosine", "mean", "layer", "position" }.Select(Of)];
        var options = Plain with { Steps = 4 };
        var together = Found(goals, options, Start);
        foreach (var (i, goal) in goals.Index())
        {
            var alone = Found([goal], options, Start)[0];
            Near.Each($"goal {i}", alone.Input.ToDoubles(), together[i].Input.ToDoubles(), 1e-5);
            Near.Each($"objective {i}", [alone.Objective], [together[i].Objective], 1e-5);
        }
    }

    [Fact]
    public void What_a_layer_has_not_is_refused()
    {
        Refused("units are 0 to 4", Objective.Unit(Second, 5));
        Refused("4x4", Objective.Of(new UnitTerm(Second, 0) { Position = new(4, 0) }));
        Refused("5 numbers", Objective.Direction(First, Toward));
    }

    private static IEnumerable<double[]> Positions(double[][] units) => Enumerable.Range(0, units[0].Length).Select(p => Array.ConvertAll(units, u => u[p]));

    private static double Dot(double[] x) => x.Zip(Toward, (a, d) => a * d).Sum();

    private static double Floored(double[] x) => Math.Max(0.1, Dot(x) / (Length(x) * (Length([.. Toward.Select(d => (double)d)]) + 1e-4)));

    private static double Length(double[] x) => Math.Sqrt(x.Sum(a => a * a));

    private static double[][] Units(Tensor maps) => [.. maps.ToDoubles().Chunk((int)(maps.Count / maps.Dims[1]))];

    private Objective Of(string name) => name switch
    {
        "position" => Objective.Of(new UnitTerm(Second, 1) { Position = new(3, 1) }),
        "layer" => Objective.WholeLayer(Second),
        "direction" => Objective.Direction(Second, Toward),
        "direction, cosine" => Objective.Direction(Second, Toward, 1),
        "direction, cosine cubed, at a position" => Objective.Of(new DirectionTerm(Second, Toward, 3) { Position = new(1, 2) }),
        "direction, rms" => Objective.Of(new DirectionTerm(Second, Toward, 0, Reduction.Rms)),
        "units and a unit before" => (0.7f * Objective.Unit(Second, 1)) + (0.3f * Objective.Unit(Second, 4)) - (Objective.Unit(First, 3) * 2),
        _ => Objective.Unit(Second, 1, Enum.Parse<Reduction>(name, ignoreCase: true)),
    };

    private void Refused(string why, Objective objective)
    {
        var refused = Assert.Throws<OnnxVizException>(() => Value(objective));
        Assert.Equal(Fault.Input, refused.Fault);
        Assert.Contains(why, refused.Message);
    }

    private double Difference(Objective objective, double[] way)
    {
        const double step = 1.0 / 128;
        return (Moved(step) - Moved(-step)) / (2 * step);

        double Moved(double by) => Found(
            [objective], Plain, TinyTensors.Of(ElementType.Float, [.. Start.ToDoubles().Zip(way, (x, w) => x + (by * w))], Start.Dims))[0].Objective;
    }

    private double Value(Objective objective) => Found([objective], Plain, Start)[0].Objective;

    private IReadOnlyList<Maximization> Found(IReadOnlyList<Objective> objectives, MaximizeOptions options, Tensor start) => ActivationMaximization.Run(
        _model, [.. objectives.Select(o => new MaximizationGoal(o))], options with { Init = new Initialization { Array = start } }, OneThread);
}
