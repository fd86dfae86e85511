using System.Diagnostics;
using System.Runtime.InteropServices;
using OnnxViz.Cli;

namespace OnnxViz.Tests.Support;

/// <summary>The program in a process of its own, for what a process has once: its native library, its signals, its exit code.</summary>
internal sealed partial class ChildProgram : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly Task<string> _out;
    private readonly Task<string> _error;

    /// <param name="args">Its arguments.</param>
    /// <param name="program">The assembly.</param>
    /// <param name="models">Value of ONNXVIZ_MODELS; null for the models of every clone.</param>
    /// <param name="folder">Where it lies; null for beside the tests.</param>
    /// <param name="temporary">Its folder for temporary files, on Unix; null for the system's.</param>
    /// <param name="workingFolder">From which it is started; null for that of the tests.</param>
    /// <param name="ortLibrary">Value of ONNXVIZ_ORT_LIBRARY; null for none.</param>
    public ChildProgram(string[] args, string? folder = null, string? ortLibrary = null, string program = "onnxviz.dll", string? models = null,
        string? temporary = null, string? workingFolder = null)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingFolder ?? "",
        };
        foreach (var arg in args.Prepend(Path.Combine(folder ?? AppContext.BaseDirectory, program))) start.ArgumentList.Add(arg);
        start.Environment.Remove(Telemetry.OptOut);
        start.Environment["ONNXVIZ_MODELS"] = models ?? Repository.Carried("");
        start.Environment["ONNXVIZ_ORT_LIBRARY"] = ortLibrary;
        if (temporary is not null) start.Environment["TMPDIR"] = temporary;
        _process = Process.Start(start)!;
        (_out, _error) = (_process.StandardOutput.ReadToEndAsync(), _process.StandardError.ReadToEndAsync());
    }

    public bool HasEnded => _process.HasExited;

    public int Id => _process.Id;

    /// <summary>Sends it a signal, such as 2 for SIGINT.</summary>
    public void Signal(int number)
    {
        if (Kill(_process.Id, number) != 0) throw new InvalidOperationException($"Signal {number} could not be sent.");
    }

    /// <summary>Waits for its end.</summary>
    public (int Exit, string Out, string Error) End()
    {
        if (!_process.WaitForExit(Longest)) throw new TimeoutException($"The program has not ended after {Longest.TotalMinutes} minutes.");
        return (_process.ExitCode, _out.Result, _error.Result);
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    public static partial int Kill(int process, int signal);
}
