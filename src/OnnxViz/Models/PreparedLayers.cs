using OnnxViz.Graphs.Naming;

namespace OnnxViz.Models;

/// <summary>Layers between a graph as it was loaded and a prepared forward graph, which calls their tensors what users call them.</summary>
internal static class PreparedLayers
{
    /// <summary>The model up to its outputs and all layers, or up to those that can be followed: behind a Loop nothing can.</summary>
    /// <exception cref="OnnxVizException">Nothing can be followed.</exception>
    public static ShapedModel Follow(VisionModel model, long[] inputDims, Func<GraphBuilder> newBuilder)
    {
        Value[] wanted = [.. model.Graph.Outputs, .. model.Layers.Layers.Select(l => l.Value)];
        try
        {
            return ShapedModel.Start(newBuilder(), model, inputDims, wanted);
        }
        catch (OnnxVizException e) when (e.Fault == Fault.Input)
        {
            var copy = new TolerantCopy(newBuilder(), model, inputDims, wanted);
            var followed = wanted.Where(copy.IsWhole).ToArray();
            if (followed.Length == 0) throw;
            return ShapedModel.Start(newBuilder(), model, inputDims, followed);
        }
    }

    /// <summary>Makes the model's outputs and then every layer an output.</summary>
    /// <returns>The names of the model's own outputs, and the table.</returns>
    public static (IReadOnlyList<string> Outputs, IReadOnlyList<PreparedLayer> Layers) Expose(VisionModel model, ShapedModel forward)
    {
        var builder = forward.Builder;
        var outputs = model.Graph.Outputs.FindAll(forward.Map.ContainsKey).ConvertAll(output => builder.Expose(output.Name, forward[output]).Name);
        var layers = new List<PreparedLayer>();
        foreach (var layer in model.Layers.Layers)
        {
            // What has turned out to be a constant, or the picture itself, tells nothing about a picture.
            if (forward.Map.GetValueOrDefault(layer.Value) is not { Producer: { } node } value) continue;
            if (!builder.Graph.Outputs.Contains(value)) builder.Expose(layer.Name, value);
            layers.Add(new PreparedLayer(layer.Name, value.Name, node.OpType, value.Dims, layer.Alias, layer.Modules, layer.NodeName, layer.Value.Name));
        }

        return (outputs, layers);
    }

    /// <summary>The model as it was before: its own outputs, its own names.</summary>
    public static (Graph Graph, LayerTable Layers) Restore(PreparedIndex index, Graph forward, string model)
    {
        var byName = forward.Outputs.DistinctBy(o => o.Name).ToDictionary(o => o.Name);
        var shape = index.Preprocessing.Input.Shape;
        if (forward.Inputs is not [{ Dims: { } dims }, ..] || dims.Length != shape.Length || dims.Zip(shape).Any(d => d.First > 0 && d.Second > 0 && d.First != d.Second))
            throw Wrong($"{index.Forward.File} takes {(forward.Inputs is [var first, ..] ? first : "nothing")}, and {PreparedIndex.FileName} says [{Shapes.Text(shape)}]");
        var graph = new Graph { Name = model, Opset = forward.Opset, Domains = forward.Domains, Inputs = forward.Inputs, Outputs = [.. index.Outputs.Select(Named)], Nodes = forward.Nodes };
        var layers = index.Layers.Select(l => new Layer(Named(l.Output), Named(l.Output).Producer ?? throw Wrong($"nothing makes the layer '{l.Output}'"), l.Alias, l.Modules) { NodeName = l.Node }).ToList();
        foreach (var (layer, known) in layers.Zip(index.Layers).Reverse()) layer.Value.Name = known.Tensor;
        forward.Inputs[0].Name = index.Source.Input;
        return (graph, LayerTable.Known(layers, graph.Inputs, model));

        Value Named(string output) => byName.GetValueOrDefault(output)
            ?? throw Wrong($"{index.Forward.File} has no output '{output}', of which {PreparedIndex.FileName} tells");

        OnnxVizException Wrong(string why) => OnnxVizException.Input($"'{model}' is damaged: {why}. Prepare it again.");
    }
}
