using System.Diagnostics;
using System.Text;
using OnnxViz.Autodiff.Rules;
using OnnxViz.Graphs.Emit;
using OnnxViz.Imaging;
using OnnxViz.Imaging.Files;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Imaging;

/// <summary>On files by Pillow, pypng and libjpeg-turbo; tools/make_picture_fixtures.py made them and their pixels.</summary>
public class ImageFileTests
{
    private static readonly string[] _names =
        [.. Directory.GetFiles(Repository.Fixture("imaging/read")).Select(file => Path.GetFileName(file)).Where(name => !name.EndsWith(".ppm", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    public static TheoryData<string> Files { get; } = [.. _names];

    [Theory]
    [MemberData(nameof(Files))]
    public void Reads_the_very_samples(string name)
    {
        Image image = ImageFile.Load(Repository.Fixture($"imaging/read/{name}"));

        byte[] read = [.. Encoding.ASCII.GetBytes($"P6\n{image.Width} {image.Height}\n255\n"), .. image.Pixels];
        Assert.Equal(File.ReadAllBytes(Repository.Fixture($"imaging/read/{name}.ppm")), read);
    }

    [Theory]
    [InlineData(".png", 25)]
    [InlineData(".jpg", 28)]
    [InlineData(".webp", 5)]
    [InlineData(".bmp", 4)]
    [InlineData(".gif", 3)]
    public void Has_files_of_every_kind_to_read(string extension, int count)
    {
        Assert.Equal(count, _names.Count(name => name.EndsWith(extension, StringComparison.Ordinal)));
        Assert.True(ImageFile.HasPictureExtension($"folder/a{extension.ToUpperInvariant()}"));
    }

    [Theory]
    [InlineData("lossless.jpg", "damaged, or of a kind that is not read")]
    [InlineData("12-bit.jpg", "truncated")]
    [InlineData("width-0.jpg", "damaged")]
    [InlineData("huge.jpg", "59920x59920 pixels, more than the 200 million")]
    [InlineData("large-claim.jpg", "cannot hold the 12304x12304 pixels")]
    [InlineData("no-huffman.jpg", "damaged")]
    [InlineData("icon.ico", "PNG, JPEG, WebP, BMP and GIF are read, and the file is none of these")]
    public void Refuses_in_a_sentence_and_without_a_large_allocation(string name, string sentence)
    {
        byte[] bytes = File.ReadAllBytes(Repository.Fixture($"imaging/read/refused/{name}"));
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Contains(sentence, Refuses(() => ImageFile.Decode(bytes, "some.jpg"), "'some.jpg'"));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Theory]
    [InlineData(60000, 60000)]
    [InlineData(int.MaxValue, int.MaxValue)]
    [InlineData(-1, -1)]
    [InlineData(0, 5)]
    [InlineData(5, 0)]
    [InlineData(2_000_000, 1)]
    [InlineData(10_000, 10_000)]
    public void Refuses_absurd_sizes_before_it_allocates(int width, int height)
    {
        byte[] bytes = PngForgery.Picture(width, height, 8, 2, [0, 0, 0, 0]);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Refuses(() => ImageFile.Decode(bytes, "huge.png"), "'huge.png'");

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void Stops_unpacking_a_bomb_once_it_has_its_pixels()
    {
        // 100 MB of zeros behind a 2x2 picture.
        byte[] bytes = PngForgery.Picture(2, 2, 8, 2, new byte[100_000_000]);
        Stopwatch watch = Stopwatch.StartNew();

        Assert.Equal(new byte[12], ImageFile.Decode(bytes, "bomb.png").Pixels);

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"took {watch.Elapsed}");
    }

    [Theory]
    [InlineData("palette4.png")]
    [InlineData("rgba8-adam7.png")]
    [InlineData("sampled-2x2.jpg")]
    [InlineData("progressive-2x2.jpg")]
    [InlineData("lossy.webp")]
    [InlineData("rgb.bmp")]
    [InlineData("interlaced.gif")]
    public void Refuses_files_that_are_cut_off(string name)
    {
        byte[] whole = File.ReadAllBytes(Repository.Fixture($"imaging/read/{name}"));
        for (int length = 0; length < whole.Length * 9 / 10; length++)
            Refuses(() => ImageFile.Decode(whole[..length], "cut"), "'cut'");

        // libwebp does not say which of the two it is.
        string why = name == "lossy.webp" ? "damaged" : "truncated";
        Assert.Contains(why, Refuses(() => ImageFile.Decode(whole[..(whole.Length * 3 / 4)], "cut"), "'cut'"));
    }

    [Fact]
    public void Gives_a_picture_or_one_sentence_for_any_damage()
    {
        byte[][] files = [.. _names.Select(name => File.ReadAllBytes(Repository.Fixture($"imaging/read/{name}")))];
        var random = new Random(1);
        int refused = 0;
        for (int i = 0; i < 800; i++)
        {
            byte[] bytes = [.. files[i % files.Length]];
            for (int changes = random.Next(1, 6); changes > 0; changes--)
                bytes[random.Next(random.Next(2) == 0 ? Math.Min(64, bytes.Length) : bytes.Length)] = (byte)random.Next(256);
            bytes = random.Next(4) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
            try
            {
                ImageFile.Decode(bytes, "changed");
            }
            catch (OnnxVizException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 200, 790);
    }

    [Fact]
    public void Survives_lies_under_right_checksums()
    {
        Random random = new(1);
        foreach (string name in new[] { "gray1-adam7", "palette4", "rgba8" })
        {
            PngChunk[] chunks = [.. PngChunk.ReadAll(File.ReadAllBytes(Repository.Fixture($"imaging/read/{name}.png")), name)];
            for (int round = 0; round < 200; round++)
            {
                byte[] bytes = PngForgery.Assemble(chunks.Select(chunk => PngForgery.Damage(chunk, random)));
                Exception? thrown = Record.Exception(() => ImageFile.Decode(bytes, "forged.png"));
                Assert.True(thrown is null or OnnxVizException, $"{name}, round {round}: {thrown}");
            }
        }
    }

    [Fact]
    public void The_content_decides_not_the_name()
    {
        using TemporaryFolder folder = new();
        folder.Write("picture.jpg", PngWriter.Encode(new Image(3, 2)));

        Image image = ImageFile.Load(folder["picture.jpg"]);

        Assert.Equal((3, 2), (image.Width, image.Height));
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("just text, and more of it than a few bytes, which is no picture", "none of these")]
    public void Refuses_what_is_no_picture(string content, string why) =>
        Assert.Contains(why, Refuses(() => ImageFile.Decode(Encoding.ASCII.GetBytes(content), "notes.txt"), "notes.txt"));

    [Fact]
    public void Names_what_is_missing_or_no_file()
    {
        using TemporaryFolder folder = new();
        folder.Write("empty.png", []);

        Assert.Contains("does not exist", Refuses(() => ImageFile.Load(folder["none.png"]), "none.png"));
        Assert.Contains("does not exist", Refuses(() => ImageFile.Load(folder["none/none.png"]), "none.png"));
        Assert.Contains("it is a folder", Refuses(() => ImageFile.Load(folder.Path), folder.Path));
        Assert.Contains("it is empty", Refuses(() => ImageFile.Load(folder["empty.png"]), "empty.png"));
        Refuses(() => ImageFile.Load(""), "''");
    }

    [SkippableFact]
    public void Does_not_read_a_device_nor_a_link_to_one()
    {
        Skip.IfNot(File.Exists("/dev/zero"), "There is no /dev/zero.");
        using TemporaryFolder folder = new();
        File.CreateSymbolicLink(folder["link.png"], "/dev/zero");

        Assert.Contains("no ordinary file", Refuses(() => ImageFile.Load(folder["link.png"]), "link.png"));
        Assert.Contains("no ordinary file", Refuses(() => ImageFile.Load("/dev/zero"), "/dev/zero"));
    }

    [Fact]
    public void Refuses_a_file_that_is_too_large_before_it_reads_it()
    {
        using TemporaryFolder folder = new();
        using (FileStream sparse = File.Create(folder["large.png"]))
            sparse.SetLength(ImageLimits.MaxFileBytes + 1L);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Contains("1000000001 bytes", Refuses(() => ImageFile.Load(folder["large.png"]), "large.png"));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
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
