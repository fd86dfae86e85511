using OnnxViz.Autodiff.Rules;
using OnnxViz.Objectives;

namespace OnnxViz.Maximize;

/// <summary>
/// Sums of terms as nodes of one graph, a row of the batch for each sum. Terms of a kind share a slot: which unit it
/// is, or which direction, and what it weighs are inputs, so that one session serves all sums that a run is made of.
/// </summary>
internal sealed class ObjectiveSlots
{
    private readonly ObjectiveTerm[] _slots;

    /// <summary>Whether every row has every slot with the weight 1: then nothing is multiplied.</summary>
    private readonly bool _isPlain;

    private readonly IReadOnlyDictionary<Value, long[]> _dims;
    private readonly (int Height, int Width) _size;
    private readonly IReadOnlyList<Objective> _rows;
    private bool _isWarmUp;

    /// <param name="rows">All that the graph has to serve, not one batch of it.</param>
    /// <param name="dims">Of each layer's activation, units on axis 1, for the whole picture: what positions are counted in.</param>
    /// <param name="size">Of the whole picture.</param>
    private ObjectiveSlots(IReadOnlyList<Objective> rows, IReadOnlyDictionary<Value, long[]> dims, (int Height, int Width) size)
    {
        (_rows, _dims, _size) = (rows, dims, size);
        _slots = [.. rows.SelectMany(r => r.Terms).Select(t => t.Term.Kind).Distinct()
            .SelectMany(kind => Enumerable.Repeat(kind, rows.Max(r => r.Terms.Count(t => t.Term.Kind == kind))))];
        _isPlain = rows.All(r => r.Terms.Count == _slots.Length && r.Terms.All(t => t.Weight == 1));
    }

    /// <summary>For the first steps of units that show no response: see <see cref="ObjectiveTerm.WarmUp"/>. Takes the same rows.</summary>
    public ObjectiveSlots WarmUp => new([.. _rows.Select(r => r.WarmUp)], _dims, _size) { _isWarmUp = true };

    /// <summary>The layers that are asked for, each once.</summary>
    public IReadOnlyList<Value> Layers => [.. _slots.Select(s => s.Layer).Distinct()];

    /// <param name="model">The network.</param>
    /// <param name="rows">All that the graph has to serve, not one batch of it.</param>
    /// <param name="height">Of the picture in the end.</param>
    /// <param name="width">Of the picture in the end.</param>
    /// <exception cref="OnnxVizException">A layer has no such unit or position, or a direction another length.</exception>
    public static ObjectiveSlots For(VisionModel model, IReadOnlyList<Objective> rows, int height, int width)
    {
        var layers = rows.SelectMany(r => r.Terms).Select(t => t.Term.Layer).Distinct().ToArray();
        var forward = ShapedModels.Of(model, model.Conventions.InputDims(1, height, width), layers);
        var dims = layers.ToDictionary(l => l, forward.UnitDims);
        foreach (var term in rows.SelectMany(r => r.Terms)) term.Term.Check(dims[term.Term.Layer], model.Layers.NameOf(term.Term.Layer));
        return new ObjectiveSlots(rows, dims, (height, width));
    }

    /// <param name="b">Receives inputs and nodes.</param>
    /// <param name="activations">For each layer its activation, units on axis 1.</param>
    /// <param name="size">Of the picture without transforms, which an octave makes smaller.</param>
    /// <returns>[N], the sum of every row.</returns>
    public Score Emit(GraphBuilder b, IReadOnlyDictionary<Value, Value> activations, (int Height, int Width) size)
    {
        var constants = new HashSet<Value>();
        Value? sum = null;
        for (var i = 0; i < _slots.Length; i++)
        {
            using var scope = b.Scope("objective");
            var term = Emit(b, i, activations[_slots[i].Layer], size);
            constants.UnionWith(term.Constants);
            var value = _isPlain ? term.Value : b.Mul(term.Value, b.Input(WeightName(i), ElementType.Float, term.Value.StaticDims()));
            sum = sum is null ? value : b.Add(sum, value);
        }

        return new Score(sum!, constants);
    }

