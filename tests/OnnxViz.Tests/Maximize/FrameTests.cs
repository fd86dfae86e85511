using OnnxViz.Autodiff.Rules;
using OnnxViz.Graphs.Emit;
using OnnxViz.Imaging.Files;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Maximize;

/// <summary>--frames and --animate of maximize.</summary>
public sealed class FrameTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("fourier")]
    [InlineData("maco")]
    public void The_way_is_written_and_ends_at_the_result(string param)
    {
        Run(param, "--unit", "3", "--frames", _folder["frames"], "--animate", _folder["way.png"], "--frames-every", "2", "-o", _folder["end.png"]);
        Assert.Equal(
            ["conv1_1_3_00002.png", "conv1_1_3_00003.png", "conv1_1_3_00005.png", "conv1_1_3_00006.png"],
            Directory.GetFiles(_folder["frames"]).Select(f => Path.GetFileName(f)!).Order());
        Assert.Equal(ImageFile.Load(_folder["end.png"]).Pixels, ImageFile.Load(Path.Combine(_folder["frames"], "conv1_1_3_00006.png")).Pixels);
        var chunks = PngChunk.ReadAll(File.ReadAllBytes(_folder["way.png"]), "way").ToList();
        Assert.Equal(4, chunks.Count(c => c.Type == "fcTL"));
    }

    [Fact]
    public void Several_pictures_grow_on_one_sheet()
    {
        Run("pixel", "--unit", "3,1", "--animate", _folder["way.png"], "-o", _folder["end.png"]);
        var (way, end) = (ImageFile.Load(_folder["way.png"]), ImageFile.Load(_folder["end.png"]));
        Assert.Equal((end.Width, end.Height), (way.Width, way.Height));
    }

    [Theory]
    [InlineData("--frames-every belongs", "--frames-every", "2")]
    [InlineData("at least one", "--frames-every", "0", "--frames", "x")]
    [InlineData("animated .png", "--animate", "x.gif")]
    [InlineData("both name", "--animate", "x.png", "-o", "x.png")]
    public void What_makes_no_sense_is_refused(string says, params string[] options)
    {
        var run = CliRun.Of(["maximize", "--layer", "conv1_1", "--unit", "3", "--size", "16", "--steps", "1", .. options]);
        Assert.Equal(2, run.Exit);
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
    }

    private static void Run(string param, params string[] options) => CliRun.Text(
        ["maximize", "--layer", "conv1_1", "--param", param, "--size", "32", "--steps", "3", "--octaves", "2", "--octave-scale", "1.2", "--quiet", "--device", "cpu", .. options]);
}
