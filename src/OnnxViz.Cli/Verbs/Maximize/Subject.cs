using OnnxViz.Maximize;
using OnnxViz.Objectives;

namespace OnnxViz.Cli.Verbs.Maximize;

/// <summary>One picture that `maximize` is asked for.</summary>
/// <param name="Label">What is written below it: "conv4_3 25", "espresso".</param>
/// <param name="Short">The same without what all of a run have in common: "25".</param>
/// <param name="Goal">What it means.</param>
internal sealed record Subject(string Label, string Short, MaximizationGoal Goal)
{
    /// <summary>The same with something added to what is asked for.</summary>
    public Subject Plus(Objective more) => this with { Goal = Goal with { Objective = Goal.Objective + more } };
}
