using OnnxViz.Imaging;
using OnnxViz.Models;
using Xunit;

namespace OnnxViz.Tests.Models;

/// <summary>Bytes become the same numbers as the picture that they are.</summary>
public class ByteRowsTests
{
    private static readonly PictureConventions Gray = new() { Channels = 1, Height = 5, Width = 7, Mean = [0.286f], Std = [0.353f] };

    private static readonly PictureConventions Colored =
        new() { Height = 5, Width = 7, Bgr = true, Low = -1, High = 1, Mean = [0.1f, 0.2f, 0.3f], Std = [0.5f, 0.6f, 0.7f] };

    public static TheoryData<int, bool, bool> Cases => new() { { 1, false, false }, { 1, true, false }, { 1, true, true }, { 3, true, false }, { 3, true, true } };

    [Theory]
    [MemberData(nameof(Cases))]
    public void As_the_picture(int channels, bool isColored, bool isLast)
    {
        var c = (isColored ? Colored : Gray) with { ChannelsLast = isLast };
        var samples = new byte[channels * 35];
        new Random(3).NextBytes(samples);
        var image = new Image(7, 5);
        for (var i = 0; i < 35; i++)
            for (var k = 0; k < 3; k++) image.Pixels[(3 * i) + k] = samples[((channels == 1 ? 0 : k) * 35) + i];
        var row = new float[c.Channels * 35];
        ByteRows.For(c, channels, new PixelSize(5, 7))!.Fill(samples, row);
        Assert.Equal(c.ToTensor(c.Frame(image)).ToFloats(), row);
    }

    [Fact]
    public void What_has_to_be_resized_or_made_gray_is_left_to_others()
    {
        Assert.Null(ByteRows.For(Gray, 1, new PixelSize(7, 5)));
        Assert.Null(ByteRows.For(Gray, 3, new PixelSize(5, 7)));
        Assert.Null(ByteRows.For(Gray with { Fit = PictureFit.ShortSideCrop }, 1, new PixelSize(5, 7)));
    }
}
