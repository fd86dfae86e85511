using System.Globalization;

namespace OnnxViz.Runtime.Hardware;

/// <summary>
/// How many cores there are to compute on. ONNX Runtime counts them itself where it is not told, and takes the cores of
/// some virtual machines for the two halves of one: it then runs on one thread, at half the speed.
/// </summary>
internal static class PhysicalCores
{
    /// <summary>Of this process: at least 1, at most as many as it may use.</summary>
    public static int Count { get; } = Of("/sys/devices/system/cpu", Environment.ProcessorCount);

    /// <param name="folder">Linux's description of the processors.</param>
    /// <param name="usable">Processors that this process may use, quotas and affinity considered.</param>
    /// <returns>Groups of processors that share a core; <paramref name="usable"/> where that is less or nothing is described.</returns>
    internal static int Of(string folder, int usable)
    {
        try
        {
            var cores = Directory.EnumerateDirectories(folder, "cpu*")
                .Where(d => int.TryParse(Path.GetFileName(d)[3..], NumberStyles.None, CultureInfo.InvariantCulture, out _))
                .Select(d => Path.Combine(d, "topology", "thread_siblings_list"))
                .Where(File.Exists)
                .Select(file => File.ReadAllText(file).Trim())
                .Distinct()
                .Count();
            return cores > 0 ? Math.Min(cores, usable) : usable;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return usable;
        }
    }
}
