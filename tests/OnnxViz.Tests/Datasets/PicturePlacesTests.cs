using OnnxViz.Datasets;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Datasets;

/// <summary>From places that were named to pictures.</summary>
public sealed class PicturePlacesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Names_come_as_people_sort_them()
    {
        string[] sorted = ["a/img9.png", "a/img10.png", "a-b.png", "img", "img01.png", "img1.png", "img2.png", "img2b.png", "img10.png", "img99999999999999999999999.png"];
        Assert.Equal(sorted, sorted.Reverse().Order(NaturalOrder.Instance));
        Assert.Equal(sorted, sorted.OrderBy(s => s.GetHashCode()).Order(NaturalOrder.Instance));
    }

    [Theory]
    [InlineData("*.png", "a9.png a10.png")]
    [InlineData("*", "a1.jpg a9.png a10.png")]
    [InlineData("a?.*", "a1.jpg a9.png")]
    [InlineData("**/*.png", "a9.png a10.png sub/deep/d.png sub/s.png")]
    [InlineData("**", "a1.jpg a9.png a10.png sub/deep/d.png sub/s.png")]
    [InlineData("s*/*.png", "sub/s.png")]
    [InlineData("sub/**/d*", "deep/d.png")]
    public void Patterns_are_those_of_shells(string pattern, string expected)
    {
        Heap();
        var found = PictureFolder.Expand([_folder[pattern]], _ => false);
        Assert.Equal(expected.Split(' '), found.Select(f => f.File.Name));
        Assert.All(found, f => Assert.True(File.Exists(f.File.Path) && !f.IsNamed));
    }

    [Fact]
    public void Places_come_in_the_order_given_and_what_several_hold_once()
    {
        Heap();
        var found = PictureFolder.Expand([_folder["sub"], _folder["a9.png"], _folder["a9.png"], _folder["**/*.png"], _folder["nowhere.png"]], path => path.EndsWith("d.png", StringComparison.Ordinal));
        Assert.Equal(["sub/s.png", "a9.png", "a9.png", "a9.png", "a10.png", "nowhere.png"], found.Select(f => f.File.Name));
        Assert.Equal([false, true, true, false, false, true], found.Select(f => f.IsNamed));
    }

    [Fact]
    public void What_is_called_like_a_pattern_is_what_it_is_called()
    {
        if (OperatingSystem.IsWindows()) return;
        _folder.Write("a*.png", [1]);
        _folder.Write("ab.png", [1]);
        Assert.Equal(["a*.png"], PictureFolder.Expand([_folder["a*.png"]], _ => false).Select(f => f.File.Name));
    }

    [Theory]
    [InlineData("*.gif", "No picture")]
    [InlineData("none/*.png", "No picture")]
    [InlineData("empty", "There is no picture")]
    public void Nothing_is_a_sentence(string place, string expected)
    {
        Heap();
        Directory.CreateDirectory(_folder["empty"]);
        Assert.StartsWith(expected, Assert.Throws<OnnxVizException>(() => PictureFolder.Expand([_folder[place]], _ => false)).Message, StringComparison.Ordinal);
    }

    private void Heap()
    {
        foreach (var file in new[] { "a10.png", "a9.png", "a1.jpg", "a2.txt", ".hidden.png", "sub/s.png", "sub/deep/d.png" }) _folder.Write(file, [1]);
    }
}
