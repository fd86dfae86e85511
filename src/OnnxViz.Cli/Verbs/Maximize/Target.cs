using OnnxViz.Maximize;
using OnnxViz.Objectives;

namespace OnnxViz.Cli.Verbs.Maximize;

/// <summary>One picture that `maximize` is asked for.</summary>
/// <param name="Label">What is written below it: "conv4_3 25", "espresso".</param>
/// <param name="Short">The label without what all targets of a run have in common: "25".</param>
/// <param name="Goal">What is maximised.</param>
internal sealed record Target(string Label, string Short, MaximizationGoal Goal)
{
    /// <summary>A target whose objective has something added.</summary>
    public Target Plus(Objective more) => this with { Goal = Goal with { Objective = Goal.Objective + more } };
}
