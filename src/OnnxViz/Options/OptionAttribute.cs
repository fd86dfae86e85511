namespace OnnxViz.Options;

/// <summary>
/// Marks a property of an options record as an option: programs bind their command line to it, manifests write it, recipes
/// set it. Its default is the value in a new record.
/// </summary>
/// <param name="name">The option's word, such as "lr" of a property LearningRate; the same everywhere an option is written as text.</param>
/// <param name="help">One sentence on what the option does, without its default.</param>
[AttributeUsage(AttributeTargets.Property)]
public class OptionAttribute(string name, string help) : Attribute
{
    public string Name { get; } = name;

    public string Help { get; } = help;

    /// <summary>What its value looks like, such as "RATE" or "H|HxW"; words of an enumeration are listed without it.</summary>
    public string? Form { get; init; }

    /// <summary>What a number counts, such as "pixels"; null where it has no unit.</summary>
    public string? Unit { get; init; }

    /// <summary>The least value; where <see cref="Above"/> is set, both hold.</summary>
    public double Min { get; init; } = double.NegativeInfinity;

    /// <summary>The greatest value.</summary>
    public double Max { get; init; } = double.PositiveInfinity;

    /// <summary>A bound that the value must exceed.</summary>
    public double Above { get; init; } = double.NegativeInfinity;

    /// <summary>What to say of the default, where it depends on other options.</summary>
    public string? Default { get; init; }

    /// <summary>What to add where a value is refused, such as "1.4 is usual".</summary>
    public string? Usual { get; init; }
}

/// <summary>Marks a property whose record has options of its own; they are read and set as if they were the outer record's.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OptionGroupAttribute : Attribute;

/// <summary>Names a member of an enumeration where its own name in lower case, with dashes between words, is not the field's word.</summary>
/// <param name="word">Such as "nadam".</param>
[AttributeUsage(AttributeTargets.Field)]
public sealed class WordAttribute(string word) : Attribute
{
    public string Word { get; } = word;
}
