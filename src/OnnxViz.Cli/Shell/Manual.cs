using System.Reflection;
using System.Text.Json.Nodes;
using CommandLine;
using CommandLine.Text;

namespace OnnxViz.Cli.Shell;

/// <summary>What attributes say about the program and its verbs.</summary>
internal static class Manual
{
    private static readonly UnParserSettings AsTyped = new() { SkipDefault = true, PreferShortName = true };

    /// <summary>The program's version, such as "0.1.0".</summary>
    public static string Version { get; } =
        typeof(Manual).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    public static string NameOf(VerbOptions verb) => NameOf(verb.GetType());

    public static string NameOf(Type verb) => verb.GetCustomAttribute<VerbAttribute>()!.Name;

    public static IEnumerable<(OptionAttribute Option, PropertyInfo Property)> Options(Type verb) =>
        from property in verb.GetProperties()
        let option = property.GetCustomAttribute<OptionAttribute>()
        where option is not null
        select (option, property);

    /// <summary>Lines below the options of a verb that has a static property Notes.</summary>
    public static IEnumerable<string> NotesOf(Type verb) =>
        verb.GetProperty("Notes", BindingFlags.Public | BindingFlags.Static | BindingFlags.FlattenHierarchy)?.GetValue(null) as IEnumerable<string> ?? [];

    /// <summary>An example for the help text, in which defaults are left out.</summary>
    public static Example Example(string text, VerbOptions verb) => new(text, AsTyped, verb.Given().Any() ? new Typed(ArgumentsOf(verb).Split(' ')) : verb);

    /// <summary>What to type for a verb with these options.</summary>
    public static string CommandOf(VerbOptions verb) => $"onnxviz {ArgumentsOf(verb)}";

    /// <summary>The parser's formatter finds the verb's name twice in a type that is derived from the verb: options of records are put in between.</summary>
    private static string ArgumentsOf(VerbOptions verb)
    {
        var plain = verb;
        if (verb.GetType() is { Assembly.IsDynamic: true, BaseType: { } type })
        {
            plain = (VerbOptions)Activator.CreateInstance(type)!;
            foreach (var property in type.GetProperties().Where(p => p.CanWrite)) property.SetValue(plain, property.GetValue(verb));
        }

        var text = Parser.Default.FormatCommandLine((object)plain, settings => (settings.SkipDefault, settings.PreferShortName) = (true, true));
        var bound = string.Concat(verb.Given().Select(g => g.Text switch
        {
            "true" => $" --{g.Name}",
            ['-', ..] => $" --{g.Name}={g.Text}",
            _ => $" --{g.Name} {(g.Text.Contains(' ', StringComparison.Ordinal) ? $"\"{g.Text}\"" : g.Text)}",
        }));
        return text.Insert(NameOf(plain).Length, bound);
    }

    /// <summary>A command line that is shown as it stands.</summary>
    private sealed class Typed(IReadOnlyList<string> words)
    {
        [Value(0)]
        public IEnumerable<string> Words { get; } = words;
    }

    /// <summary>The value of an option; null where it was not given.</summary>
    public static JsonNode? Json(object? value) => value switch
    {
        null or false => null,
        bool flag => flag,
        string text => text,
        int number => number,
        ulong number => number,
        float number => number,
        double number => number,
        IEnumerable<string> texts => texts.Any() ? new JsonArray([.. texts.Select(t => (JsonNode)t)]) : null,
        _ => value.ToString(),
    };
}
