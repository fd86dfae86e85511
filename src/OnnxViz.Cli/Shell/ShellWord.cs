namespace OnnxViz.Cli.Shell;

/// <summary>Words of commands that are printed to be typed: names in them come from files, and a shell is to take them for nothing but names.</summary>
internal static class ShellWord
{
    private const string Special = " \t\"'`$\\!;&|<>()*?[]{}#~";

    /// <summary>The word as it has to be typed.</summary>
    /// <param name="word">Any text.</param>
    /// <param name="harmless">Letters that mean something to a shell elsewhere, and nothing where this word stands.</param>
    public static string Of(string word, string harmless = "")
    {
        if (word.Length > 0 && !word.Any(c => (Special.Contains(c) && !harmless.Contains(c)) || char.IsControl(c))) return word;
        // Within double quotes a shell looks for these; single quotes end only at the next one.
        return word.AsSpan().ContainsAny("\"`$\\!") ? $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'" : $"\"{word}\"";
    }
}
