using OnnxViz.Graphs.Fields;
using OnnxViz.Objectives;

namespace OnnxViz.Saliency;

/// <summary>A method that uses the maps of a layer, such as [N, C, h, w], for a class activation map, [N, 1, h, w].</summary>
public abstract record LayerMethod(string Word, string Summary, Paper Paper) : SaliencyMethod(Word, Summary, Paper)
{
    /// <summary>Name of the layer; null for <see cref="DefaultLayer"/>.</summary>
    public string? Layer { get; init; }

    public override SaliencyFamily Family => SaliencyFamily.LayerMap;

    public override SaliencyLook Look => SaliencyLook.Heat;

    public override bool IsLayerMap => true;

    /// <summary>
    /// The last layer with more than one position that the score depends on. Layers in front of an activation are passed over,
    /// and so is the scored layer's own pre-activation, whose map would show only the scored unit.
    /// </summary>
    /// <param name="model">The network.</param>
    /// <param name="inputDims">[N, C, H, W] or [N, H, W, C].</param>
    /// <param name="target">The score.</param>
    /// <exception cref="OnnxVizException">There is no such layer.</exception>
    public static Value DefaultLayer(VisionModel model, long[] inputDims, ScoreTarget target)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(target);
        var forward = ShapedModel.Start(model, inputDims, target.Layer);
        var explained = MapOf(target, forward);
        if (explained != target.Layer) forward = ShapedModel.Start(model, inputDims, explained);
        var fields = ReceptiveFields.Of(model.Graph, forward.Map);
        var flow = DataFlow.Of(model.Graph);
        var unit = SourcesOfResizing(explained);
        var layers = model.Layers.Layers.Select(l => l.Value).Where(v => v != explained && IsMap(v)).Reverse().ToList();
        var activated = Activated(flow);
        return layers.Find(v => !activated.Contains(v) && !unit.Contains(v)) ?? layers.Find(v => !unit.Contains(v)) ?? layers.FirstOrDefault() ?? throw OnnxVizException.Input(
            $"{model.Name} has no layer with more than one position on the way to '{model.Layers.NameOf(explained)}': a class activation map has nothing to be made of. Use gradient, integrated-gradients or occlusion.");

        bool IsMap(Value value) => forward.Map.GetValueOrDefault(value) is { Producer: not null, Dims: { Length: >= 3 and <= 5 } dims }
            && (fields.HasChannelsLast(value, dims.Length) ? HasSeveral(dims.AsSpan(1..^1)) : fields.HasChannelsFirst(value, dims.Length) && HasSeveral(dims.AsSpan(2)));
    }

    /// <inheritdoc/>
    public override void Check(VisionModel model, long[] inputDims)
    {
        base.Check(model, inputDims);
        if (Layer is not null) model.Layers.Find(Layer);
    }

    /// <summary>The named layer, or the default one.</summary>
    protected Value LayerOf(SaliencyTask task) => Layer is not null ? task.Model.Layers.Find(Layer) : DefaultLayer(task.Model, task.RowDims, task.Target);

    /// <exception cref="OnnxVizException">The layer has no positions.</exception>
    internal static void CheckMaps(VisionModel model, Value layer, Value maps)
    {
        if (maps.StaticDims() is { Length: >= 3 } dims && HasSeveral(dims.AsSpan(2))) return;
        throw OnnxVizException.Input(
            $"'{model.Layers.NameOf(layer)}' has the shape [{Shapes.Text(maps.Dims)}]: a class activation map needs a layer [N,C,positions] with more than one position.");
    }

    private static bool HasSeveral(ReadOnlySpan<long> positions) => Shapes.Count(positions) > 1;

    /// <summary>Values that go through an activation next, perhaps after a normalisation or an addition.</summary>
    private static HashSet<Value> Activated(DataFlow flow)
    {
        var activated = new HashSet<Value>();
        foreach (var node in flow.Nodes.Reverse())
            if (node.Is(OperatorNature.Activation) || (node is { OpType: "BatchNormalization" or "Add", Domain: "" } && activated.Contains(node.Outputs[0])))
                activated.UnionWith(flow.InputsOf(node));
        return activated;
    }

    /// <summary>
    /// What is explained; of one element that was only moved into a tensor of another rank, as a detector's anchors are, the map that it lay in: what
    /// else went there has nothing to do with it.
    /// </summary>
    private static Value MapOf(ScoreTarget target, ShapedModel forward)
    {
        if (target is not { Position: { } position, Unit: { } unit } || forward.Map[target.Layer] is not { HasStaticShape: true, Rank: not 4 } value || value.Rank != position.Indices.Count + 2) return target.Layer;
        var origins = ElementOrigin.Of(value, [0, unit, .. position.Indices.Select(i => (long)i)]).ToList();
        return forward.Map.Where(m => m.Value is { HasStaticShape: true, Rank: 4, Producer: not null } && origins.Contains(m.Value))
            .OrderBy(m => origins.IndexOf(m.Value)).Select(m => m.Key).LastOrDefault() ?? target.Layer;
    }

    /// <summary>The values that this one is a resized or stored form of, as a segmentation's scores are. Their maps, too, would show only the scored unit.</summary>
    private static HashSet<Value> SourcesOfResizing(Value value)
    {
        var same = new HashSet<Value>();
        while (value.Producer is { } node && (node.OpType is "Resize" or "Upsample" || node.Is(OperatorNature.KeepsValues))) same.Add(value = node.Required(0));
        return same;
    }
}
