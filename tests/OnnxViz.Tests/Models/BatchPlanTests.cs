using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Models;
using OnnxViz.Models.Batches;
using OnnxViz.Runtime;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Models;

/// <summary>Rows of batches on machines that are made up.</summary>
public class BatchPlanTests
{
    private const long Plenty = 1L << 40;

    /// <summary>30 MB and 10 MB.</summary>
    private static readonly Value[] Activations =
    [
        new("large") { Type = ElementType.Float, Dims = [1, 30, 500, 500] }, new("small") { Type = ElementType.Float, Dims = [1, 10, 500, 500] },
        new("unknown") { Type = ElementType.Float, Dims = [1, -1, 500, 500] },
    ];

    [Theory]
    [InlineData(DeviceKind.Cpu, Plenty, 8)]
    [InlineData(DeviceKind.Cuda, Plenty, 64)]
    // Half of it holds 4 times the largest activation so often.
    [InlineData(DeviceKind.Cpu, 1_200_000_000, 5)]
    [InlineData(DeviceKind.Cuda, 1_200_000_000, 5)]
    [InlineData(DeviceKind.Cpu, 1, 1)]
    public void Pictures_go_forward(DeviceKind kind, long memory, int rows) => Assert.Equal(rows, new BatchPlan(kind, memory).Pictures(Activations, 8, 64));

    [Theory]
    [InlineData(DeviceKind.Cpu, Plenty, false, 1)]
    [InlineData(DeviceKind.Cpu, Plenty, true, 1)]
    [InlineData(DeviceKind.Cuda, Plenty, false, 33)]
    [InlineData(DeviceKind.Cuda, Plenty, true, 50)]
    [InlineData(DeviceKind.Cuda, 1_000_000_000, true, 6)]
    [InlineData(DeviceKind.Cuda, 320_000_000, true, 2)]
    [InlineData(DeviceKind.Cpu, 1, true, 1)]
    public void Variants_of_a_picture(DeviceKind kind, long memory, bool hasGradient, int rows) =>
        Assert.Equal(rows, new BatchPlan(kind, memory).Variants(Activations, hasGradient, 9600));

    /// <summary>Those of small networks fit into a CPU's caches, several at a time.</summary>
    [Theory]
    [InlineData(1_000_000, 3)]
    [InlineData(100_000, 16)]
    public void Variants_of_a_small_picture(long bytes, int rows) =>
        Assert.Equal(rows, new BatchPlan(DeviceKind.Cpu, Plenty).Variants([new GraphBuilder("small").Input("x", ElementType.Float, bytes)], hasGradient: true, 9600));

    [Theory]
    [InlineData(Plenty, 100, 1, 4)]
    [InlineData(Plenty, 3, 1, 3)]
    // In batches of nearly the same size.
    [InlineData(Plenty, 6, 1, 3)]
    [InlineData(320_000_000, 100, 1, 2)]
    [InlineData(1_600_000_000, 100, 20, 1)]
    public void Pictures_go_forward_and_backward(long memory, int count, int views, int rows) =>
        Assert.Equal(rows, new BatchPlan(DeviceKind.Cpu, memory).Optimized(Activations, count, views));

    /// <summary>On an H100 the units of conv4_3 whose pictures go together at the default size, and what two GPUs share.</summary>
    [Theory]
    [InlineData(80e9, 48, 48)]
    [InlineData(80e9, 128, 128)]
    [InlineData(80e9, 512, 128)]
    [InlineData(6e9, 48, 26)]
    public void A_gpu_takes_what_fits_into_its_free_memory(double memory, int count, int rows)
    {
        using var model = ReferenceAnswers.OpenModel("vgg16-body.onnx");
        var forward = ShapedModels.Of(model, [1, 3, 160, 160], model.Layers.Find("conv4_3"));
        Assert.Equal(rows, new BatchPlan(DeviceKind.Cuda, (long)memory).Optimized(forward.Activations, count));
    }

    [Fact]
    public void A_layer_without_activations_takes_all_rows() => Assert.Equal(7, new BatchPlan(DeviceKind.Cpu, Plenty).Optimized([], 7));

    [Fact]
    public void Of_small_activations_more_go_together() =>
        Assert.Equal(50, new BatchPlan(DeviceKind.Cpu, Plenty).Optimized([new("tiny") { Type = ElementType.Float, Dims = [1, 10, 25, 25] }], 100));

    [Theory]
    // 64 kernels of 64 x 3 x 3 over 224 x 224: 1.85e9 products a picture.
    [InlineData(DeviceKind.Cpu, 1, 4)]
    [InlineData(DeviceKind.Cpu, 5, 2)]
    [InlineData(DeviceKind.Cuda, 1, 100)]
    public void No_convolution_takes_so_long_that_an_interruption_waits(DeviceKind kind, int views, int rows)
    {
        var b = new GraphBuilder("conv");
        b.Emit("Conv", [b.Input("x", ElementType.Float, 1, 64, 224, 224), b.Constant(Tensor.Of(new float[64 * 64 * 9], 64, 64, 3, 3))], ("pads", new long[] { 1, 1, 1, 1 }));
        Assert.Equal(rows, new BatchPlan(kind, 1L << 50).Optimized([.. b.Graph.Nodes.SelectMany(n => n.Outputs)], 100, views));
    }

    [Theory]
    [InlineData(10, 4, 4)]
    [InlineData(9, 4, 3)]
    [InlineData(17, 16, 9)]
    [InlineData(3, 16, 3)]
    public void Runs_are_of_nearly_the_same_size(int count, int most, int rows) => Assert.Equal(rows, BatchPlan.Even(count, most));

    [Fact]
    public void The_machine_tells_its_memory() => Assert.InRange(DeviceMemory.Of(Device.Cpu), 1L << 28, long.MaxValue);

    [Fact]
    public void A_gpu_that_does_not_tell_counts_as_a_small_one() => Assert.InRange(DeviceMemory.Of(new Device(DeviceKind.Cuda, 99)), 1L << 30, 16L << 30);
}
