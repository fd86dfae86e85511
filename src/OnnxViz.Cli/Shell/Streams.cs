using System.Runtime.InteropServices;

namespace OnnxViz.Cli.Shell;

/// <summary>Where the program prints, and when it has to stop.</summary>
internal sealed partial record Streams(TextWriter Out, TextWriter Error, CancellationToken Cancellation)
{
    private const int UsualWidth = 80;

    /// <summary>TIOCGWINSZ.</summary>
    private const nuint WindowSizeRequest = 0x5413;

    /// <summary>A person reads standard output: tables are fitted into the window.</summary>
    public bool IsTerminal { get; init; }

    /// <summary>A person reads standard error: progress bars are shown.</summary>
    public bool IsErrorTerminal { get; init; }

    /// <summary>Columns of that person's window; null to ask it.</summary>
    public int? WindowWidth { get; init; }

    /// <summary>Columns of a line on standard output; null where it is a pipe or a file, whose lines may have any length.</summary>
    public int? Width => IsTerminal ? WindowWidth ?? Window() : null;

    /// <summary>The same on standard error.</summary>
    public int? ErrorWidth => IsErrorTerminal ? WindowWidth ?? Window() : null;

    /// <summary>Linux is asked directly: .NET would start a whole terminal for it, and tell the terminal so.</summary>
    private static int Window()
    {
        try
        {
            if (!OperatingSystem.IsLinux()) return Console.WindowWidth is > 0 and var width ? width : UsualWidth;
            for (var stream = 1; stream <= 2; stream++)
                if (Ask(stream, WindowSizeRequest, out var size) == 0 && size.Columns > 0) return size.Columns;
            return UsualWidth;
        }
        catch (IOException)
        {
            return UsualWidth;
        }
    }

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int Ask(int stream, nuint request, out WindowSize size);

    /// <summary>struct winsize of ioctl_tty(2).</summary>
    private readonly record struct WindowSize(ushort Rows, ushort Columns, ushort X, ushort Y);
}
