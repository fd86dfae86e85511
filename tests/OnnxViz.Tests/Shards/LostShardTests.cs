using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Shards;

/// <summary>Parts as processes, of which some die: what is left is never half a file, and a repeated part goes on.</summary>
public sealed class LostShardTests : IDisposable
{
    private const int Sigint = 2, Sigkill = 9, Pieces = 16;

    private readonly TemporaryFolder _folder = new();

    [SkippableTheory]
    [InlineData(Sigkill)]
    [InlineData(Sigint)]
    public void A_killed_part_is_repeated_and_all_are_joined(int signal)
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no signals to send.");
        Skip.If(signal == Sigint && Cli.InterruptTests.IgnoresSigint(), "SIGINT is ignored here, and with it by every program that is started from here.");
        var model = SmallClassifier.Save(_folder["net.onnx"], dims: [-1, 3, 24, 24]);
        string[] command = ["maximize", "-m", model, "--layer", "second", "--unit", "all", "--batch", "1", "--steps", "100", "--device", "cpu", "--threads", "1"];
        using var first = Start([.. command, "--shard", "1/3", "-o", _folder["parts/"]]);
        using (var lost = Start([.. command, "--shard", "2/3", "-o", _folder["parts/"]]))
        {
            while (Directory.Exists(_folder["parts"]) is false || PiecesOf(2) == 0)
            {
                Assert.False(lost.HasEnded, "The program ended by itself.");
                Thread.Sleep(2);
            }

            lost.Signal(signal);
            Assert.Equal(signal == Sigint ? 130 : 128 + Sigkill, lost.End().Exit);
        }

        using var third = Start([.. command, "--shard", "3/3", "-o", _folder["parts/"]]);
        Assert.Equal((0, 0), (first.End().Exit, third.End().Exit));
        var kept = PiecesOf(2);
        Assert.InRange(kept, 1, (Pieces / 3) - 1);
        var missing = CliRun.Of("merge", "--missing", _folder["parts"]);
        Assert.Equal((3, "2"), (missing.Exit, missing.Out.Trim()));

        // Twice at once, as where a scheduler takes a machine for lost that is not.
        using var again = Start([.. command, "--shard", "2/3", "-o", _folder["parts/"]]);
        using var twice = Start([.. command, "--shard", "2/3", "-o", _folder["parts/"]]);
        var ended = again.End();
        Assert.True(ended.Exit == 0, ended.Error);
        Assert.Contains("pieces are done already", ended.Out);
        Assert.Equal(0, twice.End().Exit);
        using var merge = Start(["merge", _folder["parts"], "-o", _folder["merged.png"], "--raw", _folder["merged.npy"]]);
        Assert.Equal(0, merge.End().Exit);
        using var one = Start([.. command, "-o", _folder["one.png"], "--raw", _folder["one.npy"]]);
        Assert.Equal(0, one.End().Exit);
        Assert.Equal(File.ReadAllBytes(_folder["one.png"]), File.ReadAllBytes(_folder["merged.png"]));
        Assert.Equal(File.ReadAllBytes(_folder["one.npy"]), File.ReadAllBytes(_folder["merged.npy"]));
    }

    public void Dispose() => _folder.Dispose();

    private static ChildProgram Start(string[] args) => new(args);

    /// <summary>Finished pieces of a part of three.</summary>
    private int PiecesOf(int part) => Directory.GetFiles(_folder["parts"], "piece-*.npz").Count(f => int.Parse(Path.GetFileName(f)[6..12]) % 3 == part - 1);
}
