using OnnxViz.Graphs.Fields;
using OnnxViz.Graphs.Naming;
using OnnxViz.Graphs.Opsets;

namespace OnnxViz.Features;

/// <summary>One line of a <see cref="LayerSummary"/>.</summary>
/// <param name="Layer">The layer with its names.</param>
/// <param name="Shape">Shape of its tensor; null where not even the rank is known.</param>
/// <param name="Parameters">Elements of the parameters that the layer has and no layer before it.</param>
/// <param name="Macs">Multiply-accumulates for one picture; null where the shapes are not known.</param>
/// <param name="Height">What it sees of the picture along the height.</param>
/// <param name="Width">What it sees of the picture along the width.</param>
internal sealed record LayerRow(
    Layer Layer, long[]? Shape, long Parameters, long? Macs, ReceptiveField Height, ReceptiveField Width)
{
    public string Name => Layer.Name;

    public string Op => Layer.Node.OpType;
}

/// <summary>The layers of a network in order, with what they deliver, hold, cost and see.</summary>
internal sealed class LayerSummary
{
    private LayerSummary(IReadOnlyList<LayerRow> rows) => Rows = rows;

    public IReadOnlyList<LayerRow> Rows { get; }

    /// <summary>Each initializer once, as PyTorch's parameters() would count them.</summary>
    public long TotalParameters => Rows.Sum(r => r.Parameters);

    /// <summary>Multiply-accumulates of all layers whose shapes are known.</summary>
    public long TotalMacs => Rows.Sum(r => r.Macs ?? 0);

    /// <param name="model">The model as loaded, with its own operators and names.</param>
    /// <param name="layers">Its layers.</param>
    /// <param name="specialised">
    /// For its values their counterparts of known shape, as <see cref="Inlining"/> delivers them; layers that were not
    /// copied are left out. Without it the model's own shapes count.
    /// </param>
    /// <param name="pictures">How many pictures the shapes are for.</param>
    public static LayerSummary Of(Graph model, LayerTable layers, IReadOnlyDictionary<Value, Value>? specialised = null, int pictures = 1)
    {
        var fields = ReceptiveFields.Of(model, specialised);
        var counted = new HashSet<Value>();
        var rows = new List<LayerRow>();
        foreach (var layer in layers.Layers)
        {
            if (specialised is not null && !specialised.ContainsKey(layer.Value)) continue;
            // A node with several outputs has its parameters and its work in the row of the first.
            var isFirst = rows.Count == 0 || rows[^1].Layer.Node != layer.Node;
            var parameters = isFirst ? Parameters(layer.Node).Where(p => counted.Add(p.Initializer)).Sum(p => p.Count) : 0;
            var (height, width) = fields.Of(layer.Value)!.Value;
            rows.Add(new LayerRow(
                layer, Specialised(layer.Value).Dims, parameters, isFirst ? MultiplyAdds.Of(layer.Node, v => Specialised(v).Dims) / pictures : 0, height, width));
        }

        return new LayerSummary(rows);

        IEnumerable<(Value Initializer, long Count)> Parameters(Node node) =>
            LayerCost.Parameters(node, Specialised, value => fields.Of(value) is null, isLearned: counted.Count > 0);

        Value Specialised(Value value) => specialised?.GetValueOrDefault(value) ?? value;
    }
}
