using System.Runtime.InteropServices;

namespace OnnxViz.Runtime;

/// <summary>Memory of the devices that graphs run on, in bytes.</summary>
internal static class DeviceMemory
{
    /// <summary>Taken for a GPU that does not tell: as much as small ones have.</summary>
    private const long UnknownGpu = 8L << 30;

    /// <summary>Of the CPU what this process may have; of a GPU what is free.</summary>
    public static long Of(Device device) =>
        device.Kind == DeviceKind.Cpu ? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes : OfGpu(device.Index) ?? UnknownGpu;

    /// <summary>What its maker calls a GPU, such as "NVIDIA H100 80GB HBM3"; its number where that is not told.</summary>
    public static unsafe string NameOf(int gpu)
    {
        // The name is what cudaDeviceProp starts with, 256 bytes of some thousand.
        var properties = stackalloc byte[1 << 14];
        return CudaStream.Find("cudaGetDeviceProperties") is { } get && ((delegate* unmanaged<byte*, int, int>)get)(properties, gpu) == 0
            ? Marshal.PtrToStringUTF8((nint)properties) ?? $"{gpu}"
            : $"{gpu}";
    }

    /// <summary>Null where the CUDA runtime is not there or there is no such GPU.</summary>
    private static unsafe long? OfGpu(int index)
    {
        if (CudaStream.Find("cudaSetDevice") is not { } set || CudaStream.Find("cudaMemGetInfo") is not { } get) return null;
        nuint free, total;
        return ((delegate* unmanaged<int, int>)set)(index) == 0 && ((delegate* unmanaged<nuint*, nuint*, int>)get)(&free, &total) == 0 ? (long)free : null;
    }
}
