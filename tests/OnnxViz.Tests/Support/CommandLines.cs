
namespace OnnxViz.Tests.Support;

/// <summary>Commands as people type them.</summary>
internal static class CommandLines
{
    /// <summary>As a shell splits a line that has no other quotes than double ones.</summary>
    public static string[] Words(string line) =>
        [.. line.Split('"').SelectMany((part, i) => i % 2 == 1 ? [part] : part.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
}
