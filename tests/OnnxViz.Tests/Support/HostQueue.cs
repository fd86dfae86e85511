using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using OnnxViz.Runtime;

namespace OnnxViz.Tests.Support;

/// <summary>The host's memory in the place of a GPU's, so that what is written for a GPU runs without one. Counts what it is asked for.</summary>
internal sealed unsafe class HostQueue : ICopyQueue
{
    public HostQueue()
    {
        OrtEnv.Instance();
        Memory = OrtMemoryInfo.DefaultInstance;
    }

    public OrtMemoryInfo Memory { get; }

    public IReadOnlyDictionary<string, string> SessionOptions => new Dictionary<string, string>();

    public int Blocks { get; private set; }

    public int Copies { get; private set; }

    public bool IsDisposed { get; private set; }

    public nint Allocate(long bytes)
    {
        Blocks++;
        // What nobody has written must not look as if it were zero.
        var memory = (nint)NativeMemory.AlignedAlloc((nuint)Math.Max(1, bytes), 256);
        NativeMemory.Fill((void*)memory, (nuint)bytes, 0xff);
        return memory;
    }

    public void Free(nint memory)
    {
        Blocks--;
        NativeMemory.AlignedFree((void*)memory);
    }

    public nint AllocateOnHost(long bytes) => Allocate(bytes);

    public void FreeOnHost(nint memory) => Free(memory);

    public void Copy(nint from, nint to, long bytes)
    {
        Copies++;
        Buffer.MemoryCopy((void*)from, (void*)to, bytes, bytes);
    }

    public void Wait()
    {
    }

    public void Dispose() => IsDisposed = true;
}
