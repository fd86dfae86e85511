using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Graphs.Fields;
using OnnxViz.Models;

namespace OnnxViz.Saliency;

/// <summary>Layers that class activation maps can be made of.</summary>
internal static class MapLayers
{
    /// <summary>
    /// The last layer with more than one position of the picture on the way to another one. What has yet to go through
    /// its activation does not count: the map of a unit's own pre-activation would show only that unit.
    /// </summary>
    /// <exception cref="OnnxVizException">There is none.</exception>
    public static Value Last(VisionModel model, long[] inputDims, Value explained)
    {
        var forward = ShapedModel.Start(model, inputDims, explained);
        var fields = ReceptiveFields.Of(model.Graph, forward.Map);
        var flow = DataFlow.Of(model.Graph);
        var unit = Resized(explained);
        var layers = model.Layers.Layers.Select(l => l.Value).Where(v => v != explained && IsMap(v)).Reverse().ToList();
        var activated = Activated(flow);
        return layers.Find(v => !activated.Contains(v) && !unit.Contains(v)) ?? layers.Find(v => !unit.Contains(v)) ?? layers.FirstOrDefault() ?? throw OnnxVizException.Input(
            $"{model.Name} has no layer with more than one position on the way to '{model.Layers.NameOf(explained)}': a class activation map has nothing to be made of. Use gradient, integrated-gradients or occlusion.");

        bool IsMap(Value value) => forward.Map.GetValueOrDefault(value) is { Producer: not null, Dims: [_, _, _, _] dims }
            && (fields.HasChannelsLast(value) ? dims[1] * dims[2] > 1 : fields.HasChannelsFirst(value) && dims[2] * dims[3] > 1);
    }

    /// <summary>What goes through an activation next, perhaps normalised or added to something before.</summary>
    private static HashSet<Value> Activated(DataFlow flow)
    {
        var activated = new HashSet<Value>();
        foreach (var node in flow.Nodes.Reverse())
            if (node.Is(OperatorNature.Activation) || (node is { OpType: "BatchNormalization" or "Add", Domain: "" } && activated.Contains(node.Outputs[0])))
                activated.UnionWith(flow.InputsOf(node));
        return activated;
    }

    /// <summary>The values that this one is a resized or stored form of, as a segmentation's scores are: their maps too show only the unit.</summary>
    private static HashSet<Value> Resized(Value value)
    {
        var same = new HashSet<Value>();
        while (value.Producer is { } node && (node.OpType is "Resize" or "Upsample" || node.Is(OperatorNature.KeepsValues))) same.Add(value = node.Required(0));
        return same;
    }

    /// <summary>The layer asked for, or the last one.</summary>
    public static Value Of(AttributionTask task) => task.Options.MapLayer ?? Last(task.Model, task.RowDims, task.Target.Layer);

    /// <exception cref="OnnxVizException">The layer has no positions.</exception>
    public static void Check(VisionModel model, Value layer, Value activation)
    {
        if (activation.StaticDims() is [_, _, var h, var w] && h * w > 1) return;
        throw OnnxVizException.Input(
            $"'{model.Layers.NameOf(layer)}' has the shape [{Shapes.Text(activation.Dims)}]: a class activation map needs a layer [N,C,H,W] with more than one position. `onnxviz summary {model.Name}` lists them.");
    }
}
