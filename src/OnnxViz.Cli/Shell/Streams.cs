namespace OnnxViz.Cli.Shell;

/// <summary>Where the program prints, and when it has to stop.</summary>
internal sealed record Streams(TextWriter Out, TextWriter Error, CancellationToken Cancellation)
{
    /// <summary>A person reads standard output: colours and the width of the window are used.</summary>
    public bool IsTerminal { get; init; }

    /// <summary>A person reads standard error: progress bars are shown.</summary>
    public bool IsErrorTerminal { get; init; }
}
