namespace OnnxViz.Tests.Support;

/// <summary>
/// Runs something where recursion shows: on 256 KB of stack, a sixth of what Windows gives a program. Who recurses over
/// a file's nodes ends the test run.
/// </summary>
internal static class SmallStack
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static void Run(Action action)
    {
        Exception? thrown = null;
        var thread = new Thread(() => thrown = Xunit.Record.Exception(action), 256 << 10) { IsBackground = true };
        thread.Start();
        if (!thread.Join(Patience)) throw new TimeoutException($"Not done after {Patience}.");
        if (thrown is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(thrown);
    }

    /// <summary>Bytes that an action allocates, a measure of its work that does not depend on the machine's load.</summary>
    public static long Work(Action action)
    {
        long bytes = 0;
        Run(() =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            action();
            bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        });
        return bytes;
    }
}
