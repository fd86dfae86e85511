using OnnxViz.Imaging;
using OnnxViz.Imaging.Segmentation;
using Xunit;

namespace OnnxViz.Tests.Imaging;

public class GraphCutTests
{
    private const int Side = 96;

    /// <summary>A two-coloured object on a noisy two-coloured ground; saliency knows only roughly where it is.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void An_object_is_found_from_a_rough_map(int seed)
    {
        var random = new Random(seed);
        var (picture, truth, saliency) = (new Image(Side, Side), new bool[Side * Side], new float[Side * Side]);
        for (var i = 0; i < truth.Length; i++)
        {
            var (y, x) = Math.DivRem(i, Side);
            truth[i] = Math.Pow((x - 52) / 26.0, 2) + Math.Pow((y - 44) / 20.0, 2) < 1;
            byte[] color = truth[i]
                ? x < 52 ? [200, 60, 40] : [210, 160, 40]
                : y < 60 ? [70, 110, 160] : [80, 130, 70];
            for (var c = 0; c < 3; c++) picture.Pixels[(3 * i) + c] = (byte)Math.Clamp(color[c] + random.Next(-25, 26), 0, 255);
            saliency[i] = (float)(random.NextDouble() * (truth[i] ? 1 : 0.35));
        }

        var found = GraphCut.Segment(picture, saliency);
        Assert.InRange(found.IntersectionOverUnion(new PixelMask(Side, Side, truth)), 0.9, 1);
        Assert.InRange(found.Box!.Value.X, 24, 30);
    }

    [Fact]
    public void Of_two_pieces_the_larger_one_is_kept()
    {
        var pixels = Enumerable.Range(0, 8 * 4).Select(i => i % 8 is 0 or > 4).ToArray();
        var mask = new PixelMask(8, 4, pixels).LargestComponent();
        Assert.Equal((5, 0, 3, 4), mask.Box);
        Assert.Equal(12.0 / 32, mask.Area);
    }

    [Fact]
    public void A_map_that_says_nothing_gives_no_object()
    {
        var mask = GraphCut.Segment(new Image(16, 16), new float[256]);
        Assert.Null(mask.Box);
        Assert.Equal(0, mask.Area);
    }

    [Fact]
    public void In_one_colour_nothing_speaks_for_an_object()
    {
        var saliency = Enumerable.Range(0, 256).Select(i => (float)i).ToArray();
        Assert.Equal(0, GraphCut.Segment(new Image(16, 16), saliency).Area);
    }
}
