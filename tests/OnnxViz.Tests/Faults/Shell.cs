using System.Diagnostics;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Faults;

/// <summary>What the system's own programs do for a test.</summary>
internal static class Shell
{
    /// <summary>Runs a program that must succeed.</summary>
    public static void Run(string program, params string[] args)
    {
        using var process = Process.Start(program, args);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    /// <summary>Runs the program by a line of a shell, in which PROGRAM stands for it; tells how it ended.</summary>
    public static (int Exit, string Out, string Error) Script(string line, string folder, params (string Name, string? Value)[] variables)
    {
        var program = $"'{Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet"}' '{Path.Combine(AppContext.BaseDirectory, "onnxviz.dll")}'";
        var start = new ProcessStartInfo("/bin/sh", ["-c", line.Replace("PROGRAM", program, StringComparison.Ordinal)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        start.Environment["ONNXVIZ_MODELS"] = Repository.Carried("");
        foreach (var (name, value) in variables) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(2)), $"{line} does not end.");
        return (process.ExitCode, output.Result, error.Result);
    }
}
