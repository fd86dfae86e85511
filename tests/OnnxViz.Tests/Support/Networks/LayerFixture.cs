using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Graphs.Opsets;
using OnnxViz.Onnx;

namespace OnnxViz.Tests.Support.Networks;

/// <summary>torchvision's networks without weights, as tools/make_layer_fixtures.py writes them.</summary>
internal static class LayerFixture
{
    /// <param name="name">With scopes and folded batch norms; "-plain" without scopes, with batch norms.</param>
    public static Graph Load(string name) => OnnxFile.Load(Repository.Fixture($"layers/{name}.onnx")).Graph;

    /// <summary>For every value of a model with one input its counterpart, with shapes for a picture of the given dimensions.</summary>
    public static IReadOnlyDictionary<Value, Value> Specialise(Graph model, params long[] dims)
    {
        var builder = new GraphBuilder();
        var image = builder.Input("image", ElementType.Float, dims);
        return builder.Inline(model, new Dictionary<Value, Value> { [model.Inputs[0]] = image }, model.Outputs);
    }
}
