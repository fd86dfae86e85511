using OnnxViz.Imaging;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Imaging;

/// <summary>On files written by pypng and libpng; tools/make-png-fixtures.py made them.</summary>
public class PngReaderTests
{
    private static readonly string[] _names =
        [.. Directory.GetFiles(Repository.Fixture("imaging/png"), "*.png").Select(file => Path.GetFileNameWithoutExtension(file)!)
            .Where(name => name != "texts").Order()];

    public static TheoryData<string> Files { get; } = [.. _names];

    [Theory]
    [MemberData(nameof(Files))]
    public void Reads_what_others_wrote(string name)
    {
        Image image = Read(name);

        Assert.Equal(Expected(name), image.Pixels);
    }

    [Fact]
    public void Has_every_color_type_depth_and_interlace_to_read()
    {
        IEnumerable<(PngColor, int, bool)> seen = _names.Select(name =>
        {
            byte[] bytes = File.ReadAllBytes(Repository.Fixture($"imaging/png/{name}.png"));
            return ((PngColor)bytes[25], (int)bytes[24], bytes[28] == 1);
        });

        // 5 depths of gray, 4 of palette, 2 each of the other three; plain and Adam7.
        Assert.Equal(30, seen.Distinct().Count());
    }

    [Theory]
    [InlineData("gray1")]
    [InlineData("palette4")]
    [InlineData("rgba16-adam7")]
    [InlineData("filter4")]
    public void Refuses_every_cut_in_one_line(string name)
    {
        byte[] whole = File.ReadAllBytes(Repository.Fixture($"imaging/png/{name}.png"));
        for (int length = 0; length < whole.Length; length++)
        {
            OnnxVizException error = Assert.Throws<OnnxVizException>(() => PngReader.Read(whole[..length], "cut.png"));
            Assert.Equal(Fault.Input, error.Fault);
            Assert.Contains("'cut.png'", error.Message);
            Assert.DoesNotContain('\n', error.Message);
        }
    }

    [Theory]
    [InlineData("gray2-adam7")]
    [InlineData("palette1")]
    [InlineData("rgb8")]
    public void Notices_every_changed_byte(string name)
    {
        byte[] whole = File.ReadAllBytes(Repository.Fixture($"imaging/png/{name}.png"));
        for (int at = 0; at < whole.Length; at++)
        {
            byte[] changed = [.. whole];
            changed[at] ^= 0x10;
            Assert.Throws<OnnxVizException>(() => PngReader.Read(changed, "changed.png"));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Survives_lies_under_right_checksums(int seed)
    {
        Random random = new(seed);
        foreach (string name in new[] { "gray4-adam7", "palette2", "rgba8", "filter5" })
        {
            PngChunk[] chunks = [.. PngChunk.ReadAll(File.ReadAllBytes(Repository.Fixture($"imaging/png/{name}.png")), name)];
            for (int round = 0; round < 300; round++)
            {
                ReadOrRefuse(PngForgery.Assemble(chunks.Select(chunk => PngForgery.Damage(chunk, random))));
            }
        }
    }

    [Fact]
    public void Ignores_unknown_ancillary_chunks_and_what_follows_the_end()
    {
        List<PngChunk> chunks = [.. PngChunk.ReadAll(File.ReadAllBytes(Repository.Fixture("imaging/png/rgb8.png")), "rgb8")];
        chunks.Insert(1, new PngChunk("prVt", new byte[] { 1, 2, 3 }));

        Image image = PngReader.Read([.. PngForgery.Assemble(chunks), 1, 2, 3], "more.png");

        Assert.Equal(Expected("rgb8"), image.Pixels);
    }

    private static void ReadOrRefuse(byte[] bytes)
    {
        try
        {
            PngReader.Read(bytes, "forged.png");
        }
        catch (OnnxVizException error)
        {
            Assert.Equal(Fault.Input, error.Fault);
        }
    }

    private static Image Read(string name) => PngReader.Read(File.ReadAllBytes(Repository.Fixture($"imaging/png/{name}.png")), name);

    private static byte[] Expected(string name)
    {
        string pixels = name.StartsWith("filter", StringComparison.Ordinal) ? "filters"
            : name.StartsWith("tiny", StringComparison.Ordinal) ? name
            : name.Replace("-adam7", "", StringComparison.Ordinal);
        return File.ReadAllBytes(Repository.Fixture($"imaging/png/{pixels}.rgb"));
    }
}
