using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Onnx;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Deconv;

/// <summary>What `deconv` says and writes beside its pictures.</summary>
public sealed class DeconvVerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static string Network => Repository.Fixture("deconv/padded.onnx");

    private static string Input => Repository.Fixture("deconv/padded.input.npy");

    [Fact]
    public void Raw_holds_the_projections_in_the_order_given()
    {
        var json = Run("--layer", "out", "--unit", "5,0,2", "--raw", _folder["p.npy"]).Json;
        var raw = NpyFile.Load(_folder["p.npy"]);
        Assert.Equal([3, 3, 21, 22], raw.Dims);
        Near.Each("raw", NpyFile.Load(Repository.Fixture("deconv/padded.single.npy")).ToDoubles(), raw.ToDoubles(), 2e-6);
        var units = json["results"]![0]!["units"]!.AsArray();
        Assert.Equal([5, 0, 2], units.Select(u => u!["unit"]!.GetValue<int>()));
        Assert.All(units, u => Assert.InRange(u!["field"]!["width"]!.GetValue<int>(), 1, 22));
        Assert.Empty(json["files"]!.AsArray());
    }

    [Fact]
    public void The_strongest_units_come_first()
    {
        var units = Run("--layer", "out", "--top", "4", "--raw", _folder["p.npy"]).Json["results"]![0]!["units"]!.AsArray();
        var activations = units.Select(u => u!["activation"]!.GetValue<float>()).ToList();
        Assert.Equal(4, activations.Count);
        Assert.Equal(activations.OrderDescending(), activations);
    }

    [Fact]
    public void Several_layers_and_rows_are_one_array()
    {
        var tensor = _folder.Write("two.npy", NpyFile.Encode([.. NpyFile.Load(Input).ToFloats(), .. new float[3 * 21 * 22]], 2, 3, 21, 22));
        var run = CliRun.Of("deconv", "-m", Network, "--input-tensor", tensor, "--layer", "out", "image", "--unit", "0,1", "--raw", _folder["p.npy"], "-o", _folder["p.png"], "--json");
        Assert.True(run.Exit == 0, run.Error);
        Assert.Equal([8, 3, 21, 22], NpyFile.Load(_folder["p.npy"]).Dims);
        Assert.True(File.Exists(_folder["p.png"]));
    }

    [Theory]
    [InlineData(2, "--top", "--unit", "1", "--top", "3", "--layer", "out")]
    [InlineData(2, "--layer", "--unit", "1")]
    [InlineData(2, "--every-pool", "--every-pool", "--layer", "out")]
    [InlineData(2, "--top 0", "--top", "0")]
    [InlineData(3, "0 to 5", "--layer", "out", "--unit", "6")]
    [InlineData(3, "No layer 'pool9'", "--layer", "pool9")]
    public void What_makes_no_sense_is_a_sentence(int exit, string says, params string[] args)
    {
        var run = CliRun.Of(["deconv", "-m", Network, "--input-tensor", Input, "-o", _folder["p.png"], .. args]);
        Assert.Equal(exit, run.Exit);
        Assert.Contains(says, run.Error);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
        Assert.False(File.Exists(_folder["p.png"]));
    }

    [Fact]
    public void Without_a_max_pool_there_are_no_switches()
    {
        var b = new GraphBuilder();
        var weight = b.Constant(TinyTensors.Random(ElementType.Float, new Random(3), 4, 3, 3, 3), "weight");
        b.Expose("features", b.Relu(b.Emit("Conv", [b.Input("image", ElementType.Float, -1, 3, 16, 16), weight])));
        OnnxFile.Save(b.Build(), _folder["net.onnx"]);
        string[] command = ["deconv", "-m", _folder["net.onnx"], "-i", Repository.Carried("images/chelsea.png"), "-o", _folder["p.png"]];
        var refused = CliRun.Of([.. command, "--every-pool"]);
        Assert.Equal(3, refused.Exit);
        Assert.Contains("no max-pool", refused.Error);
        var done = CliRun.Of([.. command, "--layer", "features"]);
        Assert.Equal(0, done.Exit);
        Assert.Contains("no max-pool", done.Error);
    }

    [Fact]
    public void Of_a_silent_unit_there_is_nothing_to_be_seen()
    {
        var tensor = _folder.Write("low.npy", NpyFile.Encode([.. Enumerable.Repeat(-1f, 3 * 8 * 8)], 1, 3, 8, 8));
        var b = new GraphBuilder();
        b.Expose("rectified", b.Relu(b.Input("image", ElementType.Float, -1, 3, 8, 8)));
        OnnxFile.Save(b.Build(), _folder["net.onnx"]);
        var run = CliRun.Of("deconv", "-m", _folder["net.onnx"], "--input-tensor", tensor, "--layer", "rectified", "--raw", _folder["p.npy"], "-o", _folder["p.png"]);
        Assert.True(run.Exit == 0, run.Error);
        Assert.All(NpyFile.Load(_folder["p.npy"]).ToFloats(), v => Assert.Equal(0, v));
    }

    public void Dispose() => _folder.Dispose();

    private CliRun Run(params string[] args)
    {
        var run = CliRun.Of(["deconv", "-m", Network, "--input-tensor", Input, "--json", .. args]);
        Assert.True(run.Exit == 0, run.Error);
        return run;
    }
}
