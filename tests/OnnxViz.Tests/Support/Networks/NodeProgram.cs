using System.ComponentModel;
using System.Diagnostics;
using Xunit;

namespace OnnxViz.Tests.Support.Networks;

/// <summary>Scripts of an examples/ folder, run by Node.js with the packages that its package.json names.</summary>
internal sealed class NodeProgram
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private readonly string _folder;

    /// <summary>Brings the packages once; later runs find them there. Without Node.js or npm the test is skipped.</summary>
    /// <param name="example">A folder of examples/.</param>
    /// <param name="package">What has to be in its node_modules/.</param>
    public NodeProgram(string example, string package)
    {
        _folder = Path.Combine(Repository.Root, "examples", example);
        var npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
        Skip.If(Try("node", "--version") is null || Try(npm, "--version") is null, "Node.js and npm are not on this machine.");
        var isThere = File.Exists(Path.Combine(_folder, "node_modules", package, "package.json"));
        Origin = isThere ? $"{package} was in examples/{example}/node_modules." : $"{package} was brought by npm install in examples/{example}.";
        // Its own install script would bring CUDA; what it needs here is in the package.
        if (!isThere) Run(npm, "install", "--ignore-scripts", "--no-audit", "--no-fund");
    }

    /// <summary>Where the packages came from.</summary>
    public string Origin { get; }

    /// <returns>What the script printed.</returns>
    public string Run(string script, IEnumerable<string> args) => Run("node", [script, .. args]);

    private string Run(string program, params string[] args)
    {
        var (exit, output, error) = Try(program, args)!.Value;
        Assert.True(exit == 0, $"{program} {string.Join(' ', args)} ended with {exit}: {error}");
        return output;
    }

    private (int Exit, string Output, string Error)? Try(string program, params string[] args)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, args)
            {
                WorkingDirectory = _folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            if (!process.WaitForExit(Longest))
            {
                process.Kill(entireProcessTree: true);
                throw new TimeoutException($"{program} {string.Join(' ', args)} took longer than {Longest}.");
            }

            return (process.ExitCode, output.Result, error.Result);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
