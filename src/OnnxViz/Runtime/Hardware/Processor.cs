using System.Runtime.InteropServices;

namespace OnnxViz.Runtime.Hardware;

/// <summary>Which processor this is, for what was measured on one and holds for its like.</summary>
internal static class Processor
{
    private static readonly string[] Lines = ["vendor_id", "cpu family", "model", "model name", "stepping", "CPU implementer", "CPU part", "CPU variant"];

    /// <summary>Maker, family, model and stepping as far as the system tells them, and the architecture. Never empty.</summary>
    public static string Name { get; } = $"{RuntimeInformation.ProcessArchitecture} {Of("/proc/cpuinfo") ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? RuntimeInformation.OSDescription}";

    /// <param name="file">Linux's description of the processors, of which the first counts.</param>
    internal static string? Of(string file)
    {
        try
        {
            var said = File.ReadLines(file).TakeWhile(line => line.Length > 0)
                .Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries))
                .Where(line => line.Length == 2 && Lines.Contains(line[0]))
                .Select(line => line[1]);
            return string.Join(' ', said) is { Length: > 0 } name ? name : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
