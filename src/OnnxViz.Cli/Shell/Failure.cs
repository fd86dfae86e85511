namespace OnnxViz.Cli.Shell;

/// <summary>Turns what was thrown into an exit code and one line.</summary>
internal static class Failure
{
    public const int Machine = 1;

    public const int Differs = 4;

    public const int Interrupted = 130;

    public const int Terminated = 143;

    /// <param name="e">What was thrown.</param>
    /// <param name="verb">Whose options are named where the library names an argument; null before there is one.</param>
    public static (int Exit, string Message) Describe(Exception e, VerbOptions? verb = null) => e switch
    {
        OnnxVizException known => (ExitCodeOf(known.Fault), $"onnxviz: {OneLine(Advice.Of(known, verb))}"),
        OperationCanceledException => (Interrupted, "onnxviz: interrupted."),
        OutOfMemoryException => (Machine, "onnxviz: out of memory; use a smaller --size, fewer units or fewer pictures at a time."),
        IOException or UnauthorizedAccessException => (Machine, $"onnxviz: {OneLine(e.Message)}"),
        _ => (Machine, $"onnxviz: internal error: {e.GetType().Name}: {OneLine(e.Message)} (--verbose shows where)"),
    };

    /// <summary>0 is success; scripts tell these apart.</summary>
    public static int ExitCodeOf(Fault fault) => fault switch
    {
        Fault.Argument => 2,
        Fault.Input => 3,
        _ => Machine,
    };

    private static string OneLine(string text) =>
        PlainText.Of(string.Join(' ', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)));
}
