using System.Diagnostics;
using OnnxViz.Imaging;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Imaging;

public class JpegBadInputTests
{
    /// <summary>One of each way of decoding.</summary>
    private static readonly string[] Small =
        ["size-16x16-2x2", "restart-blocks", "progressive-2x2", "restart-progressive", "scans-separate", "cmyk", "orientation-6"];

    public static TheoryData<string> SmallFiles { get; } = [.. Small];

    [Theory]
    [InlineData("arithmetic", "arithmetic-coded")]
    [InlineData("arithmetic-progressive", "arithmetic-coded")]
    [InlineData("lossless", "is lossless")]
    [InlineData("hierarchical", "is hierarchical")]
    [InlineData("12-bit", "12 bits per sample")]
    [InlineData("height-later", "DNL")]
    [InlineData("width-0", "0x16 pixels")]
    [InlineData("two-channels", "2 channels")]
    [InlineData("huge", "59920x59920 pixels, more than the")]
    [InlineData("large-claim", "cannot hold the 12304x12304 pixels")]
    [InlineData("ratio-2-to-3", "only whole ratios")]
    [InlineData("no-quantisation", "quantisation table 0 is missing")]
    [InlineData("no-huffman", "Huffman table 2 is missing")]
    [InlineData("no-frame", "before the frame header")]
    [InlineData("no-scan", "a channel has no data")]
    [InlineData("scan-missing", "a channel has no data")]
    [InlineData("restart-out-of-order", "restart marker")]
    public void Refuses_in_a_sentence_and_without_a_large_allocation(string name, string sentence)
    {
        byte[] bytes = File.ReadAllBytes(Repository.Fixture($"jpeg/refused/{name}.jpg"));
        long before = GC.GetAllocatedBytesForCurrentThread();

        OnnxVizException error = Assert.Throws<OnnxVizException>(() => JpegReader.Read(bytes, "some.jpg"));

        Assert.Equal(Fault.Input, error.Fault);
        Assert.Contains("'some.jpg'", error.Message);
        Assert.Contains(sentence, error.Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Theory]
    [MemberData(nameof(SmallFiles))]
    public void Says_of_every_cut_that_the_file_is_truncated(string name)
    {
        byte[] bytes = File.ReadAllBytes(Repository.Fixture($"jpeg/{name}.jpg"));

        for (int length = 2; length < bytes.Length; length++)
        {
            OnnxVizException error = Assert.Throws<OnnxVizException>(() => JpegReader.Read(bytes[..length], "cut.jpg"));
            bool says = error.Message.Contains("'cut.jpg'") && error.Message.Contains("truncated");
            Assert.True(says, $"at {length} of {bytes.Length}: {error.Message}");
        }
    }

    [Fact]
    public void Says_what_is_wrong_with_no_more_than_a_beginning()
    {
        foreach (byte[] bytes in new byte[][] { [], [0xFF], [0x50, 0x36] })
        {
            Assert.Contains("broken", Assert.Throws<OnnxVizException>(() => JpegReader.Read(bytes, "none.jpg")).Message);
        }
    }

    [Theory]
    [MemberData(nameof(SmallFiles))]
    public void Survives_any_changed_byte(string name)
    {
        byte[] whole = File.ReadAllBytes(Repository.Fixture($"jpeg/{name}.jpg"));
        var random = new Random(1);
        int refused = 0;
        Stopwatch watch = Stopwatch.StartNew();
        for (int i = 0; i < 3 * whole.Length; i++)
        {
            byte[] bytes = [.. whole];
            int at = i % whole.Length;
            bytes[at] ^= (byte)random.Next(1, 256);
            try
            {
                JpegReader.Read(bytes, name);
            }
            catch (OnnxVizException)
            {
                refused++;
            }
            catch (Exception other)
            {
                Assert.Fail($"byte {at} as {bytes[at]}: {other}");
            }
        }

        // Bytes in headers have to be noticed; those in the data often make another picture.
        Assert.InRange(refused, whole.Length / 10, 3 * whole.Length);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"took {watch.Elapsed}");
    }

    [Theory]
    [MemberData(nameof(SmallFiles))]
    public void Survives_noise_for_data(string name)
    {
        byte[] whole = File.ReadAllBytes(Repository.Fixture($"jpeg/{name}.jpg"));
        int scan = whole.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]) + 20;
        for (int seed = 0; seed < 200; seed++)
        {
            byte[] bytes = [.. whole];
            new Random(seed).NextBytes(bytes.AsSpan(scan, whole.Length - 2 - scan));
            Exception? thrown = Record.Exception(() => JpegReader.Read(bytes, name));
            Assert.True(thrown is null or OnnxVizException, $"seed {seed}: {thrown}");
        }
    }

    [Fact]
    public void Refuses_a_file_of_endless_scans()
    {
        byte[] whole = File.ReadAllBytes(Repository.Fixture("jpeg/progressive-flat.jpg"));
        int second = IndexOfSegment(whole, 0xDA, 2);
        int third = IndexOfSegment(whole, 0xDA, 3);
        byte[] scan = whole[second..third];
        byte[] bytes = [.. whole[..third], .. Enumerable.Repeat(scan, 1000).SelectMany(copy => copy), .. whole[third..]];

        Assert.Contains("more than 500 scans", Assert.Throws<OnnxVizException>(() => JpegReader.Read(bytes, "endless.jpg")).Message);
    }

    private static int IndexOfSegment(byte[] bytes, byte marker, int occurrence)
    {
        int at = -1;
        for (int i = 0; i < occurrence; i++)
        {
            at += 1 + bytes.AsSpan(at + 1).IndexOf((ReadOnlySpan<byte>)[0xFF, marker]);
        }

        return at;
    }
}
