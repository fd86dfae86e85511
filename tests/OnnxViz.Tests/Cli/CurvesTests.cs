using OnnxViz.Cli.Results;
using OnnxViz.Imaging;
using OnnxViz.Imaging.Files;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Cli;

public class CurvesTests
{
    private static readonly CurvePanel[] Panels =
    [
        new("Loss", "step", [
            new(null, [.. Steps()], [.. Steps().Select(Loss)]) { IsFaint = true },
            new("train", [.. Steps()], [.. Steps().Select(x => 2 / (1 + (x / 100)))]),
            new("test", [937, 1874, 2811], [0.21, 0.15, 0.13]) { Hue = 1 },
        ])
        {
            HasWholeX = true,
            YLimits = (0, 2.1),
        },
        new("Accuracy", "epoch", [
            new("train", [1, 2, 3], [0.85, 0.905, 0.93]),
            new("test", [1, 2, 3], [0.88, 0.91, 0.921]) { Hue = 1 },
        ])
        {
            IsPercent = true,
            HasWholeX = true,
        },
    ];

    [Fact]
    public void Every_panel_has_its_lines_and_their_names()
    {
        using TemporaryFolder folder = new();
        Curves.Write(folder["curves.png"], Panels, "{}");
        var picture = ImageFile.Load(folder["curves.png"]);
        Assert.Equal((2080, 680), (picture.Width, picture.Height));
        foreach (var panel in new[] { 0, 1 })
        {
            // Left of the last sixth are the lines, right of it the names.
            Assert.True(Count(picture, panel, 0, 0.8, IsBlue) > 500);
            Assert.True(Count(picture, panel, 0, 0.8, IsOrange) > 200);
            Assert.True(Count(picture, panel, 0.85, 1, IsBlue) > 50);
            Assert.True(Count(picture, panel, 0.85, 1, IsOrange) > 50);
        }

        var svg = File.ReadAllText(folder["curves.svg"]);
        Assert.Contains("Accuracy", svg);
        Assert.Contains("font-family=\"Inter, ", svg);
        Assert.Contains("test", svg);
    }

    [Fact]
    public void Equal_curves_are_drawn_equally() => Assert.Equal(Curves.Draw(Panels).Pixels, Curves.Draw(Panels).Pixels);

    private static IEnumerable<double> Steps() => Enumerable.Range(1, 2811).Where(i => i % 3 == 0).Select(i => (double)i);

    private static double Loss(double x) => (2 / (1 + (x / 100))) * (1 + (0.3 * Math.Sin(x * x)));

    private static int Count(Image picture, int panel, double from, double to, Func<byte, byte, byte, bool> isIt)
    {
        var (width, count) = (picture.Width / 2, 0);
        for (var y = 0; y < picture.Height; y++)
        {
            for (var x = (int)(width * (panel + from)); x < (int)(width * (panel + to)); x++)
            {
                var at = picture.Offset(x, y);
                if (isIt(picture.Pixels[at], picture.Pixels[at + 1], picture.Pixels[at + 2])) count++;
            }
        }

        return count;
    }

    private static bool IsBlue(byte r, byte g, byte b) => b > 200 && r < 80;

    private static bool IsOrange(byte r, byte g, byte b) => r > 200 && b < 60;
}
