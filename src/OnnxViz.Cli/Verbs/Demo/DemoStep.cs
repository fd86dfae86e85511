using OnnxViz.Cli.Shell;

namespace OnnxViz.Cli.Verbs.Demo;

/// <summary>One command of the tour.</summary>
/// <param name="Title">Above its result on the page.</param>
/// <param name="Caption">What there is to see.</param>
/// <param name="Verb">The command itself.</param>
/// <param name="Weight">About how long it takes, in seconds of two cores, for the progress bar.</param>
internal sealed record DemoStep(string Title, string Caption, VerbOptions Verb, double Weight);
