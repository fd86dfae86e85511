using System.Text.Json.Nodes;
using OnnxViz.Cli;
using OnnxViz.Cli.Results;

namespace OnnxViz.Tests.Support;

/// <summary>The program, run within the test: what it printed and how it ended.</summary>
internal sealed record CliRun(int Exit, string Out, string Error)
{
    public JsonObject Json => JsonNode.Parse(Out)!.AsObject();

    public static CliRun Of(params string[] args) => Of(CancellationToken.None, args);

    public static CliRun Of(CancellationToken cancellation, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exit = Program.Run(args, new Streams(output, error, cancellation));
        return new CliRun(exit, output.ToString(), error.ToString());
    }
}
