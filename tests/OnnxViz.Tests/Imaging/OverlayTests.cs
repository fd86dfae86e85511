using OnnxViz.Graphs.Emit;
using OnnxViz.Imaging;
using Xunit;

namespace OnnxViz.Tests.Imaging;

public class OverlayTests
{
    private static readonly Image _picture = new(2, 1, [100, 0, 255, 100, 0, 255]);
    private static readonly Image _heat = new(2, 1, [200, 255, 0, 200, 255, 0]);

    [Theory]
    [InlineData(0f, 100, 0, 255)]
    [InlineData(1f, 200, 255, 0)]
    [InlineData(0.5f, 150, 128, 128)]
    public void Blends_by_alpha(float alpha, byte red, byte green, byte blue) =>
        Assert.Equal([red, green, blue, red, green, blue], Overlay.Blend(_picture, _heat, alpha).Pixels);

    [Fact]
    public void Strength_lets_the_picture_through() =>
        Assert.Equal([100, 0, 255, 150, 128, 128], Overlay.Blend(_picture, _heat, 0.5f, [0, 1]).Pixels);

    [Fact]
    public void Refuses_another_size() => Assert.Throws<ArgumentException>(() => Overlay.Blend(_picture, new Image(1, 2), 0.5f));
}
