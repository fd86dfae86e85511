using System.Text.Json.Nodes;
using OnnxViz.Cli;
using OnnxViz.Cli.Shell;
using OnnxViz.Imaging;
using OnnxViz.Imaging.Files;
using Xunit;

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

    /// <summary>What a run that must succeed prints.</summary>
    public static string Text(params string[] args)
    {
        var run = Of(args);
        Assert.True(run.Exit == 0, run.Error);
        return run.Out;
    }

    /// <summary>The picture that a verb makes on the CPU, the one device that every test machine has.</summary>
    public static Image Picture(params string[] args)
    {
        using TemporaryFolder folder = new();
        // Kernels are drawn as they lie in the file: there is no device to choose.
        string[] device = args[0] == "kernels" ? [] : ["--device", "cpu"];
        Text([.. args, .. device, "-o", folder["picture.png"]]);
        return ImageFile.Load(folder["picture.png"]);
    }
}
