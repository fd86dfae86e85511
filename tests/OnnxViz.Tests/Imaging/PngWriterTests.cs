using OnnxViz.Imaging;
using OnnxViz.Imaging.Files;
using Xunit;

namespace OnnxViz.Tests.Imaging;

public class PngWriterTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 17)]
    [InlineData(17, 1)]
    [InlineData(64, 48)]
    public void Comes_back_as_it_was(int width, int height)
    {
        Image image = Noise(width, height);

        Image back = ImageFile.Decode(PngWriter.Encode(image), "back.png");

        Assert.Equal((width, height), (back.Width, back.Height));
        Assert.Equal(image.Pixels, back.Pixels);
    }

    [Fact]
    public void Same_picture_same_bytes() => Assert.Equal(PngWriter.Encode(Noise(30, 20)), PngWriter.Encode(Noise(30, 20)));

    [Fact]
    public void Filters_pay_on_a_smooth_picture()
    {
        Image ramp = new(256, 64);
        for (int i = 0; i < ramp.Pixels.Length; i++)
        {
            ramp.Pixels[i] = (byte)((i / 3 % 256) + (i / 768));
        }

        Assert.InRange(PngWriter.Encode(ramp).Length, 1, 1000);
    }

    [Fact]
    public void Texts_come_back_in_order()
    {
        KeyValuePair<string, string>[] texts =
            [new("onnxviz", "{\"verb\":\"maximize\",\n\"unit\":25}"), new("Title", "α → 中 😀"), new("Title", ""), new("Comment", "café")];

        byte[] file = PngWriter.Encode(new Image(1, 1), texts);

        Assert.Equal(texts, PngText.Read(file));
        Assert.Equal(new byte[3], ImageFile.Decode(file, "text.png").Pixels);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" onnxviz")]
    [InlineData("a\nb")]
    [InlineData("中")]
    public void Refuses_keywords_that_PNG_does_not_allow(string key) =>
        Assert.Throws<ArgumentException>(() => PngWriter.Encode(new Image(1, 1), [new(key, "text")]));

    private static Image Noise(int width, int height)
    {
        Image image = new(width, height);
        new Random(width + height).NextBytes(image.Pixels);
        return image;
    }
}
