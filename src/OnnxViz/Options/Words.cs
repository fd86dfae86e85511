using System.Reflection;
using System.Text.RegularExpressions;
using OnnxViz.Graphs.Naming;

namespace OnnxViz.Options;

/// <summary>The words that stand for the members of an enumeration in text: "gauss-legendre" for GaussLegendre.</summary>
internal static partial class Words
{
    /// <summary>In the order of declaration.</summary>
    public static IReadOnlyList<string> Of(Type enumeration) => [.. Members(enumeration).Select(m => m.Word)];

    public static string Of(Enum value) => Members(value.GetType()).First(m => m.Value.Equals(value)).Word;

    /// <param name="argument">The property or parameter that it is meant for.</param>
    /// <param name="enumeration">Its type.</param>
    /// <param name="text">One of its words, in whatever case.</param>
    /// <exception cref="OnnxVizException">Another word; the message lists those that there are.</exception>
    public static Enum Parse(string argument, Type enumeration, string text) => Choose(argument, text, [.. Members(enumeration)]);

    /// <summary>What a word stands for.</summary>
    /// <param name="argument">The property or parameter that it is meant for.</param>
    /// <param name="text">One of the words, in whatever case.</param>
    /// <param name="choices">The words and their meanings.</param>
    /// <exception cref="OnnxVizException">Another word; the message lists those that there are.</exception>
    public static T Choose<T>(string argument, string text, params IReadOnlyList<(string Word, T Meaning)> choices)
    {
        foreach (var (word, meaning) in choices)
            if (word.Equals(text, StringComparison.OrdinalIgnoreCase)) return meaning;
        var nearest = NearestNames.Order(text, choices, c => c.Word).First().Word;
        throw OnnxVizException.BadArgument(argument, $"'{text}' is unknown; nearest: {nearest}. There are {string.Join(", ", choices.Select(c => c.Word))}.");
    }

    private static IEnumerable<(string Word, Enum Value)> Members(Type enumeration) => enumeration
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => (f.GetCustomAttribute<WordAttribute>()?.Word ?? Boundaries().Replace(f.Name, "-").ToLowerInvariant(), (Enum)f.GetValue(null)!));

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])")]
    private static partial Regex Boundaries();
}
