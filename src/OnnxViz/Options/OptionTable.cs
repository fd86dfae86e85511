using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json.Nodes;

namespace OnnxViz.Options;

/// <summary>The options of a record, by reflection over <see cref="OptionAttribute"/> and <see cref="OptionGroupAttribute"/>.</summary>
internal static class OptionTable
{
    private static readonly ConcurrentDictionary<Type, IReadOnlyList<Option>> Found = new();

    /// <summary>In the order of declaration, those of base records first.</summary>
    public static IReadOnlyList<Option> Of(Type record) => Found.GetOrAdd(record, type => [.. Search(type, [])]);

    /// <summary>A copy of a record with the given options.</summary>
    /// <param name="record">Whose other options stay.</param>
    /// <param name="given">Names of options and their values as text.</param>
    /// <exception cref="OnnxVizException">A text that an option cannot take.</exception>
    /// <exception cref="ArgumentException">There is no option of such a name.</exception>
    public static T With<T>(T record, IEnumerable<(string Name, string Text)> given)
        where T : notnull
    {
        object copy = record;
        foreach (var (name, text) in given)
        {
            var option = Of(record.GetType()).FirstOrDefault(o => o.Name == name) ?? throw new ArgumentException($"{record.GetType().Name} has no option '{name}'.", nameof(given));
            copy = option.With(copy, option.Parse(text));
        }

        return (T)copy;
    }

    /// <summary>A copy of a record with the defaults' values in place of nulls.</summary>
    public static T Filled<T>(T record, T defaults)
        where T : notnull => (T)Of(record.GetType()).Where(o => o.Get(record) is null && o.Get(defaults) is not null)
            .Aggregate((object)record, (copy, option) => option.With(copy, option.Get(defaults)));

    /// <exception cref="OnnxVizException">A value is outside its option's bounds.</exception>
    public static void Check(object record)
    {
        foreach (var option in Of(record.GetType())) option.Check(option.Get(record));
    }

    /// <summary>All options that have a value, by name; files without their folders.</summary>
    public static JsonObject ToJson(object record)
    {
        var json = new JsonObject();
        foreach (var option in Of(record.GetType()))
            if (option.Get(record) is var value && Option.Json(value) is { } node) json[option.Name] = value is IFromFiles { Files.Count: > 0 } ? Path.GetFileName(Path.TrimEndingDirectorySeparator($"{value}")) : node;
        return json;
    }

    /// <summary>All options that have a value, by name, as text that <see cref="With"/> takes.</summary>
    public static IEnumerable<(string Name, string Text)> ToTexts(object record) =>
        from option in Of(record.GetType())
        let value = option.Get(record)
        where value is not (null or false)
        select (option.Name, Option.Text(value));

    /// <summary>The files that options of the record were read from.</summary>
    public static IEnumerable<string> Files(object record) =>
        Of(record.GetType()).SelectMany(o => o.Get(record) is IFromFiles from ? from.Files : []);

    private static IEnumerable<Option> Search(Type type, PropertyInfo[] path)
    {
        for (var layers = new Stack<Type>(Ancestry(type)); layers.TryPop(out var layer);)
        {
            foreach (var property in layer.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            {
                if (property.GetCustomAttribute<OptionAttribute>() is { } attribute) yield return new Option([.. path, property], attribute);
                if (property.GetCustomAttribute<OptionGroupAttribute>() is null) continue;
                foreach (var inner in Search(property.PropertyType, [.. path, property])) yield return inner;
            }
        }
    }

    private static IEnumerable<Type> Ancestry(Type type)
    {
        for (var t = type; t is not null && t != typeof(object); t = t.BaseType) yield return t;
    }
}
