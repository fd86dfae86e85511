namespace OnnxViz;

/// <summary>Who has to act when something goes wrong.</summary>
public enum Fault
{
    /// <summary>The machine failed: disk full, not writable, out of memory.</summary>
    Machine,

    /// <summary>The caller was wrong: an unknown value, an impossible combination.</summary>
    Argument,

    /// <summary>Anything that depends on the files: missing, broken, unsupported, an unknown layer, unit or class.</summary>
    Input,
}

/// <summary>Every failure that a user can meet. The message is one line that says what was asked, where, and what to do.</summary>
/// <param name="fault">Who has to act.</param>
/// <param name="message">Control characters are replaced and all beyond 2,000 characters is cut off.</param>
/// <param name="inner">What led to it.</param>
public sealed class OnnxVizException(Fault fault, string message, Exception? inner = null) : Exception(OneLine(message), inner)
{
    private const int Longest = 2000;

    public Fault Fault { get; } = fault;

    /// <summary>
    /// The property or parameter to change, such as "LearningRate" or "Layer"; null where no single one is. Where it is what was
    /// wrong, the message begins with it and a space. A program names its own option instead.
    /// </summary>
    public string? Argument { get; init; }

    /// <summary>Whether the fault lies with the network itself, such as an operator that is not supported, and an examination of it says more.</summary>
    internal bool IsOfModel { get; private init; }

    /// <param name="argument">The property or parameter at fault.</param>
    /// <param name="complaint">What is wrong with it; the message is the argument, a space and this.</param>
    /// <param name="fault">Input where the file that the argument names is at fault.</param>
    public static OnnxVizException BadArgument(string argument, string complaint, Fault fault = Fault.Argument) =>
        new(fault, $"{argument} {complaint}") { Argument = argument };

    /// <param name="message">A sentence.</param>
    /// <param name="inner">What led to it.</param>
    /// <param name="argument">The property or parameter that helps when it is changed.</param>
    public static OnnxVizException Input(string message, Exception? inner = null, string? argument = null) =>
        new(Fault.Input, message, inner) { Argument = argument };

    /// <summary>The same where it is the network that cannot do what is asked.</summary>
    /// <inheritdoc cref="Input"/>
    internal static OnnxVizException OfModel(string message, Exception? inner = null, string? argument = null) =>
        new(Fault.Input, message, inner) { Argument = argument, IsOfModel = true };

    /// <inheritdoc cref="Input"/>
    public static OnnxVizException Usage(string message, Exception? inner = null, string? argument = null) =>
        new(Fault.Argument, message, inner) { Argument = argument };

    /// <inheritdoc cref="Input"/>
    public static OnnxVizException Machine(string message, Exception? inner = null, string? argument = null) =>
        new(Fault.Machine, message, inner) { Argument = argument };

    private static string OneLine(string message) => PlainText.Of(message.Length > Longest ? message[..Longest] : message);
}
