namespace OnnxViz.Objectives;

/// <summary>Something that a picture can be asked for: one number for every picture.</summary>
/// <param name="Layer">A value of the model's graph.</param>
public abstract record ObjectiveTerm(Value Layer)
{
    /// <summary>What terms of one kind have in common; they differ in what the graph is fed, and share its nodes.</summary>
    internal abstract ObjectiveTerm Kind { get; }

    /// <summary>
    /// What stands for this term in the first steps of a unit that shows no response. The square, its root and its mean
    /// have the gradient zero where the whole layer is zero, so the optimisation could not start.
    /// </summary>
    internal abstract ObjectiveTerm WarmUp { get; }

    /// <param name="dims">Of the layer's activation, units on axis 1.</param>
    /// <param name="name">Of the layer.</param>
    /// <exception cref="OnnxVizException">The layer has no such unit or position, or a direction has another length.</exception>
    internal abstract void Check(long[] dims, string name);
}

/// <summary>A unit of a layer (Captum's and Lucid's channel and neuron objectives).</summary>
/// <param name="Layer">A value of the model's graph.</param>
/// <param name="Unit">Channel, or class.</param>
/// <param name="Reduction">How its map becomes one number; of no effect with a position.</param>
public sealed record UnitTerm(Value Layer, int Unit, Reduction Reduction = Reduction.Mean) : ObjectiveTerm(Layer)
{
    /// <summary>Of the map only this place, counted from 0.</summary>
    public MapPosition? Position { get; init; }

    internal override ObjectiveTerm Kind => this with { Unit = 0 };

    internal override ObjectiveTerm WarmUp => Reduction is Reduction.Rms or Reduction.Target ? this with { Reduction = Reduction.Mean } : this;

    internal override void Check(long[] dims, string name)
    {
        Units.Check(Unit, dims, name);
        Position?.Check(dims, name);
    }
}

/// <summary>A whole layer: mean(a^2) over all units and positions (DeepDream).</summary>
/// <param name="Layer">A value of the model's graph.</param>
public sealed record LayerTerm(Value Layer) : ObjectiveTerm(Layer)
{
    internal override ObjectiveTerm Kind => this;

    internal override ObjectiveTerm WarmUp => this;

    internal override void Check(long[] dims, string name) => Units.Check(0, dims, name);
}

/// <summary>
/// A direction d among the units of a layer: the map (a . d) max(0.1, cos(a, d))^P, position by position (Lucid's
/// direction objective and, with P = 2, that of the activation atlas; Carter et al. 2019). P = 0 is the dot product.
/// </summary>
/// <param name="Layer">A value of the model's graph.</param>
/// <param name="Direction">One number per unit.</param>
/// <param name="CosinePower">P, from 0 on.</param>
/// <param name="Reduction">How the map becomes one number; of no effect with a position.</param>
public sealed record DirectionTerm(Value Layer, float[] Direction, float CosinePower = 0, Reduction Reduction = Reduction.Mean) : ObjectiveTerm(Layer)
{
    /// <summary>Lucid's floor of the cosine: below it the power would have no slope.</summary>
    internal const float LeastCosine = 0.1f;

    /// <summary>Of the map only this place, counted from 0.</summary>
    public MapPosition? Position { get; init; }

    internal override ObjectiveTerm Kind => this with { Direction = [] };

    internal override ObjectiveTerm WarmUp => Reduction is Reduction.Rms or Reduction.Target ? this with { Reduction = Reduction.Mean } : this;

    internal override void Check(long[] dims, string name)
    {
        Units.Check(0, dims, name);
        if (Direction.Length != dims[1])
            throw OnnxVizException.Input($"The direction has {Direction.Length} numbers, but '{name}' {dims[1]} units: one number for each is needed.");
        Position?.Check(dims, name);
    }
}
