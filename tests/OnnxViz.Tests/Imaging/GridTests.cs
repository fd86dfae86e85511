using OnnxViz.Imaging;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Imaging;

public class GridTests
{
    [Fact]
    public void White_with_title_and_labels_below()
    {
        string[] labels = ["conv5_3 5", "unit 43", "a label too long for it", "", "0.387", "?!é→"];
        Image[] pictures = [Read("unit"), Read("neighbour"), Read("cat"), Read("unit-shifted"), new(40, 20), Read("cat-shifted")];

        Snapshot.Verify(Grid.Compose(
            [.. pictures.Zip(labels, (picture, label) => new GridTile(picture, label))],
            new GridOptions { Title = "vgg16-body: maximize" }));
    }

    [Fact]
    public void Black_with_labels_on_large_tiles() =>
        Snapshot.Verify(Grid.Compose(
            [new(Large(), "tiger cat 0.387"), new(Ramp(), "gypsy")],
            new GridOptions { Background = GridBackground.Black, Labels = LabelPlacement.OnTile, Title = "Egyptian cat, 2 of 1000" }));

    [Fact]
    public void Every_letter()
    {
        Image sheet = new(350, 6 * 30);
        for (int band = 0; band < 6; band++)
        {
            string letters = string.Concat(Enumerable.Range(0, 16).Select(i => (char)(' ' + (16 * band) + i))).Replace('\u007f', '…');
            Font.Draw(sheet, 4, 8 + (30 * band), letters, 1, Color.White);
            Font.Draw(sheet, 130, 3 + (30 * band), letters, 2, Color.White);
        }

        Snapshot.Verify(sheet);
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
    [InlineData("abc", 17, "abc")]
    [InlineData("abc", 16, "a…")]
    [InlineData("abcdef", 30, "abc…")]
    [InlineData("ab cd", 22, "ab…")]
    [InlineData("abc", 7, "…")]
    [InlineData("abc", 6, "")]
    [InlineData("", 0, "")]
    public void Fits_text_into_its_room(string text, int width, string fitted)
    {
        Assert.Equal(fitted, Font.Fit(text, width));
        Assert.InRange(Font.Measure(fitted), 0, width);
    }

    [Fact]
    public void Refuses_what_makes_no_sheet()
    {
        GridTile tile = new(new Image(4000, 4000));

        Assert.ThrowsAny<ArgumentException>(() => Grid.Compose([]));
        Assert.ThrowsAny<ArgumentException>(() => Grid.Compose([tile], new GridOptions { Columns = 0 }));
        Assert.ThrowsAny<ArgumentException>(() => Grid.Compose([tile], new GridOptions { Padding = -1 }));
        OnnxVizException error = Assert.Throws<OnnxVizException>(() => Grid.Compose([.. Enumerable.Repeat(tile, 20)]));
        Assert.Equal(Fault.Usage, error.Fault);
    }

    private static Image Read(string name) => ImageFile.Load(Repository.Fixture($"imaging/compare/{name}.png"));

    private static Image Large() => Resampler.Resize(Read("cat"), 224, 224, ResampleFilter.Bilinear);

    private static Image Ramp() =>
        ColorMap.Viridis.Apply([.. Enumerable.Range(0, 224 * 224).Select(i => (float)(i % 224))], 224, 224, 0, 223);
}
