using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using OnnxViz.Pull;

namespace OnnxViz.Cli.Shell;

/// <summary>
/// The same command in a process of its own, so that what ends the process (a crash in ONNX Runtime, or memory without end) is one line
/// and an exit code here. Its streams are ours.
/// </summary>
internal static partial class Isolation
{
    /// <summary>Set in the child, which must not have one itself.</summary>
    private const string Guard = "ONNXVIZ_ISOLATED";

    /// <summary>Exit codes from here on are signals: so .NET and shells tell them.</summary>
    private const int Signals = 128;

    /// <summary>The share of the memory that is free at the start that the child may take.</summary>
    private const double MostOfMemory = 0.9;

    private const int Interval = 50;

    private static readonly Dictionary<int, string> Names = new() { [4] = "SIGILL", [6] = "SIGABRT", [7] = "SIGBUS", [8] = "SIGFPE", [9] = "SIGKILL", [11] = "SIGSEGV", [31] = "SIGSYS" };

    /// <summary>Whether the work of a verb is to be done elsewhere: it was asked for, or its model is of nobody's.</summary>
    public static bool IsWanted(VerbOptions verb) =>
        Environment.GetEnvironmentVariable(Guard) is null && (verb.Isolate || verb.ModelNames.Any(IsUntrusted));

    /// <summary>Runs the command line again and waits for it.</summary>
    /// <param name="verb">What it is, for messages.</param>
    /// <param name="streams">Ctrl-C and SIGTERM come from there; the child prints by itself.</param>
    /// <returns>Its exit code.</returns>
    /// <exception cref="OnnxVizException">It was ended by a crash, or by the memory that it took.</exception>
    public static int Run(VerbOptions verb, Streams streams)
    {
        var most = (long)(MostOfMemory * Runtime.Memory.FreeMemory.OfCpu());
        using var child = Start(verb);
        using var interruption = streams.Cancellation.Register(() => PassOn(child, streams));
        var isTooLarge = false;
        while (!child.WaitForExit(Interval))
        {
            if (ResidentBytes(child.Id) <= most) continue;
            isTooLarge = true;
            child.Kill();
        }

        var model = verb.ModelName is { } name ? $" with {name}" : "";
        if (isTooLarge) throw OnnxVizException.Machine($"The process that worked{model} took more than {most / 1e9:0.0} GB of memory and was ended.");
        if (child.ExitCode is < Signals or Failure.Interrupted or Failure.Terminated) return child.ExitCode;
        var signal = child.ExitCode - Signals;
        var what = $"ended by {Names.GetValueOrDefault(signal, $"signal {signal}")}";
        if (signal == 9) throw OnnxVizException.Machine($"The process that worked{model} was {what}: the system may have run out of memory.");
        throw OnnxVizException.Input($"The process that worked{model} was {what}: ONNX Runtime does not survive this model.");
    }

    private static bool IsUntrusted(string model)
    {
        if (File.Exists(model)) return Untrusted.Is(model);
        return !Directory.Exists(model) && ModelCatalog.Open() is var catalog && catalog.ByName(model) is { } known && Untrusted.Is(catalog.PathOf(known));
    }

    private static Process Start(VerbOptions verb)
    {
        var program = Environment.ProcessPath ?? throw OnnxVizException.Machine("The program does not know its own path, which --isolate needs.");
        var info = new ProcessStartInfo(program) { UseShellExecute = false };
        // Of a program that is started by the dotnet command the assembly is the first argument.
        if (Path.GetFileNameWithoutExtension(program).Equals("dotnet", StringComparison.OrdinalIgnoreCase)) info.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "onnxviz.dll"));
        foreach (var argument in verb.Typed) info.ArgumentList.Add(argument);
        info.Environment[Guard] = "1";
        // No report of the runtime's own stands beside the line.
        info.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        try
        {
            return Process.Start(info)!;
        }
        catch (Win32Exception e)
        {
            throw OnnxVizException.Machine($"No second process could be started: {e.Message}", e);
        }
    }

    /// <summary>What a terminal sends goes to all its processes; what another program sends has to be handed on.</summary>
    private static void PassOn(Process child, Streams streams)
    {
        if (streams.IsTerminal || streams.IsErrorTerminal) return;
        if (OperatingSystem.IsWindows()) child.Kill();
        else _ = Kill(child.Id, 2);
    }

    /// <summary>0 where the system does not tell.</summary>
    private static long ResidentBytes(int process)
    {
        try
        {
            return File.ReadLines($"/proc/{process}/status").FirstOrDefault(l => l.StartsWith("VmRSS:", StringComparison.Ordinal)) is { } line
                ? 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Split('\t')[^1], CultureInfo.InvariantCulture)
                : 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
