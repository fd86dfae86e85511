using Microsoft.ML.OnnxRuntime;

namespace OnnxViz.Runtime;

/// <summary>
/// Memory of a device, and a queue of work on it: copies are done after what was asked for before them, and the caller does not wait.
/// </summary>
internal interface ICopyQueue : IDisposable
{
    /// <summary>What ONNX Runtime calls this memory.</summary>
    OrtMemoryInfo Memory { get; }

    /// <summary>Options of the session whose nodes are to be in the same queue.</summary>
    IReadOnlyDictionary<string, string> SessionOptions { get; }

    /// <exception cref="OnnxVizException">There is not so much.</exception>
    nint Allocate(long bytes);

    void Free(nint memory);

    /// <summary>Memory of the host that copies to the device need not wait for.</summary>
    nint AllocateOnHost(long bytes);

    void FreeOnHost(nint memory);

    /// <summary>From anywhere to anywhere.</summary>
    void Copy(nint from, nint to, long bytes);

    /// <summary>Until all that was asked for is done.</summary>
    void Wait();
}
