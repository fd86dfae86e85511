namespace OnnxViz.Objectives;

/// <param name="Weight">Negative for what the picture is to avoid.</param>
/// <param name="Term">What it weighs.</param>
public sealed record WeightedTerm(float Weight, ObjectiveTerm Term);

/// <summary>
/// What one picture is asked for: a weighted sum of terms. Sums are values: a * 2 + b * 3 is 2a + 3b, and neither a nor
/// b is any different afterwards.
/// </summary>
public sealed class Objective
{
    private Objective(IReadOnlyList<WeightedTerm> terms) => Terms = terms;

    /// <summary>At least one, in the order in which they were added.</summary>
    public IReadOnlyList<WeightedTerm> Terms { get; }

    /// <summary>The unit, where it is all that is asked for.</summary>
    public int? OnlyUnit => Terms is [{ Weight: 1, Term: UnitTerm unit }] ? unit.Unit : null;

    /// <summary>The place in the unit's map, where a unit at a position is all that is asked for.</summary>
    public MapPosition? OnlyPosition => Terms is [{ Weight: 1, Term: UnitTerm unit }] ? unit.Position : null;

    public static Objective Of(ObjectiveTerm term) => new([new WeightedTerm(1, term)]);

    public static Objective Unit(Value layer, int unit, Reduction reduction = Reduction.Mean) => Of(new UnitTerm(layer, unit, reduction));

    public static Objective WholeLayer(Value layer) => Of(new LayerTerm(layer));

    public static Objective Direction(Value layer, float[] direction, float cosinePower = 0) => Of(new DirectionTerm(layer, direction, cosinePower));

    public static Objective operator +(Objective a, Objective b) => new([.. a.Terms, .. b.Terms]);

    public static Objective operator -(Objective a, Objective b) => a + (-b);

    public static Objective operator -(Objective a) => a * -1;

    public static Objective operator *(float factor, Objective a) => a * factor;

    public static Objective operator *(Objective a, float factor) =>
        new([.. a.Terms.Select(t => t with { Weight = t.Weight * factor })]);

    /// <summary>See <see cref="ObjectiveTerm.WarmUp"/>.</summary>
    internal Objective WarmUp => new([.. Terms.Select(t => t with { Term = t.Term.WarmUp })]);
}
