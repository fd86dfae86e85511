using OnnxViz.Deconv;
using OnnxViz.Graphs;
using OnnxViz.Models;
using OnnxViz.Objectives;
using OnnxViz.Onnx;
using OnnxViz.Runtime;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Deconv;

/// <summary>Against a deconvnet that PyTorch builds layer by layer, in float64 (tools/make_deconv_fixtures.py).</summary>
public class DeconvnetTests
{
    private const double Limit = 2e-6;

    [Theory]
    [InlineData("plain")]
    [InlineData("overlapping")]
    [InlineData("padded")]
    [InlineData("ceil")]
    [InlineData("linear")]
    public void A_tiny_network_projects_as_the_paper_says(string name)
    {
        var (model, layer, input) = Open(name);
        var units = Load(name, "units").ToFloats().Select(u => (int)u).ToArray();
        using var peaks = new UnitPeaks(model, layer, input.Dims, RuntimeOptions.Default, units);
        var (activations, positions) = peaks.Of(input);
        var fields = LayerFields.Of(model, layer, input.Dims);
        var found = units.Select((_, i) => (Activation: activations.ToDoubles()[i], At: fields.At((int)positions[i])));
        var expected = Load(name, "peaks").ToDoubles();
        Near.Each("strongest", expected, [.. found.SelectMany(f => new[] { f.Activation, f.At.Row, f.At.Column })], Limit);

        Near.Each("single", Load(name, "single").ToDoubles(), Project(units.Select((u, i) => new DeconvTarget(() => input, u, (int)positions[i]))), Limit);
        Near.Each("whole", Load(name, "whole").ToDoubles(), Project(units.Select(u => new DeconvTarget(() => input, u, null))), Limit);

        double[] Project(IEnumerable<DeconvTarget> targets) =>
            Tensors.Stack([.. Deconvnet.Project(model, layer, input.Dims, [.. targets], RuntimeOptions.Default)]).ToDoubles();
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("overlapping")]
    [InlineData("padded")]
    [InlineData("ceil")]
    [InlineData("linear")]
    public void Nothing_is_projected_outside_of_what_was_seen(string name)
    {
        var (model, layer, input) = Open(name);
        var fields = LayerFields.Of(model, layer, input.Dims);
        var maps = ShapedModel.Start(model, input.Dims, layer)[layer].Dims!;
        var positions = Enumerable.Range(0, (int)(maps[2] * maps[3])).ToList();
        var projections = Deconvnet.Project(model, layer, input.Dims, positions.ConvertAll(p => new DeconvTarget(() => input, 2, p)), RuntimeOptions.Default);
        foreach (var (position, projection) in positions.Zip(projections))
        {
            var (box, pixels) = (fields.Box(position), projection.ToFloats());
            for (var i = 0; i < pixels.Length; i++)
            {
                var (y, x) = Math.DivRem(i % (int)(input.Dims[2] * input.Dims[3]), (int)input.Dims[3]);
                if (x < box.X || x >= box.X + box.Width || y < box.Y || y >= box.Y + box.Height) Assert.Equal(0, pixels[i]);
            }
        }

        Assert.Contains(projections, p => p.ToFloats().Any(v => v != 0));
    }

    [Fact]
    public void An_interrupted_projection_keeps_what_is_finished()
    {
        // Of a model that takes one picture at a time every target is a batch.
        using var folder = new TemporaryFolder();
        var model = VisionModel.Load(SmallClassifier.Save(folder["small.onnx"], 1, 1, 3, 8, 8), ModelCatalog.Open(Repository.Carried("")));
        var (layer, input) = (model.Layers.Find("scores"), TinyTensors.Random(ElementType.Float, new Random(5), 1, 3, 8, 8));
        using var stop = new CancellationTokenSource();
        var targets = Enumerable.Range(0, 4).Select(u => new DeconvTarget(() => input, u, null)).ToList();
        var found = Deconvnet.Project(model, layer, input.Dims, targets, RuntimeOptions.Default, new StopAfterFirst(stop), stop.Token);
        Assert.Single(found);
    }

    private static (VisionModel Model, Value Layer, Tensor Input) Open(string name)
    {
        var model = VisionModel.Load(Repository.Fixture($"deconv/{name}.onnx"), ModelCatalog.Open(Repository.Carried("")));
        return (model, model.Graph.Outputs[0], Load(name, "input"));
    }

    private static Tensor Load(string name, string what) => NpyFile.Load(Repository.Fixture($"deconv/{name}.{what}.npy"));

    private sealed class StopAfterFirst(CancellationTokenSource stop) : IProgress<int>
    {
        public void Report(int value) => stop.Cancel();
    }
}
