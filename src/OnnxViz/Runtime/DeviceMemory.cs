using System.Runtime.InteropServices;

namespace OnnxViz.Runtime;

/// <summary>Memory of the devices that graphs run on, in bytes.</summary>
internal static class DeviceMemory
{
    /// <summary>Taken for a GPU that does not tell: as much as small ones have.</summary>
    private const long UnknownGpu = 8L << 30;

    private static readonly Lazy<nint> CudaRuntime = new(() =>
        NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? "cudart64_13.dll" : "libcudart.so.13", out var handle) ? handle : 0);

    /// <summary>Of the CPU what this process may have; of a GPU what is free.</summary>
    public static long Of(Device device) =>
        device.Kind == DeviceKind.Cpu ? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes : OfGpu(device.Index) ?? UnknownGpu;

    /// <summary>Null where the CUDA runtime is not there or there is no such GPU.</summary>
    private static unsafe long? OfGpu(int index)
    {
        var cuda = CudaRuntime.Value;
        if (cuda == 0 || !NativeLibrary.TryGetExport(cuda, "cudaSetDevice", out var set) || !NativeLibrary.TryGetExport(cuda, "cudaMemGetInfo", out var get)) return null;
        nuint free, total;
        return ((delegate* unmanaged<int, int>)set)(index) == 0 && ((delegate* unmanaged<nuint*, nuint*, int>)get)(&free, &total) == 0 ? (long)free : null;
    }
}
