namespace OnnxViz.Cli.Results;

/// <summary>Turns what was thrown into an exit code and one line.</summary>
internal static class Failure
{
    public const int Differs = 4;

    public const int Interrupted = 130;

    public const int Terminated = 143;

    public static (int Exit, string Message) Describe(Exception e) => e switch
    {
        OnnxVizException known => ((int)known.Fault, $"onnxviz: {OneLine(known.Message)}"),
        OperationCanceledException => (Interrupted, "onnxviz: interrupted."),
        OutOfMemoryException => ((int)Fault.Machine, "onnxviz: out of memory; use a smaller --size, fewer units or fewer pictures at a time."),
        IOException or UnauthorizedAccessException => ((int)Fault.Machine, $"onnxviz: {OneLine(e.Message)}"),
        _ => ((int)Fault.Machine, $"onnxviz: internal error: {e.GetType().Name}: {OneLine(e.Message)} (--verbose shows where)"),
    };

    private static string OneLine(string text) =>
        string.Join(' ', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
