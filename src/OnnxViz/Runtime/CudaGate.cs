namespace OnnxViz.Runtime;

/// <summary>
/// While one thread records a graph, CUDA forbids all threads of the process to allocate and the like. So whatever runs on a GPU
/// enters here, in the company of others or alone.
/// </summary>
internal static class CudaGate
{
    private static readonly ReaderWriterLockSlim Gate = new(LockRecursionPolicy.SupportsRecursion);

    public static IDisposable WithOthers()
    {
        Gate.EnterReadLock();
        return new Exit(Gate.ExitReadLock);
    }

    /// <summary>Nothing for what does not run on a GPU.</summary>
    public static IDisposable? WithOthers(RuntimeOptions options) => options.Device.Kind == DeviceKind.Cuda ? WithOthers() : null;

    public static IDisposable Alone()
    {
        Gate.EnterWriteLock();
        return new Exit(Gate.ExitWriteLock);
    }

    private sealed class Exit(Action action) : IDisposable
    {
        public void Dispose() => action();
    }
}
