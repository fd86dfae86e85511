using System.Runtime.ExceptionServices;

namespace OnnxViz.Runtime;

/// <summary>Parts of a work that devices share: each takes the next part when it is done with one. Several have a thread of their own each.</summary>
internal static class OverDevices
{
    /// <summary>Parts that a device may be ahead of the slowest one, so that what waits to be delivered stays little.</summary>
    private const int Ahead = 4;

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
        var results = new List<TResult>();
        InOrder(runtime, parts, worker, work, results.Add, token);
        return results;
    }

    /// <summary>The same where results are not to be held: each is delivered when it and all before it are there.</summary>
    /// <param name="runtime">Its devices.</param>
    /// <param name="parts">Taken one after the other.</param>
    /// <param name="worker">Makes what a device works with; disposed in the end.</param>
    /// <param name="work">Does a part.</param>
    /// <param name="deliver">Is given the results in the order of the parts, one at a time.</param>
    /// <param name="token">Where it asks for the end no further part is taken.</param>
    /// <exception cref="Exception">The first that a part, a delivery or the making of a worker ended with; the others finish their parts before.</exception>
    public static void InOrder<TPart, TWorker, TResult>(
        RuntimeOptions runtime, IEnumerable<TPart> parts, Func<RuntimeOptions, TWorker> worker, Func<TWorker, TPart, TResult> work, Action<TResult> deliver, CancellationToken token)
        where TWorker : IDisposable
    {
        if (runtime.Apart is [var only])
        {
            Alone(only, parts, worker, work, deliver, token);
            return;
        }

        using var next = parts.Index().GetEnumerator();
        var gate = new object();
        var waiting = new SortedDictionary<int, TResult>();
        var (delivered, most) = (0, Ahead * runtime.Apart.Count);
        ExceptionDispatchInfo? failure = null;
        Thread[] threads = [.. runtime.Apart.Select(device => new Thread(() => Work(device)))];
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        failure?.Throw();

        void Work(RuntimeOptions device)
        {
            try
            {
                using var own = worker(device);
                while (Take() is var (number, part)) Keep(number, work(own, part));
            }
            catch (Exception e)
            {
                lock (gate)
                {
                    failure ??= ExceptionDispatchInfo.Capture(e);
                    Monitor.PulseAll(gate);
                }
            }
        }

        (int Number, TPart Part)? Take()
        {
            lock (gate)
            {
                while (waiting.Count >= most && failure is null && !token.IsCancellationRequested) Monitor.Wait(gate, TimeSpan.FromSeconds(1));
                return failure is null && !token.IsCancellationRequested && next.MoveNext() ? next.Current : null;
            }
        }

        void Keep(int number, TResult result)
        {
            lock (gate)
            {
                waiting[number] = result;
                while (failure is null && waiting.Remove(delivered, out var first))
                {
                    deliver(first);
                    delivered++;
                }

                Monitor.PulseAll(gate);
            }
        }
    }

    private static void Alone<TPart, TWorker, TResult>(
        RuntimeOptions runtime, IEnumerable<TPart> parts, Func<RuntimeOptions, TWorker> worker, Func<TWorker, TPart, TResult> work, Action<TResult> deliver, CancellationToken token)
        where TWorker : IDisposable
    {
        using var own = worker(runtime);
        foreach (var part in parts)
        {
            if (token.IsCancellationRequested) break;
            deliver(work(own, part));
        }
    }
}
