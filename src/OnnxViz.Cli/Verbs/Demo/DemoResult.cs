using System.Text.Json.Nodes;

namespace OnnxViz.Cli.Verbs.Demo;

/// <param name="Step">What was done.</param>
/// <param name="Command">What to type for it.</param>
/// <param name="Answer">What the command said with --json.</param>
internal sealed record DemoResult(DemoStep Step, string Command, JsonObject Answer);
