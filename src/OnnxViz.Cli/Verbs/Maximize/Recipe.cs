using System.Globalization;
using System.Reflection;
using OnnxViz.Cli.Shell;

namespace OnnxViz.Cli.Verbs.Maximize;

/// <summary>Options of `maximize` under a name: nothing that could not be typed.</summary>
/// <param name="Name">For --recipe.</param>
/// <param name="Summary">What it is known for.</param>
/// <param name="Options">Long names of options, and their values.</param>
internal sealed record Recipe(string Name, string Summary, IReadOnlyList<(string Option, string Value)> Options)
{
    /// <summary>The flags with the recipe's options, where none was given.</summary>
    public MaximizeOptions Applied(MaximizeOptions flags)
    {
        var copy = flags.Copy();
        copy.Recipe = Name;
        var properties = Manual.Options(copy.GetType()).ToDictionary(o => o.Option.LongName, o => o.Property);
        foreach (var (option, value) in Options)
        {
            var property = properties[option];
            if (property.GetValue(copy) is null) property.SetValue(copy, Converted(value, property));
        }

        return copy;
    }

    private static object Converted(string value, PropertyInfo property) =>
        Convert.ChangeType(value, Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType, CultureInfo.InvariantCulture);
}
