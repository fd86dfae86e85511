using OnnxViz.Graphs.Emit;
using OnnxViz.Imaging;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Imaging;

public class ColorMapTests
{
    [Theory]
    [InlineData("viridis")]
    [InlineData("jet")]
    [InlineData("seismic")]
    [InlineData("RdBu")]
    [InlineData("gray")]
    public void Colors_are_those_of_matplotlib(string name)
    {
        float[] ramp = [.. Enumerable.Range(0, 256).Select(i => i / 255f)];

        byte[] colors = ColorMap.Find(name)!.Apply(ramp, 256, 1, 0, 1).Pixels;

        byte[] expected = File.ReadAllBytes(Repository.Fixture($"imaging/colors/{name}.rgb"));
        // One level: matplotlib cuts where we round.
        Assert.All(colors.Zip(expected), pair => Assert.InRange(pair.First - pair.Second, 0, 1));
    }

    [Fact]
    public void Ends_middle_and_outside()
    {
        float[] map = [-9, -2, 0, 2, 9, float.NegativeInfinity, float.PositiveInfinity, float.NaN];

        byte[] colors = ColorMap.Seismic.Apply(map, 8, 1, -2, 2).Pixels;

        (byte, byte, byte)[] pixels = [.. colors.Chunk(3).Select(c => (c[0], c[1], c[2]))];
        (byte, byte, byte) low = (0, 0, 76), white = (255, 253, 253), high = (128, 0, 0), magenta = (255, 0, 255);
        Assert.Equal([low, low, white, high, high, low, high, magenta], pixels);
    }

    [Fact]
    public void Reversed_swaps_the_ends()
    {
        ColorMap map = ColorMap.Find("rdbu_R")!;

        Assert.Equal("RdBu_r", map.Name);
        Assert.Equal("RdBu", map.Reversed().Name);
        Assert.Equal(ColorMap.RdBu.At(1), map.At(0));
        Assert.Equal(ColorMap.RdBu.At(0.25f), map.At(1 - 0.25f - (1 / 256f)));
    }

    [Fact]
    public void Unknown_names_are_not_found() => Assert.Null(ColorMap.Find("rainbow"));

    [Fact]
    public void An_empty_range_takes_the_low_color() =>
        Assert.Equal(ColorMap.Viridis.At(0), First(ColorMap.Viridis.Apply([3f, 3f], 2, 1, MapRange.MinMax([3f, 3f]))));

    [Fact]
    public void Refuses_a_map_of_another_size() =>
        Assert.Throws<ArgumentException>(() => ColorMap.Gray.Apply(new float[5], 2, 2, 0, 1));

    private static (byte, byte, byte) First(Image image) => (image.Pixels[0], image.Pixels[1], image.Pixels[2]);
}
