using OnnxViz.Deconv;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Maximize;
using OnnxViz.Models;
using OnnxViz.Objectives;
using OnnxViz.Onnx;
using OnnxViz.Optimize;
using OnnxViz.Optimize.Parameterizations;
using OnnxViz.Optimize.Transforms;
using OnnxViz.Runtime;
using OnnxViz.Saliency;
using OnnxViz.Tests.Autodiff;
using OnnxViz.Tests.Saliency;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Runtime;

/// <summary>The same numbers on a GPU as on the CPU.</summary>
public class CudaTests
{
    /// <summary>Sums are in another order there, in float32 on both sides.</summary>
    private const double Rounding = 1e-4;

    public static TheoryData<string> Methods() => [.. SaliencyMethod.All.Select(m => m.Word)];

    [SkippableFact]
    public void Every_gradient_of_an_operator_is_that_of_the_CPU()
    {
        var gpu = Cuda.Required();
        foreach (var row in CoverageTests.Rows())
        {
            var tested = CoverageTests.Case(row);
            // Of quantisers one side has no numbers that a gradient could belong to.
            if ((string)row["op"] is "QuantizeLinear" or "DequantizeLinear") continue;
            using var here = new TinyGraph(tested.Function, tested.Inputs, opset: tested.Opset);
            using var there = new TinyGraph(tested.Function, tested.Inputs, opset: tested.Opset, device: gpu);
            var random = new Random(7);
            var seeds = here.Outputs.Select(y => TinyTensors.Random(y.Type, random, y.Dims)).ToArray();
            foreach (var (expected, found) in here.Gradients(tested.Inputs, seeds).Zip(there.Gradients(tested.Inputs, seeds)))
                NearWhereDefined(tested.Text, expected.ToDoubles(), found.ToDoubles());
        }
    }

    /// <summary>Where rounding flips a ReLU the limit is that of PyTorch's own float32.</summary>
    [SkippableTheory]
    [MemberData(nameof(Methods))]
    public void A_networks_attribution_is_that_of_the_CPU(string method)
    {
        var gpu = Cuda.Required();
        var model = ReferenceAnswers.OpenModel("efficientnet-lite0.onnx");
        var input = TinyTensors.Random(ElementType.Float, new Random(3), [1, .. model.Input.Dims![1..]]);
        var target = ScoreTarget.OfClass(model, 282);
        var few = ToyModels.Method(method, ("masks", "64"));
        var expected = model.Explain(input, few, target).Attribution;
        var found = model.Explain(input, few, target, new RuntimeOptions(gpu)).Attribution;
        var error = ReferenceAnswers.RelativeError(found.As<float>(), expected.As<float>());
        Assert.True(error <= 2e-2, $"{method}: relative L2 {error:e2}");
    }

    [SkippableFact]
    public void A_few_steps_of_maximization_are_those_of_the_CPU()
    {
        var gpu = Cuda.Required();
        var model = ReferenceAnswers.OpenModel("vgg16-body.onnx");
        var options = new MaximizeOptions { Param = ParameterKind.Fourier, Steps = 3, Height = 48, Width = 48, Transforms = Transforms.Lucid };
        var layer = model.Layers.Find("conv3_3");
        var expected = ActivationMaximization.Run(model, layer, [5, 20], options, RuntimeOptions.Default);
        var found = ActivationMaximization.Run(model, layer, [5, 20], options, new RuntimeOptions(gpu));
        foreach (var (e, f) in expected.Zip(found)) Assert.InRange(f.Objective / e.Objective, 0.98, 1.02);
    }

