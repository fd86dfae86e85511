namespace OnnxViz.Cli.Shell;

/// <summary>Sizes of files, for people.</summary>
internal static class ByteCount
{
    /// <summary>"812 B", "4.1 kB", "29.4 MB": decimal units, as disks are sold.</summary>
    public static string Text(long bytes) => bytes switch
    {
        < 1000 => $"{bytes} B",
        < 1_000_000 => $"{bytes / 1e3:0.0} kB",
        < 1_000_000_000 => $"{bytes / 1e6:0.0} MB",
        _ => $"{bytes / 1e9:0.00} GB",
    };
}
