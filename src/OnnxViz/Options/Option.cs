using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;

namespace OnnxViz.Options;

/// <summary>An option of an options record, found by its attribute.</summary>
internal sealed class Option
{
    private readonly IReadOnlyList<PropertyInfo> _path;
    private readonly OptionAttribute _attribute;

    internal Option(IReadOnlyList<PropertyInfo> path, OptionAttribute attribute) => (_path, _attribute) = (path, attribute);

    /// <summary>Such as "lr".</summary>
    public string Name => _attribute.Name;

    /// <summary>The property's name, such as "LearningRate": <see cref="OnnxVizException.Argument"/> of what refuses a value.</summary>
    public string Property => _path[^1].Name;

    /// <summary>The property's type; of a nullable one the type beneath.</summary>
    public Type Type => Nullable.GetUnderlyingType(_path[^1].PropertyType) ?? _path[^1].PropertyType;

    public string Help => _attribute.Help;

    /// <inheritdoc cref="OptionAttribute.Form"/>
    public string Form => _attribute.Form ?? (Type.IsEnum ? string.Join('|', Words.Of(Type)) : Type == typeof(int) || Type == typeof(ulong) ? "N" : "X");

    /// <inheritdoc cref="OptionAttribute.Unit"/>
    public string? Unit => _attribute.Unit;

    /// <param name="record">An instance of the record that the option belongs to.</param>
    /// <returns>Its value there; null where it is left open.</returns>
    public object? Get(object record) => _path.Aggregate((object?)record, (at, property) => at is null ? null : property.GetValue(at));

    /// <summary>What help says of the default.</summary>
    /// <param name="record">A record with its defaults.</param>
    public string? DefaultIn(object record) => _attribute.Default ?? (Get(record) is { } value and not false ? Text(value) : null);

    /// <summary>A copy of the record with another value.</summary>
    /// <exception cref="OnnxVizException">The value is outside the option's bounds.</exception>
    public object With(object record, object? value)
    {
        Check(value);
        return With(record, value, 0);
    }

    /// <summary>The value that a text stands for: numbers in the invariant culture, several with commas between them, words of enumerations, whatever a type's own Parse takes. A FormatException of that says what it needs.</summary>
    /// <exception cref="OnnxVizException">The text does not stand for one.</exception>
    public object Parse(string text)
    {
        if (Type == typeof(string)) return text;
        if (Type == typeof(bool)) return bool.TryParse(text, out var flag) ? flag : throw Needs(text, "true or false");
        if (Type == typeof(int)) return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) ? n : throw Needs(text, $"a whole number up to {int.MaxValue}");
        if (Type == typeof(ulong)) return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : throw Needs(text, "a whole number from 0 on");
        if (Type == typeof(double)) return Number(text);
        if (Type == typeof(float)) return (float)Number(text);
        if (Type == typeof(float[])) return Array.ConvertAll(text.Split(',', StringSplitOptions.TrimEntries), part => (float)Number(part));
        if (Type.IsEnum) return Words.Parse(Property, Type, text);
        var parse = Type.GetMethod("Parse", BindingFlags.Public | BindingFlags.Static, [typeof(string)])
            ?? throw new InvalidOperationException($"{Type} of option '{Name}' has no Parse(string).");
        try
        {
            return parse.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [text], null)!;
        }
        catch (FormatException e)
        {
            throw Needs(text, e.Message);
        }
    }

    /// <summary>What <see cref="Parse"/> reads back.</summary>
    public static string Text(object value) => value switch
    {
        Enum word => Words.Of(word),
        bool flag => flag ? "true" : "false",
        float[] numbers => string.Join(',', numbers.Select(n => Text(n))),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    /// <summary>For a manifest: numbers and truth values as such, all else as text; null for null and false.</summary>
    public static JsonNode? Json(object? value) => value switch
    {
        null or false => null,
        true => true,
        int number => number,
        ulong number => number,
        float number => number,
        double number => number,
        _ => Text(value),
    };

    /// <exception cref="OnnxVizException">The value is outside the option's bounds.</exception>
    public void Check(object? value)
    {
        if (value is not (int or ulong or float or double)) return;
        var number = Convert.ToDouble(value, CultureInfo.InvariantCulture);
        var (min, max, above) = (_attribute.Min, _attribute.Max, _attribute.Above);
        if (double.IsFinite(number) && number >= min && number <= max && number > above) return;
        var low = double.IsFinite(above) ? $"above {Text(above)}" : double.IsFinite(min) ? $"from {Text(min)}" : "";
        var range = (low, double.IsFinite(max)) switch
        {
            ("", false) => "",
            ("", true) => $" up to {Text(max)}",
            (_, false) => double.IsFinite(above) ? $" {low}" : $" {low} on",
            _ => double.IsFinite(above) ? $" {low}, up to {Text(max)}," : $" {low} to {Text(max)}",
        };
        throw Needs(Text(value), $"a {(value is int or ulong ? "whole number" : "number")}{range}{(Unit is null ? "" : $", in {Unit},")}");
    }

    private double Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : throw Needs(text, "a number");

    private OnnxVizException Needs(string text, string what) =>
        OnnxVizException.BadArgument(Property, $"{text}: {what} is needed{(_attribute.Usual is { } usual ? $"; {usual}" : "")}.");

    private object With(object record, object? value, int depth)
    {
        // A record's own copy, as `with` makes it; init-only setters are closed to the compiler alone.
        var copy = record.GetType().GetMethod("<Clone>$")!.Invoke(record, null)!;
        var property = _path[depth];
        property.SetValue(copy, depth == _path.Count - 1 ? value : With(property.GetValue(record)!, value, depth + 1));
        return copy;
    }
}
