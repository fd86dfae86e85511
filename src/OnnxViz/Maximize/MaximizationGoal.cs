using OnnxViz.Objectives;

namespace OnnxViz.Maximize;

/// <summary>One picture of a run: what it is asked for, and what it has to do with the others.</summary>
/// <param name="Objective">What it is asked for.</param>
public sealed record MaximizationGoal(Objective Objective)
{
    /// <summary>
    /// Which of the seed's noises it starts from. By default its unit's, so that a picture does not depend on what else
    /// is asked for.
    /// </summary>
    public ulong Noise { get; init; } = (ulong)(Objective.Terms[0].Term is UnitTerm unit ? unit.Unit : 0);

    /// <summary>Pictures of one group, which follow each other, know of each other: for diversity and alignment.</summary>
    public int Group { get; init; } = -1;
}
