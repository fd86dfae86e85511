using System.Diagnostics;

namespace OnnxViz.Fuzz;

/// <summary>Cases in processes of their own, several side by side: one that dies costs its case and no more.</summary>
internal sealed class Campaign(IFuzzTarget target, string keep)
{
    public const string At = "at", Bad = "BAD";

    /// <summary>What a process leaks must not add up to a fault of the next case.</summary>
    private const long MostPerProcess = 250;

    private readonly Lock _lock = new();
    private long _next;
    private long _end;
    private int _failures;
    private long _tried;

    /// <param name="first">Number of the first case, which is its seed.</param>
    /// <param name="count">How many.</param>
    /// <param name="workers">Processes at once.</param>
    /// <returns>How many failed.</returns>
    public int Run(long first, long count, int workers)
    {
        (_next, _end) = (first, first + count);
        Directory.CreateDirectory(keep);
        var threads = Enumerable.Range(0, workers).Select(_ => new Thread(Work)).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        Console.WriteLine($"{target.Name}: {_tried} tried, {_failures} failed{(_failures > 0 ? $"; they are kept in {keep}" : "")}");
        return _failures;
    }

    private void Work()
    {
        while (true)
        {
            long first, count;
            lock (_lock)
            {
                (first, count) = (_next, Math.Min(MostPerProcess, _end - _next));
                _next += count;
            }

            if (count <= 0) return;
            while (count > 0)
            {
                var last = Part(first, count);
                (first, count) = (last + 1, first + count - last - 1);
            }
        }
    }

    /// <returns>The last case that was begun.</returns>
    private long Part(long first, long count)
    {
        var info = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet") info.ArgumentList.Add(typeof(Campaign).Assembly.Location);
        foreach (var argument in new[] { "--worker", "--target", target.Name, "--first", $"{first}", "--count", $"{count}", "--keep", keep }) info.ArgumentList.Add(argument);
        using var process = Process.Start(info)!;
        var (at, reported) = (first, -1L);
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (line.StartsWith(At, StringComparison.Ordinal))
            {
                at = long.Parse(line.AsSpan(At.Length + 1), System.Globalization.CultureInfo.InvariantCulture);
                Interlocked.Increment(ref _tried);
            }
            else if (line.StartsWith(Bad, StringComparison.Ordinal))
            {
                if (reported != at) Interlocked.Increment(ref _failures);
                reported = at;
                Console.WriteLine(line);
            }
        }

        process.WaitForExit();
        if (process.ExitCode != 0 && reported != at)
        {
            Interlocked.Increment(ref _failures);
            var command = Path.Combine(keep, $"{target.Name}-{at}", "command.txt");
            Console.WriteLine($"{Bad} {at} the process died ({process.ExitCode}) [{(File.Exists(command) ? File.ReadAllText(command).Trim() : "while it was made")}]");
        }

        return process.ExitCode == 0 ? first + count - 1 : at;
    }
}
