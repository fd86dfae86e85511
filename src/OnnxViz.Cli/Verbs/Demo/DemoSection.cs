namespace OnnxViz.Cli.Verbs.Demo;

/// <param name="Title">Heading on the page.</param>
/// <param name="Text">A sentence or two about what follows.</param>
/// <param name="Steps">The commands, in order.</param>
internal sealed record DemoSection(string Title, string Text, IReadOnlyList<DemoStep> Steps);
