namespace OnnxViz.Models;

internal static class Units
{
    /// <exception cref="OnnxVizException">The layer has no unit of that number.</exception>
    public static void Check(long unit, long[] dims, string layer)
    {
        if (dims.Length < 2) throw OnnxVizException.Input($"'{layer}' has the shape [{Shapes.Text(dims)}]: no axis of units.");
        if (unit < 0 || unit >= dims[1])
            throw OnnxVizException.Input($"'{layer}' has no unit {unit}: its {dims[1]} units are 0 to {dims[1] - 1}.");
    }
}

internal static class LayerShape
{
    /// <summary>Dimensions of a layer's activation, units on axis 1, for an input of the given ones.</summary>
    /// <exception cref="OnnxVizException">Not known before the model runs, or without an axis of units.</exception>
    public static long[] Of(VisionModel model, Value layer, long[] inputDims)
    {
        var dims = ShapedModel.DimsOf(model, layer, inputDims);
        return dims.Length >= 2 ? dims : throw OnnxVizException.Input($"'{layer.Name}' has the shape [{Shapes.Text(dims)}]: no axis of units.");
    }
}
