using OnnxViz.Evolve;
using OnnxViz.Models;
using OnnxViz.Top;
using Xunit;

namespace OnnxViz.Tests.Evolve;

public class MovementTests
{
    [Fact]
    public void Cosine_and_overlap_are_those_of_the_formulas()
    {
        var movement = Movement.Between(Of([3, 4], 1, 2, 3), Of([4, 3], 2, 3, 7));
        Assert.Equal(24.0 / 25, movement.Cosine!.Value, 12);
        Assert.Equal(2.0 / 4, movement.Overlap, 12);
        Assert.Equal(1, Movement.Between(Of([3, 4], 1, 2), Of([6, 8], 2, 1)).Cosine!.Value, 12);
        Assert.Null(Movement.Between(Of(null, 1), Of([1], 1)).Cosine);
        Assert.Null(Movement.Between(Of([0, 0], 1), Of([1, 1], 1)).Cosine);
        Assert.Equal(0, Movement.Between(Of(null, 1), Of(null, 2)).Overlap);
    }

    [Fact]
    public void A_unit_has_the_kernel_of_its_layer_whatever_follows_it()
    {
        using var run = new TinyRun("epoch-0000");
        using var model = VisionModel.Open(run.Run.ModelOf(0));
        var conv = model.Layers.Find("conv1").Producer!.Required(1).Constant!.ToFloats();
        foreach (var layer in new[] { "conv1", "relu1", "pool1" })
        {
            var kernels = UnitKernels.Of(model, model.Layers.Find(layer), [4, 0])!;
            Assert.Equal(conv[36..45], kernels[0]);
            Assert.Equal(conv[..9], kernels[1]);
        }

        // Gemm has its units across.
        var linear = model.Layers.Find("scores").Producer!.Required(1).Constant!.ToFloats();
        Assert.Equal(Enumerable.Range(0, 20).Select(i => linear[(10 * i) + 3]), UnitKernels.Of(model, model.Layers.Find("scores"), [3])![0]);
        Assert.Null(UnitKernels.Of(model, model.Input, [0]));
    }

    private static UnitFindings Of(float[]? kernel, params int[] pictures) =>
        new(0, [.. pictures.Select(p => new TopEntry(p, 0, 1))], [], null, null, null, kernel);
}
