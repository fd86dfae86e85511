using OnnxViz.Graphs.Naming;

namespace OnnxViz.Cli.Shell;

/// <summary>Options that take one of a few words.</summary>
internal static class Choice
{
    /// <exception cref="OnnxVizException">Another word; the message lists those that there are.</exception>
    public static T Of<T>(string option, string text, params (string Word, T Meaning)[] choices)
    {
        foreach (var (word, meaning) in choices)
            if (word.Equals(text, StringComparison.OrdinalIgnoreCase)) return meaning;
        var nearest = NearestNames.Order(text, choices, c => c.Word).First().Word;
        throw OnnxVizException.Usage($"{option} '{text}' is unknown; nearest: {nearest}. There are {string.Join(", ", choices.Select(c => c.Word))}.");
    }
}
