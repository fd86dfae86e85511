using OnnxViz.Graphs.Emit;
using OnnxViz.Imaging;
using OnnxViz.Imaging.Resample;
using Xunit;

namespace OnnxViz.Tests.Imaging;

public class ImageOpsTests
{
    [Fact]
    public void Crop_takes_the_rectangle()
    {
        Image cropped = ImageOps.Crop(Numbered(5, 4), 2, 1, 3, 2);

        Assert.Equal([12, 13, 14, 22, 23, 24], cropped.Pixels.Where((_, i) => i % 3 == 0).Select(value => (int)value));
    }

    [Theory]
    [InlineData(5, 4, 2, 2, 11)]
    [InlineData(5, 4, 3, 3, 1)]
    [InlineData(5, 4, 5, 4, 0)]
    public void CenterCrop_rounds_its_offset_down(int width, int height, int cropWidth, int cropHeight, int first) =>
        Assert.Equal(first, ImageOps.CenterCrop(Numbered(width, height), cropWidth, cropHeight).Pixels[0]);

    [Theory]
    [InlineData(3, 0, 3, 1)]
    [InlineData(-1, 0, 2, 1)]
    [InlineData(0, 4, 1, 1)]
    public void Crop_outside_is_an_error(int x, int y, int width, int height) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageOps.Crop(Numbered(5, 4), x, y, width, height));

    [Theory]
    [InlineData(451, 300, 256, 385, 256)] // chelsea.png
    [InlineData(300, 451, 256, 256, 385)]
    [InlineData(16, 4, 2, 8, 2)]
    [InlineData(5, 4, 2, 2, 2)] // 2.5 goes to even
    [InlineData(7, 4, 2, 4, 2)] // 3.5 too
    public void ResizeShortSide_keeps_the_shape(int width, int height, int side, int newWidth, int newHeight)
    {
        Image resized = ImageOps.ResizeShortSide(new Image(width, height), side, ResampleFilter.Bilinear);

        Assert.Equal((newWidth, newHeight), (resized.Width, resized.Height));
    }

    /// <summary>Every pixel's channels are 10 * y + x.</summary>
    private static Image Numbered(int width, int height)
    {
        Image image = new(width, height);
        for (int i = 0; i < image.Pixels.Length; i++)
        {
            image.Pixels[i] = (byte)((10 * (i / 3 / width)) + (i / 3 % width));
        }

        return image;
    }
}
