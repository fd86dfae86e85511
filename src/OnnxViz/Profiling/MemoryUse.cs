using System.Diagnostics;

namespace OnnxViz.Profiling;

/// <summary>What the process has in memory.</summary>
internal static class MemoryUse
{
    /// <summary>What ONNX Runtime 1.31 keeps of a node's run until it writes it down, measured.</summary>
    private const long BytesPerEvent = 2900;

    public static ProfiledMemory Now(IReadOnlyCollection<ProfiledSession> sessions)
    {
        var runtime = sessions.Select(s => s.Profile.PeakBytes).DefaultIfEmpty().Max();
        var records = sessions.Select(s => s.Profile.Nodes.Sum(n => n.Calls)).DefaultIfEmpty().Max() * BytesPerEvent;
        return new ProfiledMemory(
            PeakResident(), records, GC.GetTotalMemory(forceFullCollection: false), runtime > 0 ? runtime : null, sessions.Select(s => s.WeightBytes).DefaultIfEmpty().Max());
    }

    /// <summary>Linux tells the peak of the process itself; elsewhere .NET knows it.</summary>
    private static long PeakResident()
    {
        const string Status = "/proc/self/status";
        const string Line = "VmHWM:";
        if (File.Exists(Status) && File.ReadLines(Status).FirstOrDefault(l => l.StartsWith(Line, StringComparison.Ordinal)) is { } line
            && long.TryParse(line[Line.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), out var kilobytes)) return kilobytes << 10;
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
