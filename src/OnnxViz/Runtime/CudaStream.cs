using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace OnnxViz.Runtime;

/// <summary>A stream of the CUDA runtime, which ONNX Runtime's provider has loaded: its C# API copies to and from no device.</summary>
internal sealed unsafe class CudaStream : ICopyQueue
{
    private const uint NonBlocking = 1;

    /// <summary>The direction follows from the addresses.</summary>
    private const int AnyDirection = 4;

    private static readonly Lazy<nint> Library = new(() =>
        NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? "cudart64_13.dll" : "libcudart.so.13", out var handle) ? handle : 0);

    private readonly int _gpu;
    private readonly nint _stream;

    /// <param name="gpu">Its number.</param>
    /// <exception cref="OnnxVizException">No such GPU, or no CUDA runtime.</exception>
    public CudaStream(int gpu)
    {
        _gpu = gpu;
        nint stream;
        Check(((delegate* unmanaged<nint*, uint, int>)Function("cudaStreamCreateWithFlags"))(&stream, NonBlocking));
        _stream = stream;
        Memory = new OrtMemoryInfo(OrtMemoryInfo.allocatorCUDA, OrtAllocatorType.DeviceAllocator, gpu, OrtMemType.Default);
    }

    public OrtMemoryInfo Memory { get; }

    public IReadOnlyDictionary<string, string> SessionOptions => new Dictionary<string, string>
    {
        ["user_compute_stream"] = ((nuint)_stream).ToString(CultureInfo.InvariantCulture),
        ["enable_cuda_graph"] = "1",
    };

    /// <summary>A function of the CUDA runtime; null where there is none.</summary>
    public static nint? Find(string name) => Library.Value != 0 && NativeLibrary.TryGetExport(Library.Value, name, out var function) ? function : null;

    public nint Allocate(long bytes)
    {
        nint memory;
        Check(((delegate* unmanaged<nint*, nuint, int>)Function("cudaMalloc"))(&memory, (nuint)Math.Max(1, bytes)));
        return memory;
    }

    public void Free(nint memory) => _ = ((delegate* unmanaged<nint, int>)Function("cudaFree"))(memory);

    public nint AllocateOnHost(long bytes)
    {
        nint memory;
        Check(((delegate* unmanaged<nint*, nuint, int>)Function("cudaMallocHost"))(&memory, (nuint)Math.Max(1, bytes)));
        return memory;
    }

    public void FreeOnHost(nint memory) => _ = ((delegate* unmanaged<nint, int>)Function("cudaFreeHost"))(memory);

    public void Copy(nint from, nint to, long bytes) => Check(
        ((delegate* unmanaged<nint, nint, nuint, int, nint, int>)Function("cudaMemcpyAsync"))(to, from, (nuint)bytes, AnyDirection, _stream));

    public void Wait() => Check(((delegate* unmanaged<nint, int>)Function("cudaStreamSynchronize"))(_stream));

    public void Dispose()
    {
        _ = ((delegate* unmanaged<nint, int>)Function("cudaStreamDestroy"))(_stream);
        Memory.Dispose();
    }

    private nint Function(string name)
    {
        if (Find(name) is not { } function || Find("cudaSetDevice") is not { } set) throw OnnxVizException.Machine("The CUDA runtime cannot be loaded.");
        Check(((delegate* unmanaged<int, int>)set)(_gpu));
        return function;
    }

    private static void Check(int error)
    {
        if (error == 0) return;
        var text = Find("cudaGetErrorString") is { } get ? Marshal.PtrToStringUTF8(((delegate* unmanaged<int, nint>)get)(error)) : null;
        throw OnnxVizException.Machine($"CUDA: {text ?? $"error {error}"}.");
    }
}
