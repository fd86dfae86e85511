using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Maximize;
using OnnxViz.Optimize.Parameterizations;
using OnnxViz.Runtime;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Runtime;

/// <summary>Steps as they are run on a GPU, in the host's memory.</summary>
public class StepSessionTests
{
    private static readonly StepState[] States = [new("a", "a_next", Tensor.Of([1f, 2, 3], 3)), new("n", "n_next", Tensor.Scalar(0f))];

    /// <summary>Which remembers nothing.</summary>
    private static readonly QuickestChoice Choice = new(_ => null, (_, _) => { });

    private static readonly Dictionary<string, long[]> Reports = new() { ["sum"] = [1] };

    [Fact]
    public void Recorded_steps_do_what_bound_ones_do()
    {
        var queue = new HostQueue();
        using var session = new Session(Counting(), RuntimeOptions.Default);
        using (var bound = new StepLoop(session, States, Reports))
        using (var recorded = new CapturedSteps(session, queue, 1, States, Reports, new Dictionary<string, Tensor> { ["by"] = Tensor.Scalar(1f), ["times"] = Tensor.Of([1f, 1, 1], 3) }))
        {
            bound.Set("times", Tensor.Of([1f, 1, 1], 3));
            for (var step = 1; step <= 5; step++)
            {
                bound.Set("by", Tensor.Scalar((float)(step / 2)));
                recorded.Set("by", Tensor.Scalar((float)(step / 2)));
                if (step == 4) recorded.Set("times", Tensor.Of([2f, 1, 1], 3));
                if (step == 4) bound.Set("times", Tensor.Of([2f, 1, 1], 3));
                if (step == 5) bound.SetState("n", Tensor.Scalar(7f));
                if (step == 5) recorded.SetState("n", Tensor.Scalar(7f));
                bound.Step();
                recorded.Step(default);
                Assert.Equal(bound.Reported("sum"), recorded.Reported("sum"));
                foreach (var state in States) Assert.Equal(bound.State(state.Input).ToFloats(), recorded.State(state.Input).ToFloats());
            }

            Assert.Equal(8, recorded.State("n").ToFloats()[0]);
            Assert.Equal(2, queue.Blocks);
        }

        Assert.Equal(0, queue.Blocks);
    }

    [Fact]
    public void Inputs_that_stay_the_same_are_not_copied_again()
    {
        var queue = new HostQueue();
        using var session = new Session(Counting(), RuntimeOptions.Default);
        using var steps = new CapturedSteps(session, queue, 1, States, Reports, new Dictionary<string, Tensor> { ["by"] = Tensor.Scalar(1f), ["times"] = Tensor.Of([1f, 1, 1], 3) });
        steps.Step(default);
        var before = queue.Copies;
        steps.Set("by", Tensor.Scalar(1f));
        steps.Step(default);
        Assert.Equal(before + States.Length, queue.Copies);
        Assert.Throws<InvalidOperationException>(() => steps.Set("by", Tensor.Of([1f], 1)));
    }

    /// <summary>Trying leaves no trace in the states, and what was tried is let go of.</summary>
    [Fact]
    public void A_run_by_recorded_steps_finds_the_same_pictures_bit_for_bit()
    {
        using var model = ReferenceAnswers.OpenModel("vgg16-body.onnx");
        var layer = model.Layers.Find("conv2_2");
        foreach (var param in new[] { ParameterKind.Fourier, ParameterKind.Maco })
        {
            var queues = new List<HostQueue>();
            var options = new MaximizeOptions { Param = param, Steps = 4, Height = 40, Width = 40, RedirectSteps = 2 };
            var there = RuntimeOptions.Default with { Plans = Choice, Notes = new(), Queue = NewQueue };
            var expected = ActivationMaximization.Run(model, layer, [3, 9], options, RuntimeOptions.Default);
            var found = ActivationMaximization.Run(model, layer, [3, 9], options, there);
            foreach (var (e, f) in expected.Zip(found))
            {
                Assert.Equal(e.Input.ToFloats(), f.Input.ToFloats());
                Assert.Equal(e.Objective, f.Objective);
            }

            Assert.NotEmpty(queues);
            Assert.All(queues, q => Assert.True(q is { IsDisposed: true, Blocks: 0, Copies: > 0 }));
            Assert.Null(there.CaptureFault);
            Assert.NotEmpty(there.Notes.Plans);
            Assert.All(there.Notes.Plans, p => Assert.EndsWith("recorded", p, StringComparison.Ordinal));

            ICopyQueue NewQueue()
            {
                queues.Add(new HostQueue());
                return queues[^1];
            }
        }
    }

    [Fact]
    public void Where_nothing_can_be_recorded_steps_run_all_the_same()
    {
        var options = RuntimeOptions.Default with { Plans = Choice, Notes = new(), Queue = () => throw OnnxVizException.Machine("No such GPU.") };
        using var session = new StepSession(Counting(), options, 10);
        using var loop = new StepLoop(session, States, Reports);
        loop.Set("by", Tensor.Scalar(2f));
        loop.Set("times", Tensor.Of([1f, 1, 1], 3));
        Assert.Equal([1f, 2, 3], loop.State("a").ToFloats());
        loop.Step();
        Assert.Equal([3f, 4, 5], loop.State("a").ToFloats());
        Assert.Equal("No such GPU.", options.Notes.CaptureFault);
        Assert.Equal("heuristic", options.Notes.Plans.Single());
    }

    [Fact]
    public void Only_what_runs_as_it_stands_is_recorded()
    {
        var queues = 0;
        var options = RuntimeOptions.Default with { Plans = Choice, Notes = new(), Queue = () => throw new InvalidOperationException($"{queues++}") };
        var b = new GraphBuilder();
        var a = b.Input("a", ElementType.Float, 3);
        b.Output("a_next", b.Emit("Atan", [a]));
        b.Output("sum", b.ReduceSum(a, []));
        using var session = new StepSession(b.Build(), options, 10);
        using var loop = new StepLoop(session, [States[0]], Reports);
        loop.Step();
        Assert.Equal(MathF.Atan(2), loop.State("a").ToFloats()[1], 1e-6);
        Assert.Equal(0, queues);
    }

    private static Graph Counting()
    {
        var b = new GraphBuilder();
        var (a, n) = (b.Input("a", ElementType.Float, 3), b.Input("n", ElementType.Float));
        var next = b.Mul(b.Add(a, b.Input("by", ElementType.Float)), b.Input("times", ElementType.Float, 3));
        b.Output("a_next", next);
        b.Output("n_next", b.Add(n, b.Scalar(1)));
        b.Output("sum", b.Reshape(b.ReduceSum(next, [0]), 1));
        return b.Build();
    }
}
