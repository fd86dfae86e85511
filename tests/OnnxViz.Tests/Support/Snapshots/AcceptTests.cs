using System.Diagnostics;
using Xunit;

namespace OnnxViz.Tests.Support.Snapshots;

/// <summary>build.sh accept, in a folder of its own.</summary>
public class AcceptTests
{
    [SkippableFact]
    public void Received_snapshots_become_the_verified_ones()
    {
        Skip.If(OperatingSystem.IsWindows(), "The script is for bash; build.ps1 does the same there.");
        using TemporaryFolder folder = new();
        File.Copy(Path.Combine(Repository.Root, "build.sh"), folder["build.sh"]);
        foreach (var file in new[] { "A/Of_x.received.txt", "A/Of_x.verified.txt", "A/Of x.y.received.png", "A/Of x.y.difference.png", "B/Other.received.txt", "B/Kept.verified.txt" }) folder.Write($"Snapshots/{file}", [(byte)file.Length, (byte)file[^5]]);

        Assert.Equal("accepted Snapshots/B/Other.verified.txt\n1 accepted\n", Run("accept", "B/"));
        Assert.Equal("accepted Snapshots/A/Of x.y.verified.png\naccepted Snapshots/A/Of_x.verified.txt\n2 accepted\n", Run("accept"));
        Assert.Equal("0 accepted\n", Run("accept"));
        Assert.Equal(
            ["A/Of x.y.verified.png", "A/Of_x.verified.txt", "B/Kept.verified.txt", "B/Other.verified.txt"],
            Directory.GetFiles(folder["Snapshots"], "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder["Snapshots"], f)).Order(StringComparer.Ordinal));
        Assert.Equal("A/Of_x.received.txt".Length, File.ReadAllBytes(folder["Snapshots/A/Of_x.verified.txt"])[0]);

        string Run(params string[] args)
        {
            var start = new ProcessStartInfo("bash") { RedirectStandardOutput = true };
            foreach (var arg in args.Prepend(folder["build.sh"])) start.ArgumentList.Add(arg);
            using var process = Process.Start(start)!;
            var text = process.StandardOutput.ReadToEnd();
            Assert.True(process.WaitForExit(TimeSpan.FromSeconds(30)) && process.ExitCode == 0);
            return text;
        }
    }
}
