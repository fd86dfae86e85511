using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace OnnxViz.Cli.Shared;

/// <summary>What is needed next is made by a thread of its own while the last is used.</summary>
internal static class ReadAhead
{
    /// <param name="source">Gone through by one other thread, once.</param>
    /// <param name="most">Elements that may wait; one more is being made.</param>
    /// <param name="waiting">The phase of a profile in which the work waits for the next element.</param>
    /// <returns>The elements in their order. What the source throws comes where it was thrown; when the enumeration ends, early or not, the thread has ended.</returns>
    public static IEnumerable<T> Of<T>(IEnumerable<T> source, int most, string waiting)
    {
        using var end = new CancellationTokenSource();
        using var made = new BlockingCollection<T>(most);
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(Make) { IsBackground = true, Name = "read ahead" };
        thread.Start();
        try
        {
            using var elements = made.GetConsumingEnumerable().GetEnumerator();
            while (IsNext(elements)) yield return elements.Current;
            failure?.Throw();
        }
        finally
        {
            end.Cancel();
            thread.Join();
        }

        // What a profile tells is how long the work waits; on the other thread reading costs it nothing.
        bool IsNext(IEnumerator<T> elements)
        {
            using var phase = Profiler.Phase(waiting);
            return elements.MoveNext();
        }

        void Make()
        {
            try
            {
                foreach (var element in source) made.Add(element, end.Token);
            }
            catch (OperationCanceledException) when (end.IsCancellationRequested)
            {
                // Nobody wants the rest.
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
            finally
            {
                made.CompleteAdding();
            }
        }
    }
}
