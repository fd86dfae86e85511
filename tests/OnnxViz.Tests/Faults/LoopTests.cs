using System.Diagnostics;
using System.Globalization;
using OnnxViz.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace OnnxViz.Tests.Faults;

/// <summary>
/// Each verb again and again in one process: memory and open files stay as they are. The variable ONNXVIZ_LOOP_SECONDS says how long for each; a few rounds where it
/// is not set.
/// </summary>
[Collection(Alone.Name)]
public sealed class LoopTests(ITestOutputHelper output) : IDisposable
{
    private const int FewRounds = 6;

    /// <summary>ONNX Runtime's and the allocator's own ways leave some; what leaks leaves some in every round.</summary>
    private const long Most = 96L << 20;

    private static readonly double Seconds = double.TryParse(Environment.GetEnvironmentVariable("ONNXVIZ_LOOP_SECONDS"), CultureInfo.InvariantCulture, out var seconds) ? seconds : 0;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Verbs => [.. WritingVerbs.Names.Where(n => n is not ("train" or "shard")), "doctor", "summary"];

    [SkippableTheory]
    [MemberData(nameof(Verbs))]
    public void Memory_stays_flat(string verb)
    {
        Skip.IfNot(OpenHandles.AreListed, "Only Linux tells what a process holds.");
        WritingVerbs.Fill(_folder);
        string[] command = verb is "doctor" or "summary" ? [verb, _folder["net.onnx"]] : WritingVerbs.Command(verb);
        command = [.. command.Select((w, i) => i > 0 && (File.Exists(_folder[w]) || Directory.Exists(_folder[w]) || command[i - 1] is "-o" or "--raw" or "--frames" or "--animate" or "--state") ? _folder[w] : w)];
        var clock = Stopwatch.StartNew();
        var rounds = 0;
        for (; rounds < FewRounds / 3; rounds++) CliRun.Text(command);
        var before = Held();
        for (; rounds < FewRounds || clock.Elapsed.TotalSeconds < Seconds; rounds++) CliRun.Text(command);
        var after = Held();
        Assert.Empty(OpenHandles.Below(_folder.Path));
        Assert.True(after - before < Most, $"{verb}: {(after - before) >> 20} MiB more after {rounds} rounds.");
        output.WriteLine($"{verb}: {rounds} rounds in {clock.Elapsed.TotalSeconds:0} s, {before >> 20} MiB and then {after >> 20}");
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Bytes of this process in memory.</summary>
    private static long Held()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}

/// <summary>Tests that look at what the whole process holds.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
