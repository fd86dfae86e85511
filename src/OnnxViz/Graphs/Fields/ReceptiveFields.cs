using OnnxViz.Graphs.Opsets;

namespace OnnxViz.Graphs.Fields;

/// <summary>
/// The receptive fields of all layers of a network with respect to its image inputs. Where an operator is not known or
/// mixes positions in ways that are no window, the field is unbounded: it is never too small.
/// </summary>
internal sealed class ReceptiveFields
{
    private readonly Dictionary<Value, SpatialAxis[]> _axes = [];

    private ReceptiveFields(Graph model, IReadOnlyDictionary<Value, Value>? specialised)
    {
        var flow = DataFlow.Of(model);
        foreach (var input in flow.Inputs)
            _axes[input] = [.. Positions(input.AxisDenotations, Specialised(input).Dims).Select(axis => new SpatialAxis(ReceptiveField.Pixel, axis))];
        var count = flow.Inputs.Select(i => _axes[i].Length).DefaultIfEmpty(2).Max();

        foreach (var node in flow.Nodes)
        {
            var operands = flow.InputsOf(node).Select(i => (Value: i, Axes: _axes[i])).ToList();
            for (var axis = 0; axis < count; axis++)
            {
                var result = ReceptiveFieldRules.Apply(
                    node, model.Opset, Specialised, operands.ConvertAll(o => (o.Value, axis < o.Axes.Length ? o.Axes[axis] : new SpatialAxis(ReceptiveField.Pixel.Unbounded, -1))));
                foreach (var output in node.Outputs)
                    (_axes.TryGetValue(output, out var axes) ? axes : _axes[output] = new SpatialAxis[count])[axis] = result;
            }
        }

        Value Specialised(Value value) => specialised?.GetValueOrDefault(value) ?? value;
    }

    /// <param name="model">The network.</param>
    /// <param name="specialised">
    /// For the values of the model their counterparts of known shape, as <see cref="Inlining"/> delivers them; unless the
    /// model's own shapes are known.
    /// </param>
    public static ReceptiveFields Of(Graph model, IReadOnlyDictionary<Value, Value>? specialised = null) => new(model, specialised);

    /// <summary>Whether the value is a map of the input with its channels last, such as [N, H, W, C].</summary>
    /// <param name="value">Of the model.</param>
    /// <param name="rank">Of the value.</param>
    public bool HasChannelsLast(Value value, int rank) => Maps(value, rank, behind: 1);

    /// <summary>Whether the value is a map of the input with its channels before the positions, such as [N, C, H, W].</summary>
    /// <inheritdoc cref="HasChannelsLast"/>
    public bool HasChannelsFirst(Value value, int rank) => Maps(value, rank, behind: 0);

    /// <summary>The fields along height and width, of a signal along one line of samples; null for a value that does not depend on the picture.</summary>
    public (ReceptiveField Height, ReceptiveField Width)? Of(Value value) =>
        _axes.TryGetValue(value, out var axes) ? (axes.Length > 1 ? axes[^2].Field : ReceptiveField.Pixel, axes[^1].Field) : null;

    /// <summary>Whether the positions are the last axes but for some behind them, and have the batch and the channels beside them.</summary>
    private bool Maps(Value value, int rank, int behind) => _axes.TryGetValue(value, out var axes) && (rank == axes.Length + 2 || (axes.Length == 1 && rank == 4))
        && axes.Index().All(a => a.Item.Dim == rank - behind - axes.Length + a.Index);

    private static int[] Positions(string[]? words, long[]? dims) => dims switch
    {
        _ when words is not null => [.. words.Index().Where(w => w.Item is not (AxisWords.Batch or AxisWords.Channel)).Select(w => w.Index)],
        { Length: 3 } => [2],
        { Length: 5 } => [2, 3, 4],
        // The pictures of NHWC models have their channels behind.
        [_, not (1 or 3 or 4), _, 1 or 3 or 4] => [1, 2],
        _ => [2, 3],
    };
}

/// <summary>Where a tensor has the height or width of the picture.</summary>
/// <param name="Field">What its positions see.</param>
/// <param name="Dim">Which dimension that is; -1 when it has been summed up or flattened, and each element sees the same.</param>
internal readonly record struct SpatialAxis(ReceptiveField Field, int Dim);
