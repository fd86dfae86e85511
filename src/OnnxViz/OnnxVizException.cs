namespace OnnxViz;

/// <summary>Who has to act when something goes wrong. The numbers are the program's exit codes.</summary>
public enum Fault
{
    /// <summary>The machine failed: disk full, not writable, out of memory.</summary>
    Machine = 1,

    /// <summary>The command was wrong: an unknown value, an impossible combination.</summary>
    Usage = 2,

    /// <summary>Anything that depends on the files: missing, broken, unsupported, an unknown layer, unit or class.</summary>
    Input = 3,
}

/// <summary>
/// Every failure that a user can meet. The message is one line that says what was asked, where, and what to do;
/// the CLI prints it as it is.
/// </summary>
public sealed class OnnxVizException(Fault fault, string message, Exception? inner = null) : Exception(OneLine(message), inner)
{
    private const int Longest = 2000;

    public Fault Fault { get; } = fault;

    /// <summary>
    /// The property or parameter that was at fault, such as "LearningRate"; the message begins with it. A program names its own
    /// option instead. Null where no single one is.
    /// </summary>
    public string? Argument { get; private init; }

    /// <param name="argument">The property or parameter at fault.</param>
    /// <param name="complaint">What is wrong with it; the message is the argument, a space and this.</param>
    /// <param name="fault">Input where the file that the argument names is at fault.</param>
    public static OnnxVizException BadArgument(string argument, string complaint, Fault fault = Fault.Usage) =>
        new(fault, $"{argument} {complaint}") { Argument = argument };

    public static OnnxVizException Input(string message, Exception? inner = null) => new(Fault.Input, message, inner);

    public static OnnxVizException Usage(string message, Exception? inner = null) => new(Fault.Usage, message, inner);

    public static OnnxVizException Machine(string message, Exception? inner = null) => new(Fault.Machine, message, inner);

    // Names come from files: a line break or a terminal's escape sequence among them must not reach the screen.
    private static string OneLine(string message) => string.Concat(message.Take(Longest).Select(c => char.IsControl(c) ? '?' : c));
}
