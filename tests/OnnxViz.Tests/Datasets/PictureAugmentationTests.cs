using OnnxViz.Datasets;
using OnnxViz.Imaging;
using Xunit;

namespace OnnxViz.Tests.Datasets;

public class PictureAugmentationTests
{
    private static readonly PixelSize _size = new(2, 3);

    [Fact]
    public void A_flip_mirrors_every_row_of_every_channel()
    {
        byte[] chw = [1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16];
        PictureAugmentation.Flip(chw, _size.Width);
        Assert.Equal<byte>([3, 2, 1, 6, 5, 4, 13, 12, 11, 16, 15, 14], chw);
    }

    [Theory]
    [InlineData(0, 0, new byte[] { 1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16 })]
    [InlineData(1, 0, new byte[] { 2, 3, 0, 5, 6, 0, 12, 13, 0, 15, 16, 0 })]
    [InlineData(-2, 0, new byte[] { 0, 0, 1, 0, 0, 4, 0, 0, 11, 0, 0, 14 })]
    [InlineData(0, 1, new byte[] { 4, 5, 6, 0, 0, 0, 14, 15, 16, 0, 0, 0 })]
    [InlineData(1, -1, new byte[] { 0, 0, 0, 2, 3, 0, 0, 0, 0, 12, 13, 0 })]
    [InlineData(4, 0, new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData(0, -4, new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 })]
    public void A_move_lets_black_in_and_no_other_channel(int dx, int dy, byte[] expected)
    {
        byte[] source = [1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16];
        var target = Enumerable.Repeat((byte)99, source.Length).ToArray();
        PictureAugmentation.Move(source, target, _size, dx, dy);
        Assert.Equal(expected, target);
    }

    [Fact]
    public void Every_offset_and_both_sides_occur_equally_often()
    {
        const int draws = 8100;
        var size = new PixelSize(32, 32);
        var (source, scratch) = (new byte[32 * 32], new byte[32 * 32]);
        var found = new Dictionary<(int, int, bool), int>();
        for (var i = 0; i < draws; i++)
        {
            // Two marks near the middle tell where the picture went and whether it was mirrored.
            source.AsSpan().Clear();
            (source[(15 * 32) + 15], source[(15 * 32) + 16]) = (1, 2);
            PictureAugmentation.Apply(source, scratch, size, Augmentation.FlipCrop, new CounterRandom(3, (ulong)i));
            var (one, two) = (Array.IndexOf<byte>(source, 1), Array.IndexOf<byte>(source, 2));
            var isMirrored = two < one;
            var key = (one / 32, isMirrored ? 31 - (one % 32) : one % 32, isMirrored);
            found[key] = found.GetValueOrDefault(key) + 1;
        }

        Assert.Equal(9 * 9 * 2, found.Count);
        // 50 expected, 7 is the deviation.
        Assert.All(found.Values, n => Assert.InRange(n, 20, 85));
        Assert.Equal((11, 19), (found.Keys.Min(k => k.Item1), found.Keys.Max(k => k.Item1)));
    }

    [Theory]
    [InlineData(100, 50)]
    [InlineData(50, 100)]
    [InlineData(7, 7)]
    [InlineData(1, 1)]
    [InlineData(1000, 2)]
    public void Parts_lie_within_the_picture_and_are_large_enough(int width, int height)
    {
        for (var i = 0; i < 200; i++)
        {
            var (x, y, w, h) = PictureAugmentation.Part(width, height, new CounterRandom(1, (ulong)i));
            Assert.True(x >= 0 && y >= 0 && w > 0 && h > 0 && x + w <= width && y + h <= height, $"{x},{y} {w}x{h}");
            if (Math.Min(width, height) >= 50) Assert.InRange(w * h / (double)(width * height), 0.24, 1);
        }
    }
}
