using System.Diagnostics;
using OnnxViz.Cli.Shell;

namespace OnnxViz.Fuzz;

/// <summary>Runs one command line in this process and judges it: it works, or it is refused by one line and the right number.</summary>
internal static class Trial
{
    /// <returns>What is wrong; null for nothing.</returns>
    public static string? Of(string[] command)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var started = Process.GetCurrentProcess().TotalProcessorTime;
        int exit;
        try
        {
            exit = Cli.Program.Run(command, new Streams(output, error, default));
        }
#pragma warning disable CA1031 // Whatever gets through is what is looked for.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return $"{e.GetType().Name} was not caught: {e.Message}";
        }

        var work = Process.GetCurrentProcess().TotalProcessorTime - started;
        var last = error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? "";
        if (work > (command[0] == "check-grad" ? Limits.LongWork : Limits.Work)) return $"took {work.TotalSeconds:0.0} s of work (exit {exit})";
        return exit switch
        {
            0 => null,
            2 or 3 when last.StartsWith("onnxviz: ", StringComparison.Ordinal) => null,
            // What is found missing is the result itself.
            3 when last.Length == 0 && output.ToString().Length > 0 => null,
            // A machine may lack the memory for what is no fault of the file.
            1 when last.Contains("memory", StringComparison.Ordinal) && !last.Contains("internal error", StringComparison.Ordinal) => null,
            _ => $"exit {exit}: {last}",
        };
    }
}
