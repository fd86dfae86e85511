using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace OnnxViz.Runtime;

/// <summary>Whether CUDA works here, and if not, why.</summary>
/// <param name="ProviderPath">ONNX Runtime's CUDA provider beside its library; null if it is not there.</param>
/// <param name="Missing">What the provider needs and the loader does not find, in the order in which to install it.</param>
/// <param name="Error">Why CUDA cannot be used, in one line; null if it can.</param>
public sealed record CudaReport(string? ProviderPath, IReadOnlyList<CudaReport.Library> Missing, string? Error)
{
    /// <summary>What the provider of ONNX Runtime 1.31 links to or opens when it starts (readelf -d, strings; libcufft only serves FFTs).</summary>
    private static readonly Library[] Linux =
    [
        new("libcuda.so.1", "the NVIDIA driver"), new("libcudart.so.13", "CUDA 13"), new("libcublas.so.13", "CUDA 13"),
        new("libcublasLt.so.13", "CUDA 13"), new("libcurand.so.10", "CUDA 13"), new("libcudnn.so.9", "cuDNN 9"),
    ];

    private static readonly Library[] Windows =
    [
        new("nvcuda.dll", "the NVIDIA driver"), new("cublas64_13.dll", "CUDA 13"), new("cublasLt64_13.dll", "CUDA 13"),
        new("cudnn64_9.dll", "cuDNN 9"),
    ];

    /// <summary>Whether graphs can run on the first GPU.</summary>
    public bool Works => Error is null;

    /// <summary>Looks at the machine; loads what it finds, so the answer is ONNX Runtime's own and not a guess.</summary>
    /// <param name="ortPath">The native ONNX Runtime in use, if known.</param>
    /// <param name="providers">What it was built with.</param>
    internal static CudaReport Probe(string? ortPath, IEnumerable<string> providers)
    {
        if (OperatingSystem.IsMacOS())
            return new CudaReport(null, [], "there is no CUDA for macOS");
        var windows = OperatingSystem.IsWindows();
        var missing = (windows ? Windows : Linux).Where(library => !Loads(library.File)).ToArray();
        if (!providers.Contains("CUDAExecutionProvider"))
            return new CudaReport(null, missing, "this ONNX Runtime was built without CUDA");
        var provider = Path.Combine(
            Path.GetDirectoryName(ortPath) ?? AppContext.BaseDirectory,
            windows ? "onnxruntime_providers_cuda.dll" : "libonnxruntime_providers_cuda.so");
        if (!File.Exists(provider))
            return new CudaReport(null, missing, $"{Path.GetFileName(provider)} is not beside ONNX Runtime");
        var error = WhyNot(0);
        // Another version of ONNX Runtime may do without what this list has.
        return new CudaReport(provider, error is null ? [] : missing, error);
    }

    /// <summary>Asks ONNX Runtime to get this GPU ready.</summary>
    /// <returns>Null if it can, else its reason, in one line.</returns>
    internal static string? WhyNot(int gpu)
    {
        OrtLibrary.Start();
        try
        {
            using var options = new SessionOptions();
            using var cuda = new OrtCUDAProviderOptions();
            cuda.UpdateOptions(new Dictionary<string, string> { ["device_id"] = gpu.ToString() });
            options.AppendExecutionProvider_CUDA(cuda);
            return null;
        }
        catch (OnnxRuntimeException e)
        {
            return e.Message.ReplaceLineEndings(" ").Trim();
        }
    }

    private static bool Loads(string file)
    {
        if (!NativeLibrary.TryLoad(file, out var handle)) return false;
        NativeLibrary.Free(handle);
        return true;
    }

    /// <param name="File">The file name that the loader looks for.</param>
    /// <param name="Package">What brings it.</param>
    public sealed record Library(string File, string Package);
}

/// <summary>The ONNX Runtime that this process uses.</summary>
/// <param name="Version">Such as 1.29.0.</param>
/// <param name="Path">Of the native library; null where the system does not tell.</param>
/// <param name="Providers">Names as ONNX Runtime has them, such as CPUExecutionProvider; built in, which does not mean that they work.</param>
/// <param name="Cuda">Whether the CUDA provider works, and what it lacks.</param>
public sealed record OrtReport(string Version, string? Path, IReadOnlyList<string> Providers, CudaReport Cuda);
