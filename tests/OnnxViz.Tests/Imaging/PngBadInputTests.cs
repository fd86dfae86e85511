using System.Diagnostics;
using OnnxViz.Imaging;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Imaging;

public class PngBadInputTests
{
    [Theory]
    [InlineData(60000, 60000)]
    [InlineData(int.MaxValue, int.MaxValue)]
    [InlineData(-1, -1)]
    [InlineData(0, 5)]
    [InlineData(5, 0)]
    [InlineData(2_000_000, 1)]
    public void Refuses_absurd_sizes_before_it_allocates(int width, int height)
    {
        byte[] bytes = PngForgery.Picture(width, height, 8, 2, [0, 0, 0, 0]);
        long before = GC.GetAllocatedBytesForCurrentThread();

        OnnxVizException error = Assert.Throws<OnnxVizException>(() => PngReader.Read(bytes, "huge.png"));

        Assert.Contains("pixels", error.Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void Refuses_a_header_that_so_few_bytes_cannot_fill()
    {
        byte[] bytes = PngForgery.Picture(10_000, 10_000, 16, 6, new byte[1000]);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Refuses(bytes, "fewer pixels");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void Stops_unpacking_a_bomb_once_it_has_its_pixels()
    {
        // 100 MB of zeros behind a 2x2 picture; left in memory they would show.
        byte[] bytes = PngForgery.Picture(2, 2, 8, 2, new byte[100_000_000]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Stopwatch watch = Stopwatch.StartNew();

        Image image = PngReader.Read(bytes, "bomb.png");

        Assert.Equal(new byte[12], image.Pixels);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000_000);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"took {watch.Elapsed}");
    }

    [Theory]
    [InlineData(3, 2)]
    [InlineData(16, 3)]
    [InlineData(4, 6)]
    [InlineData(8, 1)]
    [InlineData(8, 7)]
    [InlineData(0, 0)]
    public void Refuses_kinds_that_do_not_exist(int depth, int color) =>
        Refuses(PngForgery.Picture(1, 1, depth, color, [0, 0, 0, 0]), $"colour type {color} with {depth} bits");

    [Fact]
    public void Refuses_too_few_pixels() => Refuses(PngForgery.Picture(2, 2, 8, 0, [0, 1, 2, 0, 3]), "fewer pixels");

    [Fact]
    public void Refuses_an_unknown_row_filter() => Refuses(PngForgery.Picture(1, 1, 8, 0, [5, 0]), "row filter 5");

    [Fact]
    public void Refuses_a_missing_palette() => Refuses(PngForgery.Picture(1, 1, 8, 3, [0, 0]), "palette is missing");

    [Fact]
    public void Refuses_a_color_outside_the_palette() =>
        Refuses(
            PngForgery.Assemble(
                [PngForgery.Header(1, 1, 8, 3), new("PLTE", new byte[6]), new("IDAT", PngForgery.Pack([0, 2])), new("IEND", default)]),
            "colour 2 is not in its palette of 2");

    [Fact]
    public void Refuses_broken_compression() =>
        Refuses(
            PngForgery.Assemble([PngForgery.Header(9, 9, 8, 0), new("IDAT", "no zlib stream"u8.ToArray()), new("IEND", default)]),
            "compressed data are broken");

    [Fact]
    public void Refuses_a_file_of_an_end_only() => Refuses(PngForgery.Assemble([new("IEND", default)]), "does not begin with its header");

    [Fact]
    public void Refuses_a_second_header_and_unknown_critical_chunks()
    {
        PngChunk header = PngForgery.Header(1, 1, 8, 0), data = new("IDAT", PngForgery.Pack([0, 0])), end = new("IEND", default);

        Refuses(PngForgery.Assemble([header, header, data, end]), "IHDR chunk");
        Refuses(PngForgery.Assemble([header, new("ABCD", default), data, end]), "ABCD chunk");
    }

    private static void Refuses(byte[] bytes, string why)
    {
        OnnxVizException error = Assert.Throws<OnnxVizException>(() => PngReader.Read(bytes, "bad.png"));
        Assert.Equal(Fault.Input, error.Fault);
        Assert.Contains("'bad.png'", error.Message);
        Assert.Contains(why, error.Message);
    }
}
