using System.Security.Cryptography;
using OnnxViz.Graphs.Emit;
using OnnxViz.Imaging;
using OnnxViz.Imaging.Files;
using OnnxViz.Imaging.Resample;
using OnnxViz.Imaging.Sheets;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Snapshots;
using Xunit;

namespace OnnxViz.Tests.Imaging;

public class GridTests
{
    [Fact]
    public void White_with_title_and_labels_below()
    {
        string[] labels = ["conv5_3 5", "unit 43", "a label too long for its tile: broken, then cut off at the end of its third line, whatever follows", "", "0.387", "Ünïcode é→ Ωж"];
        Image[] pictures = [Read("unit"), Read("neighbour"), Read("cat"), Read("unit-shifted"), new(40, 20), Read("cat-shifted")];

        Snapshot.Verify(Grid.Compose(
            [.. pictures.Zip(labels, (picture, label) => new GridTile(picture, label))],
            new GridOptions { Title = "vgg16-body: maximize" }));
    }

    [Fact]
    public void Black_with_labels_on_large_tiles() =>
        Snapshot.Verify(Grid.Compose(
            [new(Large(), "tiger cat 0.387"), new(Ramp(), "African hunting dog, hyena dog, Cape hunting dog")],
            new GridOptions { Background = GridBackground.Black, Labels = LabelPlacement.OnTile, Title = "Egyptian cat, 2 of 1000" }));

    [Fact]
    public void Every_letter()
    {
        Image sheet = new(400, 200);
        string[] lines =
        [
            "ABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789", "abcdefghijklmnopqrstuvwxyz .,:;!?…()[]{}<>+-*/=%",
            "ÀÇÉÑÖßøŁőşž ΑΒΓΔΩ αβγδω АБВГЖЯ абвгжя →←↑↓", "a sign that the typeface lacks: 猫",
        ];
        for (int i = 0; i < lines.Length; i++)
        {
            Lettering.Draw(sheet, 4, 20 + (45 * i), lines[i], 10, Color.White);
            Lettering.Draw(sheet, 4.5, 40 + (45 * i), lines[i], 15.5, Color.White);
        }

        Snapshot.Verify(sheet);
    }

    [Fact]
    public void A_text_is_the_same_bytes_on_every_machine()
    {
        Image sheet = new(300, 40);
        Lettering.Draw(sheet, 3.3, 27, "conv5_3 5: Ünïcode, Ωж → 0.387", 17, Color.White);

        Assert.Equal("aa66c358c2ecd105", Convert.ToHexStringLower(SHA256.HashData(sheet.Pixels))[..16]);
    }

    [Fact]
    public void Leaves_out_what_lies_outside_the_picture()
    {
        Image small = new(12, 9);

        Lettering.Draw(small, -5, 4, "WWWW", 14, Color.White);
        Lettering.Draw(small, 100, 100, "WWWW", 14, Color.White);

        Assert.Contains(small.Pixels, value => value > 200);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    [InlineData(5, 3)]
    [InlineData(6, 3)]
    [InlineData(7, 3)]
    [InlineData(10, 5)]
    [InlineData(16, 4)]
    [InlineData(18, 6)]
    [InlineData(64, 8)]
    [InlineData(96, 12)]
    public void Is_nearly_square_with_full_rows(int count, int columns) =>
        Assert.Equal(columns, new GridLayout([.. Enumerable.Repeat(new GridTile(new Image(8, 8)), count)], new()).Columns);

    [Fact]
    public void Places_tiles_where_asked()
    {
        Image red = new(2, 2, [.. Enumerable.Repeat(new byte[] { 255, 0, 0 }, 4).SelectMany(pixel => pixel)]);

        Image sheet = Grid.Compose([new(red), new(red), new(red)], new GridOptions { Columns = 2, Padding = 1 });

        string[] rows = [.. Enumerable.Range(0, sheet.Height).Select(y =>
            string.Concat(Enumerable.Range(0, sheet.Width).Select(x => sheet.Pixels[sheet.Offset(x, y) + 1] == 0 ? '#' : '.')))];
        Assert.Equal([".......", ".##.##.", ".##.##.", ".......", ".##....", ".##....", "......."], rows);
    }

    [Theory]
    [InlineData("abc", 40, 2, "abc")]
    [InlineData("abcdefghij", 40, 1, "abcd…")]
    [InlineData("one two three", 40, 3, "one|two|three")]
    [InlineData("one two three", 40, 2, "one|two t…")]
    [InlineData("features.14.conv", 62, 3, "features.|14.conv")]
    [InlineData("aaaaaaaaaa", 30, 9, "aaaa|aaaa|aa")]
    [InlineData("a\nb", 40, 2, "a b")]
    [InlineData("abc", 8, 2, "")]
    [InlineData("", 40, 2, "")]
    public void Breaks_a_text_before_it_cuts_it(string text, int width, int most, string expected)
    {
        var lines = Lettering.Wrap(text, width, 12, most);

        Assert.Equal(expected, string.Join('|', lines));
        Assert.All(lines, line => Assert.InRange(Lettering.Measure(line, 12), 0, width));
    }

    [Fact]
    public void Never_cuts_a_character_in_two() => Assert.Equal("😀…", Assert.Single(Lettering.Wrap("😀😀😀😀", 30, 12, 1)));

    [Fact]
    public void Refuses_what_makes_no_sheet()
    {
        GridTile tile = new(new Image(4000, 4000));

        Assert.ThrowsAny<ArgumentException>(() => Grid.Compose([]));
        Assert.ThrowsAny<ArgumentException>(() => Grid.Compose([tile], new GridOptions { Columns = 0 }));
        Assert.ThrowsAny<ArgumentException>(() => Grid.Compose([tile], new GridOptions { Padding = -1 }));
        OnnxVizException error = Assert.Throws<OnnxVizException>(() => Grid.Compose([.. Enumerable.Repeat(tile, 20)]));
        Assert.Equal(Fault.Argument, error.Fault);
    }

    private static Image Read(string name) => ImageFile.Load(Repository.Fixture($"imaging/compare/{name}.png"));

    private static Image Large() => Resampler.Resize(Read("cat"), 224, 224, ResampleFilter.Bilinear);

    private static Image Ramp() =>
        ColorMap.Viridis.Apply([.. Enumerable.Range(0, 224 * 224).Select(i => (float)(i % 224))], 224, 224, 0, 223);
}
