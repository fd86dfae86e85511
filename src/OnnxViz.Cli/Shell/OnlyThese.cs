namespace OnnxViz.Cli.Shell;

/// <summary>Which of its results a run is to make; the others are passed over as if they were finished, so that these come out as in the whole run.</summary>
/// <param name="Pictures">Names of the pictures that they are of; null for all.</param>
/// <param name="Results">Their names without what they begin with, the model's; null for all.</param>
internal sealed record OnlyThese(IReadOnlySet<string>? Pictures, IReadOnlySet<string>? Results);
