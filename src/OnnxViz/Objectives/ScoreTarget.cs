namespace OnnxViz.Objectives;

/// <summary>What is explained: a class of the model's answer, or a unit of a layer.</summary>
/// <param name="Layer">The activation that holds the unit, a value of the model's graph.</param>
/// <param name="Unit">Channel or class; null for each picture's highest class.</param>
/// <param name="Reduction">How the unit's map becomes one number; of no effect where there is one position.</param>
public sealed record ScoreTarget(Value Layer, int? Unit, Reduction Reduction)
{
    /// <summary>A unit or class of the same layer whose score is subtracted: why this one rather than that; null for none.</summary>
    public int? Minus { get; init; }

    /// <summary>Of the unit's map only this place; null for what the reduction makes of it. The unit that is subtracted is taken from the same place.</summary>
    public MapPosition? Position { get; init; }

    /// <summary>Where the unit that is subtracted is taken from instead, in layers that have what is explained on an axis of the map; null for the same place.</summary>
    internal MapPosition? MinusPosition { get; init; }

    /// <summary>A class by its number, or the highest-scoring one of each picture. Of maps of scores their spatial mean.</summary>
    public static ScoreTarget OfClass(VisionModel model, int? number) => new(ClassOutput.Of(model), number, Reduction.Mean);

    public static ScoreTarget OfUnit(VisionModel model, string layer, int unit, Reduction reduction) =>
        new(model.Layers.Find(layer), unit, reduction);

    /// <summary>Emits the score of every row and says which unit it is of.</summary>
    /// <exception cref="OnnxVizException">The layer has no such unit.</exception>
    internal (Score Score, Value Unit) Emit(GraphBuilder builder, Value activation)
    {
        var unit = Unit is { } given ? Repeated(builder, activation, given) : Highest(builder, activation, Position);
        return (Emit(builder, activation, unit), unit);
    }

    /// <summary>The same of units that are known when the graph runs only.</summary>
    /// <param name="builder">Receives the nodes.</param>
    /// <param name="activation">Of the layer, with its units on axis 1.</param>
    /// <param name="unit">int64 [N].</param>
    internal Score Emit(GraphBuilder builder, Value activation, Value unit)
    {
        foreach (var number in new[] { Unit, Minus })
            if (number is { } given) Units.Check(given, activation.StaticDims(), activation.Name);
        var score = At(builder, activation, unit, Position);
        if (Minus is not { } other) return score;
        var less = At(builder, activation, Repeated(builder, activation, other), MinusPosition ?? Position);
        return new Score(builder.Sub(score.Value, less.Value), score.Constants.Concat(less.Constants).ToHashSet());
    }

    /// <summary>int64 [N]: the class with the highest score, of every row; of maps of scores at a position, or else on average.</summary>
    internal static Value Highest(GraphBuilder builder, Value activation, MapPosition? position = null)
    {
        position?.Check(activation.StaticDims(), activation.Name);
        var scores = position is null
            ? ClassScores(builder, activation)
            : builder.Reshape(builder.Slice(activation, [.. position.Indices.Select(i => (long)i)], [.. position.Indices.Select(i => i + 1L)], Shapes.Axes(2, position.Indices.Count)), 0, -1);
        return builder.Emit("ArgMax", [scores], ("axis", 1L), ("keepdims", 0L));
    }

    /// <summary>[N, K] from [N, K, ...], by the spatial mean.</summary>
    internal static Value ClassScores(GraphBuilder builder, Value activation)
    {
        var rank = activation.Rank;
        if (rank < 2) throw OnnxVizException.OfModel($"'{activation.Name}' is [{Shapes.Text(activation.Dims)}], with no axis of classes behind that of the pictures; explain a unit of a layer instead.", argument: "Layer");
        return rank == 2 ? activation : builder.ReduceMean(activation, Shapes.Axes(2, rank - 2), keep: false);
    }

    private Score At(GraphBuilder builder, Value activation, Value unit, MapPosition? position)
    {
        if (position is null) return builder.Score(Reduction, activation, unit);
        position.Check(activation.StaticDims(), activation.Name);
        return builder.ScoreAt(builder.UnitMap(activation, unit), position);
    }

    private static Value Repeated(GraphBuilder builder, Value activation, int unit)
    {
        var rows = activation.StaticDims()[0];
        return builder.Constant(Tensor.Of([.. Enumerable.Repeat((long)unit, (int)rows)], rows));
    }
}
