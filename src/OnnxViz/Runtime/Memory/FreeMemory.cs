using System.Globalization;

namespace OnnxViz.Runtime.Memory;

/// <summary>Memory that this process could still get, in bytes.</summary>
internal static class FreeMemory
{
    private const string Limits = "/sys/fs/cgroup";

    /// <summary>From the text of /proc/meminfo: what programs can have without swapping (MemAvailable), and the swap. null where it does not say.</summary>
    internal static long? OfSystem(string meminfo) =>
        Kilobytes(meminfo, "MemAvailable:") is { } available ? 1024 * (available + (Kilobytes(meminfo, "SwapFree:") ?? 0)) : null;

    /// <summary>What a group may still take: the limit less what is in use, of which pages of files that nobody uses can be given up.</summary>
    /// <param name="limit">memory.max: bytes, or "max".</param>
    /// <param name="current">memory.current.</param>
    /// <param name="stat">memory.stat.</param>
    internal static long? OfGroup(string limit, string current, string stat)
    {
        if (!Bytes(limit, out var most) || !Bytes(current, out var used)) return null;
        return Math.Max(0, most - used + (Number(stat, "inactive_file ") ?? 0));
    }

    /// <summary>What neither other processes nor the group of this one (cgroup) have taken, with what the system gives up for it.</summary>
    public static long OfCpu()
    {
        var there = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (!OperatingSystem.IsLinux()) return there;
        return new[] { there, Text("/proc/meminfo") is { } meminfo ? OfSystem(meminfo) : null, OfOwnGroup() }.Min()!.Value;
    }

    /// <summary>Of version 2, where there is one hierarchy: the group of this process, or in a container its root.</summary>
    private static long? OfOwnGroup()
    {
        var own = Text("/proc/self/cgroup")?.Split('\n').FirstOrDefault(l => l.StartsWith("0::/", StringComparison.Ordinal))?["0::/".Length..].Trim();
        return new[] { own is null ? Limits : Path.Combine(Limits, own), Limits }
            .Select(folder => Text($"{folder}/memory.max") is { } limit && Text($"{folder}/memory.current") is { } current ? OfGroup(limit, current, Text($"{folder}/memory.stat") ?? "") : null)
            .Min();
    }

    private static long? Kilobytes(string text, string name) => Number(text, name);

    private static long? Number(string text, string name)
    {
        var line = text.Split('\n').FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal));
        return line is not null && Bytes(line[name.Length..].Replace("kB", "", StringComparison.Ordinal), out var number) ? number : null;
    }

    private static bool Bytes(string text, out long number) => long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static string? Text(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
