using System.Text.Json.Nodes;

namespace OnnxViz.Cli.Verbs.Demo;

/// <summary>One command of the tour.</summary>
/// <param name="Title">Above its result on the page.</param>
/// <param name="Caption">What there is to see.</param>
/// <param name="Verb">The command itself.</param>
/// <param name="Weight">About how long it takes, in seconds of two cores, for the progress bar.</param>
internal sealed record DemoStep(string Title, string Caption, VerbOptions Verb, double Weight)
{
    /// <summary>Whether its picture shows too much for one column of the page.</summary>
    public bool IsWide { get; init; }

    /// <summary>What does the rest of it where an earlier tour has begun it; null where there is nothing to go on with.</summary>
    public VerbOptions? GoesOn { get; init; }
}

/// <param name="Title">Heading on the page.</param>
/// <param name="Text">A sentence or two about what follows.</param>
/// <param name="Steps">The commands, in order.</param>
internal sealed record DemoSection(string Title, string Text, IReadOnlyList<DemoStep> Steps);

/// <param name="Step">What was done.</param>
/// <param name="Command">What to type for it.</param>
/// <param name="Answer">What the command said with --json.</param>
internal sealed record DemoResult(DemoStep Step, string Command, JsonObject Answer);
