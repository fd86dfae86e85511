using System.Globalization;

namespace OnnxViz.Cli.Shell;

/// <summary>Text from files as it may be shown on a terminal: data, and no command to it.</summary>
internal static class PlainText
{
    /// <summary>Control characters, line breaks, and what turns the direction of writing become question marks.</summary>
    public static string Of(string text) => text.Any(IsHidden) ? string.Concat(text.Select(c => IsHidden(c) ? '?' : c)) : text;

    /// <summary>The same JSON, in which they are escaped; line breaks are between its parts.</summary>
    public static string Escaped(string json) =>
        json.Any(c => c is not ('\n' or '\r') && IsHidden(c)) ? string.Concat(json.Select(c => c is not ('\n' or '\r') && IsHidden(c) ? $"\\u{(int)c:x4}" : $"{c}")) : json;

    private static bool IsHidden(char c) => char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
