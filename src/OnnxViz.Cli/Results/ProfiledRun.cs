using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using OnnxViz.Profiling;

namespace OnnxViz.Cli.Results;

/// <summary>--profile: a verb's run with its tables on standard error, a trace beside its results, and the numbers in what --json prints.</summary>
internal static class ProfiledRun
{
    /// <param name="verb">What is run.</param>
    /// <param name="output">What it tells.</param>
    /// <param name="main">The timestamp at which the process reached the program; null where the program runs in a process of others.</param>
    /// <param name="started">The timestamp at which its arguments were looked at.</param>
    /// <returns>The verb's exit code.</returns>
    public static int Of(VerbOptions verb, Output output, long? main, long started)
    {
        var path = TraceOf(verb);
        OutputFile.Probe(path);
        var origin = main is { } reached ? Math.Min(ProcessStart(), reached) : started;
        using var profiler = Profiler.Start(origin, isOfProcess: main is not null);
        if (main is not null)
        {
            profiler.Add("start the process", origin, started);
            // ONNX Runtime times how long a kernel takes to be launched; so it lasts as long as the kernel does.
            NativeVariables.Set("CUDA_LAUNCH_BLOCKING", "1");
        }

        profiler.Add("read the command line", started, Stopwatch.GetTimestamp());
        try
        {
            var exit = verb.Run(output);
            output.Finish();
            Tell(profiler.Stop(), path, output);
            return exit;
        }
        catch (OperationCanceledException)
        {
            // Who ends long work wants to know where its time went, but waits for nothing any more.
            Tell(profiler.Stop(measuresPeak: false), path, output);
            throw;
        }
        finally
        {
            output.Release();
        }
    }

    /// <summary>Beside what -o names, with its name; else in the current folder.</summary>
    internal static string TraceOf(VerbOptions verb)
    {
        const string Extension = ".trace.json";
        var own = $"onnxviz-{Manual.NameOf(verb)}{Extension}";
        var (option, property) = Manual.Options(verb.GetType()).FirstOrDefault(o => o.Option.LongName == "out");
        if (property?.GetValue(verb) is not string { Length: > 0 } place) return own;
        var isFolder = Directory.Exists(place) || Path.EndsInDirectorySeparator(place) || !option.MetaValue.Contains("FILE", StringComparison.Ordinal);
        if (!isFolder) return FileNames.Beside(place, Extension);
        var folder = Path.TrimEndingDirectorySeparator(place);
        return Path.GetFileName(folder) is "" or "." or ".." ? Path.Combine(folder, own) : FileNames.Beside($"{folder}.", Extension);
    }

    private static void Tell(ProfileReport report, string path, Output output)
    {
        OutputFile.Write(path, report.ToChromeTrace());
        new ProfileTables(output.Streams.Error, output.Streams.ErrorWidth).Write(report);
        output.Streams.Error.WriteLine($"Wrote {PlainText.Of(path)} (chrome://tracing or ui.perfetto.dev shows it)");
        output.Release(result =>
        {
            var profile = (JsonObject)JsonSerializer.SerializeToNode(report, JsonFormat.Options)!;
            profile["trace"] = path;
            result["profile"] = profile;
        });
    }

    /// <summary>As a timestamp. The system tells it in hundredths of a second.</summary>
    private static long ProcessStart()
    {
        using var process = Process.GetCurrentProcess();
        var since = DateTime.Now - process.StartTime;
        return Stopwatch.GetTimestamp() - (long)(since.TotalSeconds * Stopwatch.Frequency);
    }
}
