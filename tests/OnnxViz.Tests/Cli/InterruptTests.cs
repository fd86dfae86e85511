using System.Diagnostics;
using OnnxViz.Imaging.Files;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Cli;

/// <summary>What Ctrl-C and a service manager's SIGTERM do to the program while ONNX Runtime is at work.</summary>
public sealed class InterruptTests : IDisposable
{
    private const int Sigint = 2;

    private const int Sigterm = 15;

    /// <summary>
    /// A step of this takes four seconds and more on two cores; to end it, to write the pictures and to leave takes one. A machine
    /// that does other work as well is slower at all of it: there half of what a step takes at that moment is allowed.
    /// </summary>
    private const double Longest = 3;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void Ctrl_C_ends_a_step_and_keeps_those_before_it()
    {
        Skip.If(IgnoresSigint(), "SIGINT is ignored here, as by a job in the background, and with it by every program that is started from here.");
        using var program = Start("--unit", "0-11", "--batch", "12", "--size", "224", "--steps", "50");
        WaitForFrames(program, 12);
        var clock = Stopwatch.StartNew();
        WaitForFrames(program, 24);
        var step = clock.Elapsed.TotalSeconds;
        // Within the third.
        Thread.Sleep(500);
        clock.Restart();
        program.Signal(Sigint);
        var ended = program.End();
        var seconds = clock.Elapsed.TotalSeconds;
        Assert.Equal((130, "onnxviz: interrupted."), (ended.Exit, ended.Error.Trim().Split('\n')[^1]));
        Assert.True(seconds < Math.Max(Longest, step / 2), $"It took {seconds:0.0} s, a step {step:0.0} s.");
        Assert.True(ImageFile.Load(_folder["found.png"]).Width > 4 * 224);
    }

    /// <summary>Before there is a program that could listen the system ends the process, which shells call 130 as well.</summary>
    [SkippableTheory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(20)]
    [InlineData(60)]
    [InlineData(100)]
    [InlineData(150)]
    [InlineData(250)]
    public void Ctrl_C_at_once_is_as_clean(int milliseconds)
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no signals to send.");
        Skip.If(IgnoresSigint(), "SIGINT is ignored here, as by a job in the background, and with it by every program that is started from here.");
        using var program = new ChildProgram(["maximize", "--layer", "conv5_3", "--unit", "0", "--steps", "100000", "--device", "cpu", "-o", _folder["found.png"]]);
        Thread.Sleep(milliseconds);
        program.Signal(Sigint);
        var ended = program.End();
        Assert.Equal(130, ended.Exit);
        Assert.Contains(ended.Error.Trim(), new[] { "", "onnxviz: interrupted." });
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    /// <summary>Every verb that takes many pictures, ended in their midst.</summary>
    [SkippableTheory]
    [InlineData(Sigint, 130)]
    [InlineData(Sigterm, 143)]
    public void Finished_pictures_of_a_folder_are_kept(int signal, int exit)
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no signals to send.");
        Skip.If(signal == Sigint && IgnoresSigint(), "SIGINT is ignored here, as by a job in the background, and with it by every program that is started from here.");
        using var program = new ChildProgram(["saliency", "-i", "images", "--methods", "gradient,rise", "--device", "cpu", "-o", _folder["out/"]]);
        while (!Directory.Exists(_folder["out"]) || Directory.GetFiles(_folder["out"], "*.png").Length < 1)
        {
            Assert.False(program.HasEnded, "The program ended by itself.");
            Thread.Sleep(20);
        }

        program.Signal(signal);
        var ended = program.End();
        Assert.Equal(exit, ended.Exit);
        Assert.Contains("goes on from there", ended.Out);
        Assert.All(Directory.GetFiles(_folder["out"]), file => Assert.True(ImageFile.Load(file).Width > 224));
    }

    [SkippableFact]
    public void A_service_manager_is_told_that_it_was_SIGTERM()
    {
        using var program = Start("--unit", "0", "--size", "64", "--steps", "100000");
        WaitForFrames(program, 1);
        program.Signal(Sigterm);
        Assert.Equal(143, program.End().Exit);
    }

    /// <summary>By Linux' list of ignored signals, a bit for each.</summary>
    internal static bool IgnoresSigint() => File.Exists("/proc/self/status")
        && File.ReadLines("/proc/self/status").First(l => l.StartsWith("SigIgn:", StringComparison.Ordinal)) is var line
        && (Convert.ToUInt64(line["SigIgn:".Length..].Trim(), 16) & (1UL << (Sigint - 1))) != 0;

    private ChildProgram Start(params string[] args)
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no signals to send.");
        return new(["maximize", "--layer", "conv5_3", "--device", "cpu", "--frames", _folder["frames"], "--frames-every", "1", "-o", _folder["found.png"], .. args]);
    }

    private void WaitForFrames(ChildProgram program, int count)
    {
        while (!Directory.Exists(_folder["frames"]) || Directory.GetFiles(_folder["frames"]).Length < count)
        {
            Assert.False(program.HasEnded, "The program ended by itself.");
            Thread.Sleep(20);
        }
    }
}
