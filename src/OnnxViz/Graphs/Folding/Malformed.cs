namespace OnnxViz.Graphs.Folding;

/// <summary>
/// The last net below the checks: what code throws over numbers and shapes that do not go together is the fault of the node that
/// holds them, and is told so.
/// </summary>
internal static class Malformed
{
    /// <param name="node">The node at fault.</param>
    /// <param name="what">What is done with it, as in "Conv node 'a' cannot be ...".</param>
    /// <param name="action">Does it.</param>
    /// <exception cref="OnnxVizException">It failed over what the node says; the message names the node.</exception>
    public static T Guard<T>(Node node, string what, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (IsOver(e))
        {
            throw OnnxVizException.OfModel($"{node} cannot be {what}: its inputs and attributes do not go together ({e.Message})", e);
        }
    }

    /// <summary>Whether the exception is one that arithmetic and indexing throw.</summary>
    public static bool IsOver(Exception e) => e is ArithmeticException or IndexOutOfRangeException or ArgumentException or InvalidOperationException
        or NullReferenceException or InvalidCastException or KeyNotFoundException or FormatException;
}
