namespace OnnxViz.Options;

/// <summary>An option's value that may have been read from files; its text is their path then.</summary>
public interface IFromFiles
{
    /// <summary>What it was read from; empty where it came from no file.</summary>
    IReadOnlyList<string> Files { get; }
}
