using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Faults;

/// <summary>What a process left that died is removed by the next that writes to the place; what a living one has on its way is not.</summary>
public sealed class LeftoversTests : IDisposable
{
    private const string Dead = ".onnxviz-0123456789abcdef0123456789abcdef.tmp";

    private readonly TemporaryFolder _folder = new();

    private readonly string _model;

    public LeftoversTests() => _model = SmallClassifier.Save(_folder["net.onnx"]);

    [Fact]
    public void Of_the_dead_is_removed_by_the_next()
    {
        _folder.Write(Dead, [1]);
        _folder.Write($"{Dead.Replace('0', '1')}/weights.bin", [1]);
        _folder.Write(".onnxviz-fedcba98765432100123456789abcdef.lock", []);
        CliRun.Text("kernels", "-m", _model, "--layer", "first_conv", "-o", _folder["kernels.png"]);
        Assert.Equal(["kernels.png", "net.onnx"], Entries());
    }

    [Fact]
    public void Of_a_folder_is_removed_by_the_next_preparation()
    {
        _folder.Write($"{Dead}/weights.bin", [1]);
        _folder.Write(Dead.Replace(".tmp", ".lock"), []);
        CliRun.Text("prepare", _model, "-o", _folder["prepared"], "--layers", "second");
        Assert.Equal(["net.onnx", "prepared"], Entries());
    }

    [Fact]
    public void Of_the_living_is_left_alone()
    {
        using (var file = Leftovers.NewFile(_folder.Path))
        {
            var (folder, held) = Leftovers.NewFolder(_folder.Path);
            File.WriteAllText(Path.Combine(folder, "x"), "x");
            Leftovers.Sweep(_folder.Path);
            Assert.True(File.Exists(file.Name));
            Assert.True(File.Exists(Path.Combine(folder, "x")));
            held.Dispose();
        }

        Leftovers.Sweep(_folder.Path);
        Assert.Equal(["net.onnx"], Entries());
    }

    /// <summary>A file is there for a moment before its process has locked it.</summary>
    [Fact]
    public void Who_begins_while_others_sweep_is_not_swept()
    {
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, worker =>
        {
            for (var i = 0; i < 300; i++)
            {
                Leftovers.Sweep(_folder.Path);
                Leftovers.Probe(_folder.Path);
                using (var file = Leftovers.NewFile(_folder.Path)) File.Move(file.Name, _folder[$"{worker}-{i}"]);
                var (folder, held) = Leftovers.NewFolder(_folder.Path);
                using (held) Directory.Move(folder, _folder[$"{worker}-{i}.folder"]);
            }
        });
        Leftovers.Sweep(_folder.Path);
        Assert.Equal(1 + (2 * 4 * 300), Entries().Length);
    }

    [Fact]
    public void What_others_call_alike_stays()
    {
        foreach (var name in new[] { ".onnxviz-notes.tmp", ".onnxviz-0123.tmp", "onnxviz-0123456789abcdef0123456789abcdef.tmp", $"{Dead}.txt", "a.png.0123456789abcdef0123456789abcdef.tmp" }) _folder.Write(name, [1]);
        var before = Entries();
        CliRun.Text("kernels", "-m", _model, "--layer", "first_conv", "--raw", _folder["kernels.npy"]);
        Assert.Equal([.. before.Append("kernels.npy").Order(StringComparer.Ordinal)], Entries());
    }

    /// <summary>Where two names cannot be exchanged in one step, a process may die between two.</summary>
    [Fact]
    public void A_folder_that_lost_its_name_gets_it_back()
    {
        CliRun.Text("prepare", _model, "-o", _folder["prepared"], "--layers", "second");
        Directory.Move(_folder["prepared"], _folder["prepared.before"]);
        Assert.Equal(3, CliRun.Of("prepare", _model, "-o", _folder["prepared"], "--layers", "nowhere").Exit);
        // Nothing was prepared, as there is no such layer; so nothing was looked at.
        CliRun.Text("prepare", _model, "-o", _folder["prepared"], "--layers", "first");
        Assert.Equal(["net.onnx", "prepared"], Entries());
    }

    [Fact]
    public void A_write_that_fails_leaves_what_was_there_and_nothing_else()
    {
        _folder.Write("result.npy", [7]);
        Assert.Throws<OnnxVizException>(() => WholeFile.Write(_folder["result.npy"], stream =>
        {
            stream.Write(new byte[1 << 20]);
            throw new IOException("No space left on device");
        }));
        Assert.Equal([7], File.ReadAllBytes(_folder["result.npy"]));
        Assert.Equal(["net.onnx", "result.npy"], Entries());
    }

    [SkippableFact]
    public void Who_may_read_a_file_does_not_change()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has other rights.");
        if (OperatingSystem.IsWindows()) return;
        _folder.Write("secret.bin", [1]);
        File.SetUnixFileMode(_folder["secret.bin"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        WholeFile.Write(_folder["secret.bin"], [2]);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder["secret.bin"]));
    }

    public void Dispose() => _folder.Dispose();

    private string[] Entries() => [.. Directory.GetFileSystemEntries(_folder.Path).Select(e => Path.GetFileName(e)!).Order(StringComparer.Ordinal)];
}
