namespace OnnxViz.Cli.Shell;

/// <summary>Brings a failure of the library into the words of the command line.</summary>
internal static class Advice
{
    /// <summary>What the program calls arguments of the library that are no options of the same name.</summary>
    private static readonly Dictionary<string, string> Renamed = new() { ["folder"] = "Out", ["Layer"] = "Layers" };

    /// <summary>What else the program can do about an argument of the library; MODEL becomes the verb's own.</summary>
    private static readonly Dictionary<string, string> Texts = new()
    {
        ["Given"] = "`onnxviz summary MODEL` lists the layers.",
        ["Layer"] = "`onnxviz summary MODEL` lists the layers.",
        ["Layers"] = "`onnxviz coverage MODEL` lists operators without a gradient.",
        ["PreparedFolder"] = "`onnxviz prepare MODEL -o DIR` makes one.",
        ["Device"] = "`onnxviz doctor` says what works here.",
        ["KnownModel"] = "`onnxviz pull MODEL` fetches it.",
        ["Source"] = "--from or the variable ONNXVIZ_MIRROR names another source.",
        ["OrtLibrary"] = "--verbose says more.",
    };

    /// <summary>Where the fault lies with the model; the verb that examines it does not point to itself.</summary>
    private const string Examined = "`onnxviz doctor MODEL` says more.";

    /// <summary>The message with the option in place of the argument that it begins with, else behind it, and what else may help.</summary>
    /// <param name="e">From the library.</param>
    /// <param name="verb">Whose options are named; null before there is one.</param>
    public static string Of(OnnxVizException e, VerbOptions? verb)
    {
        if (verb is null) return e.Message;
        var message = WithOption(e, verb);
        var text = e.IsOfModel && Manual.NameOf(verb) != "doctor" ? Examined : e.Argument is null ? null : Texts.GetValueOrDefault(e.Argument);
        return text is null ? message : $"{message} {text.Replace("MODEL", verb.ModelName ?? "MODEL", StringComparison.Ordinal)}";
    }

    private static string WithOption(OnnxVizException e, VerbOptions verb)
    {
        if (e.Argument is not { } argument) return e.Message;
        return (Option(argument, verb), e.Message.StartsWith($"{argument} ", StringComparison.Ordinal)) switch
        {
            ({ } option, true) => $"--{option}{e.Message[argument.Length..]}",
            ({ } option, false) => $"{e.Message.TrimEnd('.')} (--{option}).",
            _ => e.Message,
        };
    }

    private static string? Option(string argument, VerbOptions verb)
    {
        var options = Manual.Options(verb.GetType()).ToLookup(o => o.Property.Name, o => o.Option.LongName);
        return options[argument].FirstOrDefault() ?? (Renamed.TryGetValue(argument, out var other) ? options[other].FirstOrDefault() : null);
    }
}
