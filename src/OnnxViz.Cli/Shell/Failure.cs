namespace OnnxViz.Cli.Shell;

/// <summary>Turns what was thrown into an exit code and one line.</summary>
internal static class Failure
{
    public const int Differs = 4;

    public const int Interrupted = 130;

    public const int Terminated = 143;

    /// <param name="e">What was thrown.</param>
    /// <param name="verb">Whose options are named where the library names an argument; null before there is one.</param>
    public static (int Exit, string Message) Describe(Exception e, Type? verb = null) => e switch
    {
        OnnxVizException known => ((int)known.Fault, $"onnxviz: {OneLine(AsTyped(known, verb))}"),
        OperationCanceledException => (Interrupted, "onnxviz: interrupted."),
        OutOfMemoryException => ((int)Fault.Machine, "onnxviz: out of memory; use a smaller --size, fewer units or fewer pictures at a time."),
        IOException or UnauthorizedAccessException => ((int)Fault.Machine, $"onnxviz: {OneLine(e.Message)}"),
        _ => ((int)Fault.Machine, $"onnxviz: internal error: {e.GetType().Name}: {OneLine(e.Message)} (--verbose shows where)"),
    };

    /// <summary>The message with the option's name in place of the property's.</summary>
    private static string AsTyped(OnnxVizException e, Type? verb)
    {
        if (e.Argument is null || verb is null) return e.Message;
        var option = Manual.Options(Binding.TypeOf(verb)).FirstOrDefault(o => o.Property.Name == e.Argument).Option;
        return option is null ? e.Message : $"--{option.LongName}{e.Message[e.Argument.Length..]}";
    }

    private static string OneLine(string text) =>
        string.Join(' ', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
