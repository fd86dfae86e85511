using System.Runtime.ExceptionServices;

namespace OnnxViz.Runtime;

/// <summary>Parts of a work that devices share: each takes the next part when it is done with one. Several have a thread of their own each.</summary>
internal static class OverDevices
{
    /// <param name="runtime">Its devices.</param>
    /// <param name="parts">Taken one after the other.</param>
    /// <param name="worker">Makes what a device works with; disposed in the end.</param>
    /// <param name="work">Does a part.</param>
    /// <param name="token">Where it asks for the end no further part is taken.</param>
    /// <returns>The results of the parts that were taken, in their order, whatever device did them.</returns>
    /// <exception cref="Exception">The first that a part, or the making of a worker, ended with; the others finish their parts before.</exception>
    public static IReadOnlyList<TResult> Run<TPart, TWorker, TResult>(
        RuntimeOptions runtime, IEnumerable<TPart> parts, Func<RuntimeOptions, TWorker> worker, Func<TWorker, TPart, TResult> work, CancellationToken token)
        where TWorker : IDisposable
    {
        if (runtime.Apart is [var only]) return Alone(only, parts, worker, work, token);
        using var next = parts.Index().GetEnumerator();
        var gate = new Lock();
        var results = new SortedDictionary<int, TResult>();
        ExceptionDispatchInfo? failure = null;
        Thread[] threads = [.. runtime.Apart.Select(device => new Thread(() => Work(device)))];
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        failure?.Throw();
        return [.. results.Values];

        void Work(RuntimeOptions device)
        {
            try
            {
                using var own = worker(device);
                while (Take() is var (number, part))
                {
                    var result = work(own, part);
                    lock (gate) results[number] = result;
                }
            }
            catch (Exception e)
            {
                lock (gate) failure ??= ExceptionDispatchInfo.Capture(e);
            }
        }

        (int Number, TPart Part)? Take()
        {
            lock (gate) return failure is null && !token.IsCancellationRequested && next.MoveNext() ? next.Current : null;
        }
    }

    private static List<TResult> Alone<TPart, TWorker, TResult>(
        RuntimeOptions runtime, IEnumerable<TPart> parts, Func<RuntimeOptions, TWorker> worker, Func<TWorker, TPart, TResult> work, CancellationToken token)
        where TWorker : IDisposable
    {
        using var own = worker(runtime);
        var results = new List<TResult>();
        foreach (var part in parts)
        {
            if (token.IsCancellationRequested) break;
            results.Add(work(own, part));
        }

        return results;
    }
}
