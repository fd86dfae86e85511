using System.Runtime.InteropServices;

namespace OnnxViz.Runtime.Memory;

/// <summary>
/// Gives memory back to the system that was needed only to load a model: this process would keep it, beside what the model then needs to run.
/// </summary>
internal static partial class GivenBack
{
    /// <summary>Bytes of a serialised graph below which there is little to give back.</summary>
    private const int Much = 16 << 20;

    /// <param name="serialised">Bytes of the graph as ONNX Runtime was given it: it makes several copies of them on the way.</param>
    public static void AfterLoading(int serialised)
    {
        if (serialised < Much) return;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            _ = Trim(0);
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library than GNU's.
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint rest);
}
