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
        {
            // The pictures of NHWC models have their channels behind.
            var first = Specialised(input).Dims is [_, not (1 or 3 or 4), _, 1 or 3 or 4] ? 1 : 2;
            _axes[input] = [new SpatialAxis(ReceptiveField.Pixel, first), new SpatialAxis(ReceptiveField.Pixel, first + 1)];
        }

        foreach (var node in flow.Nodes)
        {
            var operands = flow.InputsOf(node).Select(i => (Value: i, Axes: _axes[i])).ToList();
            for (var axis = 0; axis < 2; axis++)
            {
                var result = ReceptiveFieldRules.Apply(node, model.Opset, Specialised, operands.ConvertAll(o => (o.Value, o.Axes[axis])));
                foreach (var output in node.Outputs)
                    (_axes.TryGetValue(output, out var axes) ? axes : _axes[output] = new SpatialAxis[2])[axis] = result;
            }
        }

        Value Specialised(Value value) => specialised?.GetValueOrDefault(value) ?? value;
    }

    /// <param name="model">A network whose picture is of rank 4.</param>
    /// <param name="specialised">
    /// For the values of the model their counterparts of known shape, as <see cref="Inlining"/> delivers them; unless the
    /// model's own shapes are known.
    /// </param>
    public static ReceptiveFields Of(Graph model, IReadOnlyDictionary<Value, Value>? specialised = null) => new(model, specialised);

    /// <summary>Whether the value is a map of the picture, [N, H, W, C].</summary>
    public bool HasChannelsLast(Value value) => _axes.TryGetValue(value, out var axes) && (axes[0].Dim, axes[1].Dim) == (1, 2);

    /// <summary>Whether the value is a map of the picture, [N, C, H, W].</summary>
    public bool HasChannelsFirst(Value value) => _axes.TryGetValue(value, out var axes) && (axes[0].Dim, axes[1].Dim) == (2, 3);

    /// <summary>The fields along height and width; null for a value that does not depend on the picture.</summary>
    public (ReceptiveField Height, ReceptiveField Width)? Of(Value value) =>
        _axes.TryGetValue(value, out var axes) ? (axes[0].Field, axes[1].Field) : null;
}

/// <summary>Where a tensor has the height or width of the picture.</summary>
/// <param name="Field">What its positions see.</param>
/// <param name="Dim">Which dimension that is; -1 when it has been summed up or flattened, and each element sees the same.</param>
internal readonly record struct SpatialAxis(ReceptiveField Field, int Dim);
