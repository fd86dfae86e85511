namespace OnnxViz.Cli.Shell;

/// <summary>Brings a failure of the library into the words of the command line.</summary>
internal static class Advice
{
    /// <summary>What the program calls arguments of the library that are no options of the same name.</summary>
    private static readonly Dictionary<string, string> Renamed = new() { ["folder"] = "Out", ["Layer"] = "Layers" };

    /// <summary>What else the program can do about an argument of the library; MODEL becomes the verb's own.</summary>
    private static readonly Dictionary<string, string> Texts = new()
    {
        ["Layer"] = "`onnxviz summary MODEL` lists the layers.",
        ["Layers"] = "`onnxviz coverage MODEL` lists operators without a gradient.",
        ["GradientRules"] = "`onnxviz coverage MODEL` lists what has none.",
        ["PreparedFolder"] = "`onnxviz prepare MODEL -o DIR` makes one.",
        ["Device"] = "`onnxviz doctor` says what works here.",
        ["KnownModel"] = "`onnxviz pull MODEL` fetches it.",
        ["Source"] = "--from or the variable ONNXVIZ_MIRROR names another source.",
        ["OrtLibrary"] = "--verbose says more.",
    };

    /// <summary>The message with the option in place of the argument that it begins with, else behind it, and what else may help.</summary>
    /// <param name="e">From the library.</param>
    /// <param name="verb">Whose options are named; null before there is one.</param>
    public static string Of(OnnxVizException e, VerbOptions? verb)
    {
        if (e.Argument is not { } argument || verb is null) return e.Message;
        var message = (Option(argument, verb), e.Message.StartsWith($"{argument} ", StringComparison.Ordinal)) switch
        {
            ({ } option, true) => $"--{option}{e.Message[argument.Length..]}",
            ({ } option, false) => $"{e.Message.TrimEnd('.')} (--{option}).",
            _ => e.Message,
        };
        return Texts.TryGetValue(argument, out var text) ? $"{message} {text.Replace("MODEL", verb.ModelName ?? "MODEL", StringComparison.Ordinal)}" : message;
    }

    private static string? Option(string argument, VerbOptions verb)
    {
        var options = Manual.Options(verb.GetType()).ToLookup(o => o.Property.Name, o => o.Option.LongName);
        return options[argument].FirstOrDefault() ?? (Renamed.TryGetValue(argument, out var other) ? options[other].FirstOrDefault() : null);
    }
}
