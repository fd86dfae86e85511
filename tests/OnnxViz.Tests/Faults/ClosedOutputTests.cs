using OnnxViz.Imaging.Files;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Faults;

/// <summary>Standard output and error that are closed, full or that nobody reads: results are kept, and the exit code says what was lost.</summary>
public sealed class ClosedOutputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, int, int> Places => new()
    {
        { "2>&-", 0, 3 }, { "2>/dev/full", 0, 3 }, { ">&-", 1, 3 }, { ">/dev/full", 1, 3 }, { ">&- 2>&-", 1, 3 }, { ">/dev/full 2>/dev/full", 1, 3 }, { "<&- >&- 2>&-", 1, 3 },
        { "| true", 0, 0 }, { "2>&1 | head -c 1", 0, 0 },
    };

    [SkippableTheory]
    [MemberData(nameof(Places))]
    public void Nothing_of_the_work_is_lost(string place, int done, int failed)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "It takes a shell and /dev/full.");
        var model = SmallClassifier.Save(_folder["net.onnx"], 1, 1, 3, 32, 32);
        File.Copy(Repository.Carried("images/chelsea.png"), _folder["cat.png"]);
        Assert.Equal(done, Shell.Script($"PROGRAM saliency -m net.onnx -i cat.png --class 1 --device cpu -o out.png {place}", _folder.Path).Exit);
        Assert.True(ImageFile.Load(_folder["out.png"]).Width > 32);
        Assert.Equal(failed, Shell.Script($"PROGRAM summary nowhere.onnx {place}", _folder.Path).Exit);
        Assert.Equal(done, Shell.Script($"PROGRAM summary net.onnx --json {place}", _folder.Path).Exit);
        Assert.True(File.ReadAllBytes(model).Length > 1000);
    }

    [SkippableFact]
    public void Who_prints_nothing_needs_no_output()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "It takes a shell.");
        SmallClassifier.Save(_folder["net.onnx"], 1, 1, 3, 32, 32);
        Assert.Equal((0, "", ""), Shell.Script("PROGRAM kernels -m net.onnx --layer first_conv --quiet -o out.png >&-", _folder.Path));
        var full = Shell.Script("PROGRAM kernels -m net.onnx --layer first_conv -o out.png >/dev/full", _folder.Path);
        Assert.Equal(1, full.Exit);
        Assert.Contains("standard output cannot be written", full.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
