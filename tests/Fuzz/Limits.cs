namespace OnnxViz.Fuzz;

/// <summary>What a command may take on a small file.</summary>
internal static class Limits
{
    /// <summary>Processor time of one command, all threads: a machine that does other things as well does not count.</summary>
    public static readonly TimeSpan Work = TimeSpan.FromSeconds(5);

    /// <summary>The same of check-grad, which compares every layer of a right network for seconds.</summary>
    public static readonly TimeSpan LongWork = TimeSpan.FromSeconds(15);

    /// <summary>One that waits does no work.</summary>
    public static readonly TimeSpan Waiting = TimeSpan.FromSeconds(40);

    /// <summary>Bytes of the whole process.</summary>
    public const long Memory = 1L << 30;
}
