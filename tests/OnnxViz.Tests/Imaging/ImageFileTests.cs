using System.Text;
using OnnxViz.Imaging;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Imaging;

public class ImageFileTests
{
    [Fact]
    public void The_content_decides_not_the_name()
    {
        using TemporaryFolder folder = new();
        folder.Write("picture.jpg", PngWriter.Encode(new Image(3, 2)));

        Image image = ImageFile.Load(folder["picture.jpg"]);

        Assert.Equal((3, 2), (image.Width, image.Height));
    }

    [Fact]
    public void Hands_JPEG_to_its_reader() =>
        Assert.Contains("JPEG", Refuses(() => ImageFile.Decode([0xFF, 0xD8, 0xFF, 0xE0], "cut.jpg"), "cut.jpg"));

    [Theory]
    [InlineData("")]
    [InlineData("GIF89a")]
    [InlineData("just text")]
    public void Refuses_what_is_no_picture(string content) =>
        Assert.Contains(
            "PNG and JPEG are read", Refuses(() => ImageFile.Decode(Encoding.ASCII.GetBytes(content), "notes.txt"), "notes.txt"));

    [Fact]
    public void Names_what_is_missing_or_a_folder()
    {
        using TemporaryFolder folder = new();

        Assert.Contains("does not exist", Refuses(() => ImageFile.Load(folder["none.png"]), "none.png"));
        Assert.Contains("does not exist", Refuses(() => ImageFile.Load(folder["none/none.png"]), "none.png"));
        Assert.Contains("it is a folder", Refuses(() => ImageFile.Load(folder.Path), folder.Path));
        Refuses(() => ImageFile.Load(""), "''");
    }

    private static string Refuses(Func<Image> read, string name)
    {
        OnnxVizException error = Assert.Throws<OnnxVizException>(read);
        Assert.Equal(Fault.Input, error.Fault);
        Assert.Contains(name, error.Message);
        Assert.DoesNotContain('\n', error.Message);
        return error.Message;
    }
}
