using OnnxViz.Models;
using OnnxViz.Objectives;
using OnnxViz.Runtime;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Objectives;

public sealed class UnitPeaksTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Of a convolution, rectified or not, the other units are not computed; of a sum of branches they are.</summary>
    [Theory]
    [InlineData("first_conv")]
    [InlineData("first")]
    [InlineData("second")]
    [InlineData("third_conv")]
    [InlineData("sum")]
    [InlineData("scores")]
    public void Some_units_have_the_numbers_that_they_have_among_all(string layer)
    {
        using var model = VisionModel.Open(SmallClassifier.Save(_folder["net.onnx"], dims: [-1, 3, 24, 24]));
        var value = model.Layers.Find(layer);
        var input = ColorMixer.Picture(4, 24, 24);
        using var all = new UnitPeaks(model, value, input.Dims, RuntimeOptions.Default);
        using var some = new UnitPeaks(model, value, input.Dims, RuntimeOptions.Default, [7, 2]);
        var (activations, positions) = all.Of(input);
        var (few, places) = some.Of(input);
        Assert.Equal([activations.ToFloats()[7], activations.ToFloats()[2]], few.ToFloats());
        Assert.Equal([positions[7], positions[2]], places);
    }

    public void Dispose() => _folder.Dispose();
}
