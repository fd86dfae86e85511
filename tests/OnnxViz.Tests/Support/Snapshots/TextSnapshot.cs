using System.Text;

namespace OnnxViz.Tests.Support.Snapshots;

/// <summary>A text, equal line by line.</summary>
internal sealed class TextSnapshot(string? variant, string text) : SnapshotItem(variant, "txt")
{
    public override byte[] Encode() => Encoding.UTF8.GetBytes(string.Join('\n', Lines(text)) + "\n");

    public override string? Compare(byte[] verified)
    {
        string[] received = Lines(text), accepted = Lines(Encoding.UTF8.GetString(verified));
        for (int i = 0; i < Math.Max(received.Length, accepted.Length); i++)
        {
            string? mine = received.ElementAtOrDefault(i), theirs = accepted.ElementAtOrDefault(i);
            if (mine != theirs)
            {
                return $"line {i + 1}: Received: {Quote(mine)}, Verified: {Quote(theirs)}";
            }
        }

        return null;
    }

    /// <summary>Git may change line ends, and every file ends with one.</summary>
    private static string[] Lines(string text) => text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');

    private static string Quote(string? line) => line is null ? "nothing" : $"\"{line}\"";
}
