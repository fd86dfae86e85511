using OnnxViz.Graphs;

namespace OnnxViz.Objectives;

/// <param name="Weight">Negative for what the picture is to avoid.</param>
/// <param name="Term">What it weighs.</param>
public sealed record WeightedTerm(float Weight, ObjectiveTerm Term);

/// <summary>
/// What one picture is asked for: a weighted sum of terms. Sums are values: a * 2 + b * 3 is 2a + 3b, and neither a nor
/// b is any different afterwards.
/// </summary>
public sealed class ObjectiveSum
{
    private ObjectiveSum(IReadOnlyList<WeightedTerm> terms) => Terms = terms;

    /// <summary>At least one, in the order in which they were added.</summary>
    public IReadOnlyList<WeightedTerm> Terms { get; }

    /// <summary>The unit, where it is all that is asked for.</summary>
    public int? OnlyUnit => Terms is [{ Weight: 1, Term: UnitTerm unit }] ? unit.Unit : null;

    public static ObjectiveSum Of(ObjectiveTerm term) => new([new WeightedTerm(1, term)]);

    public static ObjectiveSum Unit(Value layer, int unit, Objective reduction = Objective.Mean) => Of(new UnitTerm(layer, unit, reduction));

    public static ObjectiveSum WholeLayer(Value layer) => Of(new LayerTerm(layer));

    public static ObjectiveSum Direction(Value layer, float[] direction, float cosinePower = 0) => Of(new DirectionTerm(layer, direction, cosinePower));

    public static ObjectiveSum operator +(ObjectiveSum a, ObjectiveSum b) => new([.. a.Terms, .. b.Terms]);

    public static ObjectiveSum operator -(ObjectiveSum a, ObjectiveSum b) => a + (-b);

    public static ObjectiveSum operator -(ObjectiveSum a) => a * -1;

    public static ObjectiveSum operator *(float factor, ObjectiveSum a) => a * factor;

    public static ObjectiveSum operator *(ObjectiveSum a, float factor) =>
        new([.. a.Terms.Select(t => t with { Weight = t.Weight * factor })]);

    /// <summary>See <see cref="ObjectiveTerm.Awakening"/>.</summary>
    internal ObjectiveSum Awakening => new([.. Terms.Select(t => t with { Term = t.Term.Awakening })]);
}
