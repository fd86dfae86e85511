using OnnxViz.Autodiff.Rules;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Graphs.Naming;
using OnnxViz.Graphs.Opsets;
using OnnxViz.Imaging.Files;
using OnnxViz.Onnx;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Maximize;

/// <summary>
/// The six classical trials on GoogLeNet's inception4a, units 11 and 225. Its weights are drawn here, so the pictures
/// mean nothing; that every trial goes its own way uphill does.
/// </summary>
public class ClassicalTrialsTests
{
    private static readonly string[] Trials = ["erhan2009", "rescaled", "rms", "rescaled-l2", "mahendran2015-scharr", "target-mse"];

    [Fact]
    public void Of_two_units_of_inception4a()
    {
        using TemporaryFolder folder = new();
        var run = CliRun.Of(
            "maximize", "-m", Googlenet(folder["googlenet.onnx"]), "--layer", "inception4a", "--unit", "11,225", "--recipe", string.Join(',', Trials),
            "--size", "48", "--steps", "3", "--octaves", "2", "--device", "cpu", "--json", "--raw", folder["found.npy"], "-o", folder["trials.png"]);
        Assert.True(run.Exit == 0, run.Error);

        var results = run.Json["results"]!.AsArray();
        Assert.Equal(
            from unit in new[] { 11, 225 } from trial in Trials select (unit, trial),
            results.Select(r => ((int)r!["unit"]!, (string)r["recipe"]!)));
        Assert.All(results, r => Assert.True(float.IsFinite((float)r!["objective"]!)));
        var found = NpyFile.Load(folder["found.npy"]);
        Assert.Equal([12, 3, 48, 48], found.Dims);
        Assert.Equal(12, found.ToFloats().Chunk(3 * 48 * 48).Select(p => p.Sum()).Distinct().Count());
        Assert.True(ImageFile.Load(folder["trials.png"]).Width > 6 * 48);
    }

    /// <summary>torchvision's network as exported, from the picture to inception4a, with He's deviation for every weight.</summary>
    private static string Googlenet(string path)
    {
        var model = LayerFixture.Load("googlenet");
        var random = new Random(4);
        var b = new GraphBuilder("googlenet");
        var inlined = b.Inline(model, new Dictionary<Value, Value> { [model.Inputs[0]] = b.Input("image", ElementType.Float, -1, 3, -1, -1) }, model.Outputs);
        b.Expose("inception4a", inlined[LayerTable.For(model).Find("inception4a")]);
        var graph = b.Build();
        foreach (var node in graph.Nodes.Where(n => n.OpType == "Conv"))
        {
            for (var i = 1; i < node.Inputs.Length; i++)
            {
                long[] dims = node.Inputs[i]!.StaticDims();
                var scale = i == 1 ? Math.Sqrt(2.0 / Shapes.Count(dims.AsSpan(1))) : 0;
                node.Inputs[i] = new Value($"{node.Name}.{i}")
                {
                    Type = ElementType.Float,
                    Dims = dims,
                    Constant = Tensor.Of([.. Enumerable.Range(0, (int)Shapes.Count(dims)).Select(_ => (float)(scale * Normal(random)))], dims),
                };
            }
        }

        OnnxFile.Save(graph, path);
        return path;
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
