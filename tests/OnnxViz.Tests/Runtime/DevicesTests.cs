using OnnxViz.Maximize;
using OnnxViz.Runtime;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Runtime;

/// <summary>Work that devices share; here the CPU is several of them.</summary>
public class DevicesTests
{
    private static readonly RuntimeOptions Two = RuntimeOptions.Default with { Threads = 1, Further = [Device.Cpu] };

    [Fact]
    public void Results_come_in_the_order_of_the_parts_whoever_does_them()
    {
        using var bothStarted = new Barrier(2);
        var workers = 0;
        var results = OverDevices.Run(Two, Enumerable.Range(0, 6), _ => new Worker(Interlocked.Increment(ref workers)), (worker, part) =>
        {
            if (part < 2) bothStarted.SignalAndWait(TimeSpan.FromSeconds(30));
            // The first part is done last.
            if (part == 0) Thread.Sleep(200);
            return (part, worker.Number);
        }, default);
        Assert.Equal(Enumerable.Range(0, 6), results.Select(r => r.part));
        Assert.Equal(2, results.Select(r => r.Number).Distinct().Count());
    }

    [Fact]
    public void The_first_failure_ends_all_and_an_interruption_keeps_what_is_done()
    {
        var done = 0;
        Assert.Throws<InvalidOperationException>(() => OverDevices.Run(Two, Enumerable.Range(0, 1000), _ => new Worker(0), (_, part) =>
        {
            if (part == 1) throw new InvalidOperationException();
            Thread.Sleep(10);
            return Interlocked.Increment(ref done);
        }, default));
        Assert.InRange(done, 0, 5);
        using var cancellation = new CancellationTokenSource();
        var found = OverDevices.Run(Two, Enumerable.Range(0, 1000), _ => new Worker(0), (_, part) =>
        {
            if (part == 3) cancellation.Cancel();
            return part;
        }, cancellation.Token);
        Assert.InRange(found.Count, 4, 6);
    }

    [Fact]
    public void Pictures_are_the_same_however_many_devices_share_them()
    {
        using var model = ReferenceAnswers.OpenModel("vgg16-body.onnx");
        var layer = model.Layers.Find("conv1_2");
        var options = new MaximizeOptions { Steps = 3, Height = 32, Width = 32 };
        var one = ActivationMaximization.Run(model, layer, [4, 1, 7, 3, 9], options, Two with { Further = [] });
        var steps = new List<int>();
        var two = ActivationMaximization.Run(model, layer, [4, 1, 7, 3, 9], options, Two, new Relay<MaximizationProgress>(p => steps.Add(p.Step)));
        Assert.Equal(one.Select(m => m.Unit), two.Select(m => m.Unit));
        foreach (var (a, b) in one.Zip(two)) Near.Each("picture", a.Input.ToDoubles(), b.Input.ToDoubles(), 1e-3);
        Assert.Equal(6, steps.Count);
    }

    [Theory]
    [InlineData("cuda:0,0")]
    [InlineData("cuda,1")]
    [InlineData("cpu,1")]
    [InlineData("cuda:0,x")]
    [InlineData("cuda:0,")]
    public void Lists_of_devices_that_mean_nothing_are_refused(string text) =>
        Assert.Contains("Device", Assert.Throws<OnnxVizException>(() => Device.ParseAll(text)).Argument, StringComparison.Ordinal);

    private sealed record Worker(int Number) : IDisposable
    {
        public void Dispose()
        {
        }
    }
}
