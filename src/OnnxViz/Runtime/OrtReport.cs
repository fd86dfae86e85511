namespace OnnxViz.Runtime;

/// <summary>The ONNX Runtime that this process uses.</summary>
/// <param name="Version">Such as 1.29.0.</param>
/// <param name="Path">Path of the native library; null where the system does not tell.</param>
/// <param name="Providers">Names as ONNX Runtime has them, such as CPUExecutionProvider; built in, which does not mean that they work.</param>
/// <param name="Cuda">Whether the CUDA provider works, and what it lacks.</param>
public sealed record OrtReport(string Version, string? Path, IReadOnlyList<string> Providers, CudaReport Cuda);
