using OnnxViz.Autodiff.Rules;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Maximize;
using OnnxViz.Models;
using OnnxViz.Onnx;
using OnnxViz.Optimize;
using OnnxViz.Optimize.Parameterizations;
using OnnxViz.Optimize.Transforms;
using OnnxViz.Runtime;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Maximize;

/// <summary>Units behind closed ReLUs: some can be woken, some only from another start, some never.</summary>
public sealed class DeadUnitTests : IDisposable
{
    private const int Side = 4;

    private const int Alive = 0;

    /// <summary>Responds to bright pictures, and starts from gray.</summary>
    private const int Asleep = 1;

    /// <summary>Responds to nothing that a picture can be.</summary>
    private const int Dead = 2;

    private static readonly RuntimeOptions OneThread = new(Device.Cpu, Threads: 1);

    private static readonly MaximizeOptions Options = MaximizeOptions.DefaultsFor(ParameterKind.Pixel) with
    {
        Height = Side,
        Width = Side,
        Steps = 60,
        LearningRate = 0.02,
        Transforms = Transforms.None,
        Regularization = new Regularization(),
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(MaximizeObjective.Mean)]
    [InlineData(MaximizeObjective.Rms)]
    [InlineData(MaximizeObjective.Max)]
    public void What_sleeps_is_woken_and_what_is_dead_is_called_so(MaximizeObjective objective)
    {
        var found = Run(Options with { Objective = objective }, Alive, Asleep, Dead);
        Assert.Equal([true, true, false], found.Select(f => f.Active));
        Assert.True(found[Asleep].Objective > 0.1, $"{found[Asleep].Objective}");
        Assert.Equal(0, found[Dead].Objective, 1e-6f);
        Assert.Equal([60, 60], found.Take(2).Select(f => f.Steps));
    }

    [Fact]
    public void Nothing_wakes_a_unit_when_it_is_not_to_be_woken()
    {
        var found = Run(Options with { RedirectSteps = 0, Restarts = 0 }, Asleep)[0];
        Assert.Equal((0, null), (found.Objective, found.Active));
    }

    /// <summary>Steps of the tensor are those of PyTorch's loop, whatever the units do.</summary>
    [Fact]
    public void The_tensor_is_left_alone()
    {
        var options = MaximizeOptions.DefaultsFor(ParameterKind.Tensor);
        Assert.Equal((0, 0), (options.RedirectSteps, options.Restarts));
    }

    [Fact]
    public void Neighbours_in_the_batch_make_no_difference()
    {
        var together = Run(Options, Alive, Asleep, Dead);
        foreach (var unit in new[] { Alive, Asleep, Dead })
        {
            var alone = Run(Options, unit)[0];
            Assert.Equal(alone.Active, together[unit].Active);
            Near.Each($"unit {unit}", alone.Input.ToDoubles(), together[unit].Input.ToDoubles(), 1e-6);
        }
    }

    [Fact]
    public void Another_start_finds_what_this_one_misses()
    {
        int Found(int restarts) => Enumerable.Range(0, 12).Count(seed => Run(
            Options with { Seed = (ulong)seed, Init = Initialization.Noise(0, 1), RedirectSteps = 0, Restarts = restarts, Steps = 2 }, Asleep)[0].Active == true);
        var (few, many) = (Found(1), Found(8));
        Assert.True(few < many && many >= 6, $"{few} of 12 after one restart, {many} after eight");
        Assert.Equal(many, Found(8));
    }

    [Fact]
    public void A_given_start_is_not_changed_by_restarts()
    {
        var init = new Initialization { Array = Tensor.Of(new float[3 * Side * Side], 1, 3, Side, Side) };
        var found = Run(Options with { Init = init, RedirectSteps = 0, Restarts = 3 }, Asleep)[0];
        Assert.Equal(false, found.Active);
        Assert.All(found.Input.ToFloats(), x => Assert.Equal(0, x));
    }

    /// <summary>Sums of all pixels less a threshold, behind a ReLU. Of gray it is 24, of noise 24 give or take 2, of white 48.</summary>
    private IReadOnlyList<Maximization> Run(MaximizeOptions options, params int[] units)
    {
        var path = _folder["sums.onnx"];
        if (!File.Exists(path))
        {
            var b = new GraphBuilder("sums");
            var weight = new float[3 * 3 * Side * Side];
            Array.Fill(weight, 1);
            var sum = b.Emit(
                "Conv", [b.Input("image", ElementType.Float, -1, 3, Side, Side), b.Constant(Tensor.Of(weight, 3, 3, Side, Side)), b.Constant(Tensor.Of([-20f, -26, -50], 3))],
                ("kernel_shape", new long[] { Side, Side }));
            b.Expose("units", b.Relu(sum));
            OnnxFile.Save(b.Build(), path);
        }

        var model = VisionModel.Load(path, ModelCatalog.Open());
        model = model.With(model.Conventions with { Mean = [0, 0, 0], Std = [1, 1, 1] });
        return ActivationMaximization.Run(model, model.Layers.Find("units"), units, options, OneThread);
    }
}
