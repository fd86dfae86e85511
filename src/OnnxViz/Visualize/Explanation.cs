using OnnxViz.Graphs;

namespace OnnxViz.Visualize;

/// <summary>What is explained: a class of the model's answer, or a unit of a layer.</summary>
/// <param name="Layer">The activation that holds the unit, a value of the model's graph.</param>
/// <param name="Unit">Channel or class; null for each picture's highest class.</param>
/// <param name="Objective">How the unit's map becomes one number; of no effect where there is one position.</param>
public sealed record Explanation(Value Layer, int? Unit, Objective Objective)
{
    /// <summary>A class by its number, or the highest-scoring one of each picture. Of maps of scores their spatial mean.</summary>
    public static Explanation OfClass(VisionModel model, int? number) => new(ClassOutput.Of(model), number, Objective.Mean);

    public static Explanation OfUnit(VisionModel model, string layer, int unit, Objective objective) =>
        new(model.Layers.Find(layer), unit, objective);

    /// <summary>Emits the score of every row and says which unit it is of.</summary>
    /// <exception cref="OnnxVizException">The layer has no such unit.</exception>
    internal (Score Score, Value Unit) Emit(GraphBuilder builder, Value activation)
    {
        var dims = activation.StaticDims();
        if (Unit is { } number) Units.Check(number, dims, activation.Name);
        var unit = Unit is { } given
            ? builder.Constant(Tensor.Of([.. Enumerable.Repeat((long)given, (int)dims[0])], dims[0]))
            : builder.Emit("ArgMax", [ClassScores(builder, activation)], ("axis", 1L), ("keepdims", 0L));
        return (builder.Score(Objective, activation, unit), unit);
    }

    /// <summary>[N, K] from [N, K, ...], by the spatial mean.</summary>
    internal static Value ClassScores(GraphBuilder builder, Value activation)
    {
        var rank = activation.Rank;
        return rank == 2 ? activation : builder.ReduceMean(activation, [.. Enumerable.Range(2, rank - 2).Select(i => (long)i)], keep: false);
    }
}
