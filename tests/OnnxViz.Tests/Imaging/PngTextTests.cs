using OnnxViz.Graphs.Emit;
using OnnxViz.Imaging.Files;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Imaging;

public class PngTextTests
{
    [Fact]
    public void Reads_what_Pillow_wrote()
    {
        IReadOnlyList<KeyValuePair<string, string>> texts = PngText.Read(File.ReadAllBytes(Repository.Fixture("imaging/texts.png")));

        Assert.Equal(
            [
                new("onnxviz", "{\"verb\": \"maximize\"}"),
                new("Comment", string.Concat(Enumerable.Repeat("café ", 40))),
                new("Title", "α 中 →"),
                new("Long", new string('β', 200)),
            ],
            texts);
    }

    [Theory]
    [InlineData("tEXt", "no zero byte")]
    [InlineData("zTXt", "key\0")]
    [InlineData("zTXt", "key\0\0not packed")]
    [InlineData("iTXt", "key\0\0")]
    [InlineData("iTXt", "key\0\0\0en")]
    public void Refuses_malformed_texts_in_one_line(string type, string data)
    {
        byte[] file = PngForgery.Assemble(
            [PngForgery.Header(1, 1, 8, 0), new(type, data.Select(c => (byte)c).ToArray()), new("IEND", default)]);

        OnnxVizException error = Assert.Throws<OnnxVizException>(() => PngText.Read(file, "bad.png"));

        Assert.Contains("'bad.png'", error.Message);
        Assert.Contains("text", error.Message);
    }

    [Fact]
    public void Refuses_a_text_that_unpacks_to_far_too_much()
    {
        byte[] bomb = [(byte)'k', 0, 0, .. PngForgery.Pack(new byte[40_000_000])];
        byte[] file = PngForgery.Assemble([PngForgery.Header(1, 1, 8, 0), new("zTXt", bomb), new("IEND", default)]);

        Assert.Contains("longer than", Assert.Throws<OnnxVizException>(() => PngText.Read(file)).Message);
    }
}
