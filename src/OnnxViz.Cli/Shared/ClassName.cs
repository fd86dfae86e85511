using System.Globalization;
using OnnxViz.Graphs.Naming;

namespace OnnxViz.Cli.Shared;

/// <summary>--class: a number, a name or a part of one, or "top".</summary>
internal static class ClassName
{
    private const int Listed = 8;

    /// <summary>--labels-file.</summary>
    public static IEnumerable<BoundOption> Bound => Binding.Of(new LabelOptions());

    /// <param name="text">The option's value.</param>
    /// <param name="model">Whose classes.</param>
    /// <param name="option">For messages.</param>
    /// <param name="count">How many classes there are; null for those of a classifier.</param>
    /// <returns>The class; null for each picture's highest one.</returns>
    /// <exception cref="OnnxVizException">The name fits none or several, or the model has no names.</exception>
    public static int? Resolve(string text, VisionModel model, string option = "--class", int? count = null)
    {
        if (text.Equals("top", StringComparison.OrdinalIgnoreCase)) return null;
        // A number is as good for a unit of features: whether there are classes is a guess where nobody named them.
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)) return Checked(number, model, option, count);
        if (count is null && !model.HasClasses) throw OnnxVizException.Input($"{option} {text}: {WithoutClasses(model)}. {Instead(model)}");
        if (model.Labels is not { } labels)
            throw OnnxVizException.Input($"{option} {text}: {model.Name} has no names of classes; give the class's number, or top.");

        var all = labels.Select((name, id) => (Name: name, Id: id)).ToList();
        var found = all.FindAll(c => c.Name.Equals(text, StringComparison.OrdinalIgnoreCase));
        if (found.Count == 0) found = all.FindAll(c => c.Name.Contains(text, StringComparison.OrdinalIgnoreCase));
        return found.Count switch
        {
            1 => found[0].Id,
            0 => throw OnnxVizException.Input(
                $"{model.Name} has no class '{text}'. Nearest: {List(NearestNames.Order(text, all, c => c.Name).Take(3))}."),
            _ => throw OnnxVizException.Input(
                $"'{text}' fits {found.Count} classes of {model.Name}: {List(found.Take(Listed))}{(found.Count > Listed ? ", ..." : "")}. Name one by its number."),
        };
    }

    /// <summary>The names in a list with commas; a name that has a comma itself is one.</summary>
    public static IReadOnlyList<string> Several(string text, VisionModel model) =>
        model.Labels?.Contains(text, StringComparer.OrdinalIgnoreCase) == true ? [text] : text.Split(',', StringSplitOptions.TrimEntries);

    /// <summary>"tiger cat", "class 282" where nobody knows the names, "pool5 282" where there are no classes.</summary>
    public static string Of(VisionModel model, long id) => model.NameOfClass(id);

    /// <summary>Says, where there are no classes, what takes their place, and what else can be done.</summary>
    /// <param name="model">The network.</param>
    /// <param name="instead">What the verb shows, such as "the strongest are listed".</param>
    /// <param name="output">Told.</param>
    /// <returns>The layer whose units take the classes' place; null where there are classes.</returns>
    public static string? TellUnits(VisionModel model, string instead, Output output)
    {
        if (model.HasClasses) return null;
        output.Note($"{WithoutClasses(model)}: {instead}. {Instead(model)}");
        return Features(model);
    }

    private static string Features(VisionModel model) => model.Layers.NameOf(ClassOutput.Of(model));

    private static string WithoutClasses(VisionModel model) => $"{model.Name} has no classes, its output {Features(model)} holds units of features";

    private static string Instead(VisionModel model) =>
        $"saliency and maximize take --layer {Features(model)} --unit N, or units of any other layer; should they be classes, --labels-file FILE.txt gives their names.";

    private static int Checked(int number, VisionModel model, string option, long? classes)
    {
        var c = model.Conventions;
        var count = classes ?? LayerShape.Of(model, ClassOutput.Of(model), c.InputDims(1, c.Height, c.Width))[1];
        return number >= 0 && number < count
            ? number
            : throw OnnxVizException.Input($"{option} {number}: {model.Name} has no such class: its {count} classes are 0 to {count - 1}.");
    }

    private static string List(IEnumerable<(string Name, int Id)> classes) => string.Join(", ", classes.Select(c => $"{c.Name} ({c.Id})"));
}
