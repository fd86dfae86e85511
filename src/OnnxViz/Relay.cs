namespace OnnxViz;

/// <summary>Hands progress on at once, on the thread that reports it: Progress of the framework's own would come late and out of order.</summary>
internal sealed class Relay<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}
