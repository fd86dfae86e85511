using System.Diagnostics;
using System.Runtime.InteropServices;

namespace OnnxViz.Cli;

internal static class Program
{
    public static int Main(string[] args)
    {
        var main = Stopwatch.GetTimestamp();
        Telemetry.Disable();
        using var cancellation = new CancellationTokenSource();
        // The first Ctrl-C cancels the work; the second ends the process at once. Console.CancelKeyPress would start the whole terminal for it.
        using var interruption = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, cancellation));
        var isTerminated = false;
        using var termination = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            isTerminated = true;
            Stop(context, cancellation);
        });
        var (output, error) = OperatingSystem.IsWindows() ? ((StandardStream?)null, (StandardStream?)null) : (new StandardStream(1), new StandardStream(2));
        var (standardOutput, standardError) = (output?.Writer() ?? Console.Out, error?.Writer() ?? Console.Error);
        var exit = Run(args, new Streams(standardOutput, standardError, cancellation.Token)
        {
            IsTerminal = !Console.IsOutputRedirected,
            IsErrorTerminal = !Console.IsErrorRedirected,
        }, main);
        // All the work is done, and its results are where they belong; what was to be said of it is lost.
        if (exit == 0 && output?.Fault is { } fault)
        {
            standardError.WriteLine($"onnxviz: standard output cannot be written: {fault}.");
            return Failure.Machine;
        }

        return exit == Failure.Interrupted && isTerminated ? Failure.Terminated : exit;
    }

    private static void Stop(PosixSignalContext context, CancellationTokenSource cancellation)
    {
        context.Cancel = !cancellation.IsCancellationRequested;
        cancellation.Cancel();
    }

    /// <summary>The whole program but for the process: what it prints goes to the given writers.</summary>
    /// <param name="args">As typed.</param>
    /// <param name="streams">Where it prints.</param>
    /// <param name="main">The timestamp at which the process reached the program; null where it is a process of others.</param>
    /// <returns>The exit code.</returns>
    public static int Run(IReadOnlyList<string> args, Streams streams, long? main = null)
    {
        var started = Stopwatch.GetTimestamp();
        var verbose = args.Contains("--verbose");
        VerbOptions? verb = null;
        using var files = RunFiles.Start();
        try
        {
            if (Arguments.Parse(args, VerbList.All, streams, out verb) is { } answered) return answered;
            // Only who is a process himself can be one anew.
            if (main is not null && Isolation.IsWanted(verb!)) return Isolation.Run(verb!, streams);
            var output = new Output(streams, verb!);
            var exit = verb!.Profile ? ProfiledRun.Of(verb, output, main, started) : verb.Run(output);
            output.Finish();
            return exit;
        }
#pragma warning disable CA1031 // The one place where every failure becomes a line and a number.
        catch (Exception e)
#pragma warning restore CA1031
        {
            var (fault, message) = Failure.Describe(e, verb);
            streams.Error.WriteLine(message);
            if (verbose) foreach (var line in e.ToString().ReplaceLineEndings("\n").Split('\n')) streams.Error.WriteLine(PlainText.Of(line));
            return fault;
        }
    }
}
