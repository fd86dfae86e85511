using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Faults;

/// <summary>Disks that are full and folders that may not be written to: one line, exit code 1, what was there before is there still, nothing else.</summary>
public sealed class DiskTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Verbs => [.. WritingVerbs.Names];

    [SkippableTheory]
    [MemberData(nameof(Verbs))]
    public void A_full_disk(string verb)
    {
        WritingVerbs.Fill(_folder);
        using var disk = TinyDisk.Mount(_folder["disk"], 1);
        File.WriteAllBytes(_folder["disk/full"], new byte[(1 << 20) - (12 << 10)]);
        var run = Run(verb, "disk");
        Assert.True(run.Exit is 1 || (run.Exit == 0 && verb is "predict" or "kernels"), $"{run.Exit}: {run.Out}{run.Error}");
        if (run.Exit == 1) Assert.DoesNotContain(".tmp", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("internal error", run.Error, StringComparison.Ordinal);
        WritingVerbs.AllIsWhole(_folder);
        WritingVerbs.NothingIsLeft(_folder);
        File.Delete(_folder["disk/full"]);
    }

    [SkippableTheory]
    [MemberData(nameof(Verbs))]
    public void A_disk_that_may_not_be_written_to(string verb)
    {
        WritingVerbs.Fill(_folder);
        using var disk = TinyDisk.Mount(_folder["disk"], 1);
        disk.BecomeReadOnly();
        var run = Run(verb, "disk");
        Assert.True(run.Exit == 1, $"{run.Exit}: {run.Error}");
        Assert.DoesNotContain("internal error", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(".onnxviz-", run.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private CliRun Run(string verb, string disk)
    {
        string[] outputs = ["-o", "--raw", "--frames", "--animate", "--state"];
        var words = WritingVerbs.Command(verb);
        return CliRun.Of([.. words.Select((w, i) => i > 0 && outputs.Contains(words[i - 1]) ? _folder[$"{disk}/{w}"] : File.Exists(_folder[w]) || Directory.Exists(_folder[w]) ? _folder[w] : w)]);
    }
}