    /// <summary>Recorded or not, whichever way convolutions run, and shared by two threads.</summary>
    [SkippableFact]
    public void Steps_do_the_same_however_they_are_run()
    {
        var gpu = new RuntimeOptions(Cuda.Required()) { Plans = new(_ => null, (_, _) => { }), Precision = Precision.Float32 };
        using var model = ReferenceAnswers.OpenModel("vgg16-body.onnx");
        var layer = model.Layers.Find("conv3_3");
        var options = new MaximizeOptions { Param = ParameterKind.Fourier, Steps = 6, Height = 64, Width = 64, RedirectSteps = 2 };
        var expected = Run(gpu with { Captures = false, TriesPlans = false });
        foreach (var plan in StepPlan.For(model.Graph))
            Compare($"{plan}", Run(gpu with { Plan = plan, Captures = false, TriesPlans = false }));
        var recorded = gpu with { TriesPlans = false, Notes = new() };
        Compare("recorded", Run(recorded));
        Assert.Null(recorded.CaptureFault);
        var tried = gpu with { Notes = new() };
        Compare("tried", Run(tried));
        Assert.Null(tried.CaptureFault);
        Assert.All(tried.Notes.Plans, p => Assert.EndsWith("recorded", p, StringComparison.Ordinal));
        Compare("shared", Run(gpu with { Further = [gpu.Device], Notes = new() }));
        Compare("tf32", Run(gpu with { Precision = Precision.Tf32, Notes = new() }), 0.1);

        IReadOnlyList<Maximization> Run(RuntimeOptions runtime) => ActivationMaximization.Run(model, layer, [5, 20, 3, 9], options, runtime);

        void Compare(string name, IReadOnlyList<Maximization> found, double limit = 0.02)
        {
            foreach (var (e, f) in expected.Zip(found)) Assert.True(Math.Abs(f.Objective / e.Objective - 1) <= limit, $"{name}: {f.Objective}, not {e.Objective}");
        }
    }

    /// <summary>Within one step there is no place for rounding to grow.</summary>
    [SkippableFact]
    public void One_recorded_step_is_the_CPUs()
    {
        var gpu = new RuntimeOptions(Cuda.Required()) { Plans = new(_ => null, (_, _) => { }), Precision = Precision.Float32, Notes = new() };
        using var model = ReferenceAnswers.OpenModel("efficientnet-lite0.onnx");
        var options = new MaximizeOptions { Param = ParameterKind.Tensor, Optimizer = OptimizerKind.Sgd, LearningRate = 1e3, Steps = 1, RedirectSteps = 0, Restarts = 0, Transforms = Transforms.None, Height = 224, Width = 224 };
        var layer = ClassOutput.Of(model);
        var expected = ActivationMaximization.Run(model, layer, [282], options, RuntimeOptions.Default)[0].Input;
        var found = ActivationMaximization.Run(model, layer, [282], options, gpu)[0].Input;
        Assert.InRange(ReferenceAnswers.RelativeError(found.As<float>(), expected.As<float>()), 0, 1e-3);
        Assert.Null(gpu.CaptureFault);
    }

    [SkippableFact]
    public void A_GPU_has_a_name_and_memory()
    {
        var gpu = Cuda.Required();
        Assert.Contains(DeviceMemory.NameOf(gpu.Index), char.IsLetter);
        Assert.InRange(DeviceMemory.Of(gpu), 1L << 30, 1L << 40);
    }

    [SkippableTheory]
    [InlineData("overlapping")]
    [InlineData("padded")]
    public void A_deconvnet_projects_what_it_projects_on_the_CPU(string name)
    {
        var runtime = new RuntimeOptions(Cuda.Required());
        var model = VisionModel.Load(Repository.Fixture($"deconv/{name}.onnx"), ModelCatalog.Open(Repository.Carried("")));
        var (layer, input) = (model.Graph.Outputs[0], NpyFile.Load(Repository.Fixture($"deconv/{name}.input.npy")));
        int[] units = [.. NpyFile.Load(Repository.Fixture($"deconv/{name}.units.npy")).ToFloats().Select(u => (int)u)];
        using var peaks = new UnitPeaks(model, layer, input.Dims, runtime, units);
        var positions = peaks.Of(input).Positions;
        var found = Deconvnet.Project(model, layer, input.Dims, [.. units.Select((u, i) => new DeconvTarget(() => input, u, (int)positions[i]))], runtime);
        Near.Each(name, NpyFile.Load(Repository.Fixture($"deconv/{name}.single.npy")).ToDoubles(), Tensors.Stack([.. found]).ToDoubles(), Rounding);
    }

    /// <summary>Not every operator takes every number of the cases: a logarithm has no negative ones.</summary>
    private static void NearWhereDefined(string name, double[] expected, double[] found)
    {
        var defined = Enumerable.Range(0, expected.Length).Where(i => double.IsFinite(expected[i])).ToArray();
        Near.Each(name, [.. defined.Select(i => expected[i])], [.. defined.Select(i => found[i])], Rounding, seed: 7);
    }
}
