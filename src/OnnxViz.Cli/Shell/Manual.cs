using System.Reflection;
using System.Text.Json.Nodes;
using CommandLine;
using CommandLine.Text;

namespace OnnxViz.Cli.Shell;

/// <summary>What the attributes say about a verb.</summary>
internal static class Manual
{
    private static readonly UnParserSettings AsTyped = new() { SkipDefault = true, PreferShortName = true };

    public static string NameOf(VerbOptions verb) => NameOf(verb.GetType());

    public static string NameOf(Type verb) => verb.GetCustomAttribute<VerbAttribute>()!.Name;

    public static IEnumerable<(OptionAttribute Option, PropertyInfo Property)> Options(Type verb) =>
        from property in verb.GetProperties()
        let option = property.GetCustomAttribute<OptionAttribute>()
        where option is not null
        select (option, property);

    /// <summary>Order of options in help: those of the verb, those of records, those of many verbs; within these as declared.</summary>
    public static Comparison<ComparableOption> Order(Type verb)
    {
        var ranks = Options(verb).ToDictionary(
            o => o.Option.LongName,
            o => Binding.IsBound(o.Property) ? 1 : o.Property.DeclaringType!.Namespace == verb.BaseType!.Namespace || o.Property.DeclaringType == verb ? 0 : 2);
        return (a, b) => (Rank(a), a.Index).CompareTo((Rank(b), b.Index));

        int Rank(ComparableOption option) => ranks.GetValueOrDefault(option.LongName, 3);
    }

    /// <summary>Lines below the options of a verb that has a static property Notes.</summary>
    public static IEnumerable<string> NotesOf(Type verb) =>
        verb.GetProperty("Notes", BindingFlags.Public | BindingFlags.Static | BindingFlags.FlattenHierarchy)?.GetValue(null) as IEnumerable<string> ?? [];

    /// <summary>An example for the help text, in which defaults are left out.</summary>
    public static Example Example(string text, VerbOptions verb) => new(text, AsTyped, verb);

    /// <summary>What to type for a verb with these options.</summary>
    public static string CommandOf(VerbOptions verb) =>
        $"onnxviz {Parser.Default.FormatCommandLine((object)verb, settings => (settings.SkipDefault, settings.PreferShortName) = (true, true))}";

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
