using OnnxViz.Options;

namespace OnnxViz.Cli.Shell;

/// <summary>Verbs with options of records, made in code.</summary>
internal static class BoundVerbs
{
    /// <summary>The options of a record that were given, by name, with their texts.</summary>
    public static IEnumerable<(string Name, string Text)> Given<T>(this VerbOptions verb)
    {
        var names = OptionTable.Of(typeof(T)).Select(o => o.Name).ToHashSet();
        return verb.Given().Where(g => names.Contains(g.Name));
    }

    /// <summary>A copy of a verb as the parser would make it, with some options of its records.</summary>
    /// <param name="verb">Whose other options stay.</param>
    /// <param name="options">Names and texts.</param>
    public static T With<T>(this T verb, params IEnumerable<(string Name, string Text)> options)
        where T : VerbOptions
    {
        var copy = (T)Activator.CreateInstance(Binding.TypeOf(typeof(T)))!;
        var bound = Manual.Options(copy.GetType()).Where(o => Binding.IsBound(o.Property)).ToDictionary(o => o.Option.LongName, o => o.Property);
        foreach (var property in typeof(T).GetProperties().Where(p => p.CanWrite)) property.SetValue(copy, property.GetValue(verb));
        foreach (var (name, text) in verb.Given().Concat(options)) bound[name].SetValue(copy, bound[name].PropertyType == typeof(bool) ? bool.Parse(text) : text);
        return copy;
    }
}
