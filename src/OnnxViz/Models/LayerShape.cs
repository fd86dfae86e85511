using OnnxViz.Graphs;

namespace OnnxViz.Models;

public static class LayerShape
{
    /// <summary>Dimensions of a layer's activation, units on axis 1, for an input of the given ones.</summary>
    /// <exception cref="OnnxVizException">Not known before the model runs, or without an axis of units.</exception>
    public static long[] Of(VisionModel model, Value layer, long[] inputDims)
    {
        var dims = ShapedModel.DimsOf(model, layer, inputDims);
        return dims.Length >= 2 ? dims : throw OnnxVizException.Input($"'{layer.Name}' has the shape [{Shapes.Text(dims)}]: no axis of units.");
    }
}
