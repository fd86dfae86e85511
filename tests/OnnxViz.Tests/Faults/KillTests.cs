using System.Diagnostics;
using System.Globalization;
using OnnxViz.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace OnnxViz.Tests.Faults;

/// <summary>
/// Each verb that writes, killed at a moment of its own: nothing is half, what was there before is there still, and the next run works and removes what is left.
/// The variable ONNXVIZ_KILLS says how often; once where it is not set.
/// </summary>
public sealed class KillTests(ITestOutputHelper output) : IDisposable
{
    private static readonly int Kills = int.TryParse(Environment.GetEnvironmentVariable("ONNXVIZ_KILLS"), NumberStyles.None, CultureInfo.InvariantCulture, out var kills) ? kills : 1;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Verbs => [.. WritingVerbs.Names];

    [SkippableTheory]
    [MemberData(nameof(Verbs))]
    public void Killed_at_any_moment(string verb)
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows ends processes in another way.");
        WritingVerbs.Fill(_folder);
        var command = WritingVerbs.Command(verb);
        if (verb == "train") command = [.. command[..^2], "-o"];
        var clock = Stopwatch.StartNew();
        Done(command, 0);
        var longest = (int)clock.ElapsedMilliseconds;
        var (random, dead, left) = (new Random(7), 0, 0);
        for (var kill = 1; kill <= Kills; kill++)
        {
            using (var program = Start(command, kill))
            {
                Thread.Sleep(random.Next(longest));
                if (!program.HasEnded) dead++;
                if (!program.HasEnded) program.Signal(9);
                _ = program.End();
            }

            left += Directory.EnumerateFileSystemEntries(_folder.Path, ".onnxviz-*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }).Count();
            if (verb == "prepare") Assert.True(Directory.Exists(_folder["prepared"]), $"Kill {kill} leaves no folder.");
            WritingVerbs.AllIsWhole(_folder);
        }

        Done(command, Kills + 1);
        WritingVerbs.AllIsWhole(_folder);
        WritingVerbs.NothingIsLeft(_folder);
        output.WriteLine($"{verb}: {dead} of {Kills} killed within {longest} ms, {left} leftovers seen, none now");
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>A run of training is not begun twice in one place: what was killed goes on.</summary>
    private string[] WithPlace(string[] command, int time) => command[^1] != "-o" ? command
        : File.Exists(_folder["run/run.json"]) && time > 0 ? ["train", "--resume", "run"] : [.. command, "run"];

    private ChildProgram Start(string[] command, int time) => new(WithPlace(command, time), workingFolder: _folder.Path);

    private void Done(string[] command, int time)
    {
        using var program = Start(command, time);
        var ended = program.End();
        Assert.True(ended.Exit == 0, ended.Error);
    }
}
