using System.Runtime.CompilerServices;

namespace OnnxViz.Models;

/// <summary>
/// Models inlined for inputs of some sizes only to be looked at: what needs the shape of a layer and what needs the memory of a
/// batch share them. The last few are kept for each graph, from whatever thread they are asked for.
/// </summary>
internal static class ShapedModels
{
    private const int Kept = 4, KeptRows = 64;

    private static readonly ConditionalWeakTable<Graph, Made> Graphs = [];

    /// <param name="model">The network.</param>
    /// <param name="inputDims">Of its input, all of them known.</param>
    /// <param name="wanted">Where it is cut.</param>
    /// <returns>A graph that must stay as it is.</returns>
    public static ShapedModel Of(VisionModel model, long[] inputDims, params Value[] wanted)
    {
        var made = Graphs.GetOrCreateValue(model.Graph);
        lock (made)
        {
            var at = made.Shaped.FindIndex(s => s.Input.Dims!.SequenceEqual(inputDims) && s.Wanted.SequenceEqual(wanted) && s.IsOf(model));
            var found = at >= 0 ? made.Shaped[at] : ShapedModel.Start(model, inputDims, wanted);
            if (at >= 0) made.Shaped.RemoveAt(at);
            made.Shaped.Add(found);
            if (made.Shaped.Count > Kept) made.Shaped.RemoveAt(0);
            return found;
        }
    }

    /// <summary>What was found out before about the number of pictures that a graph takes, or is found out now.</summary>
    public static int? RowsOf(VisionModel model, long[] inputDims, Value[] wanted, Func<int?> find)
    {
        var made = Graphs.GetOrCreateValue(model.Graph);
        lock (made)
        {
            var at = made.Rows.FindIndex(r => r.Dims.AsSpan().SequenceEqual(inputDims.AsSpan(1)) && r.Wanted.SequenceEqual(wanted));
            if (at >= 0) return made.Rows[at].Count;
            var count = find();
            made.Rows.Add((inputDims[1..], wanted, count));
            if (made.Rows.Count > KeptRows) made.Rows.RemoveAt(0);
            return count;
        }
    }

    /// <summary>
    /// The shapes of all layers for inputs of a size, as far as they can be told. What needs other inputs than the picture, what is
    /// decided while the network runs and what nobody knows the shape of has the shape that the file gives it, if any.
    /// </summary>
    /// <returns>For each value of the model its counterpart.</returns>
    /// <exception cref="OnnxVizException">The network takes no picture of this size.</exception>
    public static IReadOnlyDictionary<Value, Value> Layers(VisionModel model, long[] inputDims)
    {
        if (ShapedModel.Whole(model, inputDims) is { } whole) return whole.Map;
        var copy = new TolerantCopy(ShapedModel.NewBuilder(model), model, inputDims, model.Graph.Outputs);
        return copy.Misfit is { } misfit ? throw OnnxVizException.Input(misfit.Message, misfit) : copy.Map;
    }

    /// <summary>How many pictures the network has to be asked about at once: one, or as many as its graph holds.</summary>
    public static int PicturesAtOnce(VisionModel model, long[] inputDims) =>
        ShapedModel.RowsOf(model, inputDims, ClassOutput.Find(model) is { } scores ? [scores] : [.. model.Graph.Outputs]) ?? 1;

    /// <summary>Type and dimensions that a run has shown before, or shows now; null where it could not.</summary>
    public static (ElementType Type, long[] Dims)? Asked(VisionModel model, long[] inputDims, Value wanted, Func<(ElementType Type, long[] Dims)?> run)
    {
        var made = Graphs.GetOrCreateValue(model.Graph);
        lock (made)
        {
            var at = made.Asked.FindIndex(a => a.Wanted == wanted && a.Row == model.Row && a.Input.SequenceEqual(inputDims));
            if (at >= 0) return made.Asked[at].Answer;
            var answer = run();
            made.Asked.Add((wanted, model.Row, inputDims, answer));
            return answer;
        }
    }

    /// <summary>How often a model was inlined, by whatever way.</summary>
    public static int Inlinings(VisionModel model) => Volatile.Read(ref Graphs.GetOrCreateValue(model.Graph).Count);

    /// <summary>Counts an inlining.</summary>
    public static void Count(VisionModel model) => Interlocked.Increment(ref Graphs.GetOrCreateValue(model.Graph).Count);

    private sealed class Made
    {
        public int Count;

        /// <summary>What was asked for last comes last.</summary>
        public List<ShapedModel> Shaped { get; } = [];

        /// <summary>What runs have shown.</summary>
        public List<(Value Wanted, int Row, long[] Input, (ElementType Type, long[] Dims)? Answer)> Asked { get; } = [];

        /// <summary>How many pictures are taken for inputs of the dimensions behind their number.</summary>
        public List<(long[] Dims, Value[] Wanted, int? Count)> Rows { get; } = [];
    }
}
