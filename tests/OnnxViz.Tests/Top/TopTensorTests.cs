using OnnxViz.Imaging.Files;
using OnnxViz.Onnx;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Top;

/// <summary>Rows of a tensor are searched as pictures are: what no picture file holds.</summary>
public sealed class TopTensorTests : IDisposable
{
    private const int Rows = 7, Kept = 3;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("nchw12")]
    [InlineData("nhwc5")]
    [InlineData("ncdhw1")]
    [InlineData("ndchw3")]
    [InlineData("nct3")]
    [InlineData("nt")]
    [InlineData("open-nchw6")]
    public void The_strongest_rows_are_those_of_the_activations(string name)
    {
        var dims = Save(name);
        CliRun.Text(["activations", .. Shown(name), "--layer", "second", "--raw", _folder["maps.npy"]]);
        var maps = NpyFile.Load(_folder["maps.npy"]);
        var (units, size) = ((int)maps.Dims[1], (int)(maps.Count / maps.Dims[0] / maps.Dims[1]));
        var numbers = maps.ToFloats();
        var run = CliRun.Of(["top", .. Shown(name), "--layer", "second", "--unit", "all", "--top", $"{Kept}", "--steps", "1", "--raw", _folder["top.npy"], "--json", "-o", _folder["top.png"]]);
        Assert.True(run.Exit == 0, run.Error);
        var found = NpyFile.Load(_folder["top.npy"]);
        Assert.Equal([units, Kept], found.Dims);
        var json = run.Json["results"]!.AsArray();
        for (var unit = 0; unit < units; unit++)
        {
            var strongest = Enumerable.Range(0, Rows).Select(row => (Row: row, Peak: numbers.AsSpan(((row * units) + unit) * size, size).ToArray().Max()))
                .OrderByDescending(r => r.Peak).ThenBy(r => r.Row).Take(Kept).ToList();
            Near.Each($"{name} {unit}", [.. strongest.Select(s => (double)s.Peak)], [.. found.ToDoubles().Skip(unit * Kept).Take(Kept)], 1e-6);
            if (strongest[0].Peak > 0) Assert.Equal($"x.npy[{strongest[0].Row}]", json[unit]!["top"]![0]!["file"]!.GetValue<string>());
        }

        Assert.Equal(Rows, dims[0]);
        Assert.True(ImageFile.Load(_folder["top.png"]).Width > 100);
    }

    [Fact]
    public void Parts_are_joined_to_the_same()
    {
        Save("nct3");
        string[] search = ["top", .. Shown("nct3"), "--layer", "second", "--unit", "0-3", "--batch", "2", "--no-maximize"];
        CliRun.Text([.. search, "--raw", _folder["whole.npy"]]);
        foreach (var part in new[] { "1/2", "2/2" }) CliRun.Text([.. search, "--shard", part, "-o", _folder["parts"]]);
        CliRun.Text(["merge", _folder["parts"], "--raw", _folder["joined.npy"]]);
        Assert.Equal(NpyFile.Load(_folder["whole.npy"]).ToFloats(), NpyFile.Load(_folder["joined.npy"]).ToFloats());
    }

    [Theory]
    [InlineData(2, "--input-tensor and a folder do not go together", "x.npy", "more")]
    [InlineData(3, "holds Float[7,2,9]", "odd.npy")]
    [InlineData(2, "is what the result is made of", "x.npy", "--raw", "x.npy")]
    public void What_cannot_be_searched_is_said(int exit, string message, string tensor, params string[] more)
    {
        Save("nct3");
        _folder.Write("odd.npy", NpyFile.Encode(new float[Rows * 2 * 9], [Rows, 2, 9]));
        var run = CliRun.Of(["top", "-m", Model("nct3"), "--input-tensor", _folder[tensor], "--layer", "second", "--device", "cpu", .. more.Select(m => m.EndsWith(".npy", StringComparison.Ordinal) ? _folder[m] : m)]);
        Assert.Equal(exit, run.Exit);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    private static string Model(string name) => Repository.Fixture($"inputs/{name}.onnx");

    private string[] Shown(string name) => ["-m", Model(name), "--input-tensor", _folder["x.npy"], "--device", "cpu"];

    /// <summary>Rows of the shape that the network's own example has.</summary>
    private long[] Save(string name)
    {
        long[] dims = [Rows, .. NpzFile.Load(Repository.Fixture("inputs/inputs.npz"))[$"{name}/x"].Dims[1..]];
        var random = new Random(3);
        _folder.Write("x.npy", NpyFile.Encode([.. Enumerable.Range(0, (int)dims.Aggregate(1L, (product, d) => product * d)).Select(_ => (float)random.NextDouble())], dims));
        return dims;
    }
}