    /// <summary>What the inputs hold for a batch of rows.</summary>
    public IReadOnlyDictionary<string, Tensor> Inputs(IReadOnlyList<Objective> rows)
    {
        var inputs = new Dictionary<string, Tensor>();
        var left = rows.Select(r => (_isWarmUp ? r.WarmUp : r).Terms.ToList()).ToList();
        for (var i = 0; i < _slots.Length; i++)
        {
            // A row that lacks the slot has some other term's place in it, with the weight 0.
            var terms = left.ConvertAll(row => Take(row, _slots[i]) ?? new WeightedTerm(0, _slots[i]));
            if (_slots[i] is UnitTerm) inputs[UnitName(i)] = Tensor.Of([.. terms.Select(t => (long)((UnitTerm)t.Term).Unit)], rows.Count);
            if (_slots[i] is DirectionTerm) inputs[DirectionName(i)] = Directions([.. terms.Select(t => ((DirectionTerm)t.Term).Direction)]);
            if (!_isPlain) inputs[WeightName(i)] = Tensor.Of([.. terms.Select(t => t.Weight)], rows.Count);
        }

        return inputs;
    }

    private Score Emit(GraphBuilder b, int i, Value activation, (int Height, int Width) size)
    {
        var n = activation.StaticDims()[0];
        switch (_slots[i])
        {
            case UnitTerm t:
                return Reduce(b, b.UnitMap(activation, b.Input(UnitName(i), ElementType.Int64, n)), t.Reduction, Place(t.Layer, t.Position));
            case DirectionTerm t:
                return Reduce(b, DirectionMap(b, activation, b.Input(DirectionName(i), ElementType.Float, n, activation.StaticDims()[1]), t.CosinePower), t.Reduction, Place(t.Layer, t.Position));
            default:
                long[] axes = [.. Enumerable.Range(1, activation.Rank - 1).Select(a => (long)a)];
                return new Score(b.ReduceMean(b.Square(activation), axes, keep: false), new HashSet<Value>());
        }

        // Seen from the middle a place stays where it is, though an octave is smaller and transforms show more around it.
        MapPosition? Place(Value layer, MapPosition? position)
        {
            if (position is null) return null;
            var (whole, seen, at) = (_dims[layer], activation.StaticDims(), position.Indices);
            return at.Count == 2
                ? new MapPosition(Along(at[0], whole[2], seen[2], (double)size.Height / _size.Height), Along(at[1], whole[3], seen[3], (double)size.Width / _size.Width))
                : new MapPosition([.. at.Select((index, axis) => Along(index, whole[2 + axis], seen[2 + axis], (double)seen[2 + axis] / whole[2 + axis]))]);
        }

        static int Along(int at, long whole, long seen, double scale) =>
            (int)Math.Clamp(Math.Floor(((at + 0.5 - (whole / 2.0)) * scale) + (seen / 2.0)), 0, seen - 1);
    }

    private static Score Reduce(GraphBuilder b, Value map, Reduction reduction, MapPosition? place) =>
        place is null ? b.Reduce(reduction, map) : b.ScoreAt(map, place);

    /// <summary>[N, spatial...] from [N, C, spatial...] and [N, C].</summary>
    private static Value DirectionMap(GraphBuilder b, Value activation, Value direction, float power)
    {
        const float epsilon = 1e-4f;
        var dims = activation.StaticDims();
        var d = b.Reshape(direction, [dims[0], dims[1], .. Enumerable.Repeat(1L, dims.Length - 2)]);
        var dot = b.ReduceSum(b.Mul(activation, d), [1], keep: false);
        if (power == 0) return dot;
        // Lucid adds the same number to the lengths; under the root it keeps the slope of silence finite.
        var length = b.Sqrt(b.Add(b.ReduceSum(b.Square(activation), [1], keep: false), b.Scalar(epsilon * epsilon)));
        var own = b.Reshape(b.Sqrt(b.ReduceSum(b.Square(direction), [1])), [dims[0], .. Enumerable.Repeat(1L, dims.Length - 2)]);
        var cosine = b.Div(dot, b.Mul(length, b.Add(own, b.Scalar(epsilon))));
        var floored = b.Max(cosine, b.Scalar(DirectionTerm.LeastCosine));
        return b.Mul(dot, power == 1 ? floored : power == 2 ? b.Square(floored) : b.Pow(floored, power));
    }

    private static WeightedTerm? Take(List<WeightedTerm> row, ObjectiveTerm slot)
    {
        var at = row.FindIndex(t => t.Term.Kind == slot);
        if (at < 0) return null;
        var found = row[at];
        row.RemoveAt(at);
        return found;
    }

    private static Tensor Directions(IReadOnlyList<float[]> rows)
    {
        var length = rows.Max(r => r.Length);
        return Tensors.Join([.. rows.Select(r => r.Length == 0 ? new float[length] : r)], [length]);
    }

    private static string UnitName(int i) => Numbered("unit", i);

    private static string DirectionName(int i) => Numbered("direction", i);

    private static string WeightName(int i) => Numbered("weight", i);

    private static string Numbered(string name, int i) => i == 0 ? name : $"{name}_{i + 1}";
}
