using OnnxViz.Cli;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Runtime;

/// <summary>A library leaves the environment of its host alone; the program speaks for its own process.</summary>
public sealed class EnvironmentTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [SkippableFact]
    public void The_library_sets_no_variable()
    {
        var (before, after) = Variables(LibraryProcess.Library, SmallClassifier.Save(_folder["small.onnx"]), Repository.Carried("images/rocket.jpg"));
        Assert.Contains(before, v => v.StartsWith("managed PATH=", StringComparison.Ordinal));
        Assert.Equal(before, after);
    }

    [SkippableFact]
    public void The_program_switches_telemetry_off_for_native_code_too()
    {
        var (before, after) = Variables(LibraryProcess.TheProgram, "models", "--quiet");
        Assert.Equal([$"{Telemetry.OptOut}=1", $"managed {Telemetry.OptOut}=1"], after.Except(before).Order(StringComparer.Ordinal));
    }

    public void Dispose() => _folder.Dispose();

    private static (string[] Before, string[] After) Variables(params string[] args)
    {
        Skip.If(OperatingSystem.IsWindows(), "There native code and .NET have one environment.");
        using var child = new ChildProgram(args, program: "OnnxViz.Tests.dll");
        var (exit, text, error) = child.End();
        Assert.True(exit == 0, error);
        var parts = text.Split(LibraryProcess.Line);
        Assert.Equal(2, parts.Length);
        return (Lines(parts[0]), Lines(parts[1]));

        // The shell sets this one to its own last command.
        static string[] Lines(string part) =>
            [.. part.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => !l.StartsWith("_=", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }
}
