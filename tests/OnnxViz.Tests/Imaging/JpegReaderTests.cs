using System.Security.Cryptography;
using OnnxViz.Imaging;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Imaging;

/// <summary>Against what Pillow, on libjpeg-turbo, made of the same files; tools/make-jpeg-fixtures.py made both.</summary>
public class JpegReaderTests
{
    private static readonly string[] Names =
        [.. Directory.GetFiles(Repository.Fixture("jpeg"), "*.jpg").Select(file => Path.GetFileNameWithoutExtension(file)!).Order()];

    public static TheoryData<string> Files { get; } = [.. Names];

    [Theory]
    [MemberData(nameof(Files))]
    public void Gives_the_very_pixels_that_libjpeg_gives(string name)
    {
        Image image = JpegReader.Read(File.ReadAllBytes(Repository.Fixture($"jpeg/{name}.jpg")), name);

        Image expected = PngReader.Read(File.ReadAllBytes(Repository.Fixture($"jpeg/{name}.png")), name);
        Assert.Equal((expected.Width, expected.Height), (image.Width, image.Height));
        Assert.Equal(expected.Pixels, image.Pixels);
    }

    [Theory]
    [InlineData("sampled-", 15)]
    [InlineData("size-", 16)]
    [InlineData("progressive-", 8)]
    [InlineData("restart-", 3)]
    [InlineData("scans-", 3)]
    [InlineData("gray", 3)]
    [InlineData("cmyk", 3)]
    [InlineData("ycck", 1)]
    [InlineData("orientation-", 10)]
    public void Has_files_of_every_kind_to_read(string prefix, int count) =>
        Assert.Equal(count, Names.Count(name => name.StartsWith(prefix, StringComparison.Ordinal)));

    [Fact]
    public void Has_a_file_of_16_bit_quantisation_to_read()
    {
        byte[] bytes = File.ReadAllBytes(Repository.Fixture("jpeg/quality-1.jpg"));

        // DQT, 131 bytes long: one table of precision 1 in slot 0.
        Assert.True(bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDB, 0, 131, 0x10]) > 0);
    }

    [SkippableFact]
    public void Gives_a_photograph_as_libjpeg_does()
    {
        string path = Path.Combine(Repository.Root, "..", "shared", "images", "rocket.jpg");
        Skip.IfNot(File.Exists(path), "There is no ../shared/images/rocket.jpg.");

        Image image = JpegReader.Read(File.ReadAllBytes(path), path);

        // hashlib.sha256(Image.open("rocket.jpg").convert("RGB").tobytes()), Pillow 9.4.0 on libjpeg-turbo 2.1.5.
        Assert.Equal((640, 427), (image.Width, image.Height));
        Assert.Equal(
            "3d4435cc745752b7f9724df88c6e18817de3ce7e3d2d71c55f85f7831e68f197",
            Convert.ToHexStringLower(SHA256.HashData(image.Pixels)));
    }
}
