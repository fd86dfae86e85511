using System.Globalization;
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
        let option = AttributeOf<OptionAttribute>(property)
        where option is not null
        select (option, property);

    /// <summary>What a property is marked with, or, where an interface declares the option for all verbs that have it, that of the interface.</summary>
    public static T? AttributeOf<T>(PropertyInfo property)
        where T : Attribute => property.GetCustomAttribute<T>()
            ?? property.DeclaringType!.GetInterfaces().Select(i => i.GetProperty(property.Name)?.GetCustomAttribute<T>()).FirstOrDefault(a => a is not null);

    /// <summary>Lines below the options of a verb that has a static property Notes.</summary>
    public static IEnumerable<string> NotesOf(Type verb) =>
        verb.GetProperty("Notes", BindingFlags.Public | BindingFlags.Static | BindingFlags.FlattenHierarchy)?.GetValue(null) as IEnumerable<string> ?? [];

    /// <summary>An example for the help text, in which defaults are left out.</summary>
    public static Example Example(string text, VerbOptions verb) => new(text, AsTyped, verb);

    /// <summary>What to type for a verb with these options, in the alphabetical order of their names; arguments without a name come last, or in front of an option that takes several words.</summary>
    public static string CommandOf(VerbOptions verb)
    {
        var takesSeveral = Options(verb.GetType()).Any(o => o.Property.GetValue(verb) is IEnumerable<string> texts && texts.Any());
        var options =
            from o in Options(verb.GetType())
            let value = o.Property.GetValue(verb)
            where Json(value) is not null && !Equals(value, o.Option.Default)
            orderby o.Option.LongName
            select Typed(o.Option.ShortName.Length > 0 ? $"-{o.Option.ShortName}" : $"--{o.Option.LongName}", value);
        var values =
            from property in verb.GetType().GetProperties()
            let place = property.GetCustomAttribute<ValueAttribute>()
            where place is { Hidden: false }
            orderby place.Index
            select Typed("", property.GetValue(verb));
        return string.Join(' ', (takesSeveral ? values.Concat(options) : options.Concat(values)).Where(w => w.Length > 0).Prepend($"onnxviz {NameOf(verb)}"));
    }

    /// <summary>The examples of a verb, for its help. The parser's own way to format them takes no type that is derived from a verb, as <see cref="Binding"/> derives them.</summary>
    public static IEnumerable<string> UsageOf(Type verb) =>
        verb.GetProperty("Examples", BindingFlags.Public | BindingFlags.Static | BindingFlags.FlattenHierarchy)?.GetValue(null) is IEnumerable<Example> examples
            ? examples.SelectMany(e => new[] { $"{e.HelpText}:", $"  {CommandOf((VerbOptions)e.Sample)}" }).Prepend("USAGE:")
            : [];

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

    private static string Typed(string option, object? value)
    {
        if (value is true) return option;
        string[] words = value is IEnumerable<string> texts ? [.. texts] : [Convert.ToString(value, CultureInfo.InvariantCulture)!];
        // What begins with a dash would be taken for an option.
        var joint = words[0].StartsWith('-') && option.StartsWith("--", StringComparison.Ordinal) ? "=" : " ";
        return $"{option}{joint}{string.Join(' ', words.Where(w => w.Length > 0).Select(w => ShellWord.Of(w, harmless: "*()~[]")))}".Trim();
    }
}
