namespace OnnxViz.Runtime;

/// <summary>
/// Finds the quickest of some ways to do the same work by trying them, as long as trying can pay, and remembers what it found. What
/// is tried must leave nothing behind.
/// </summary>
/// <param name="read">What is remembered under a key; null where nothing is.</param>
/// <param name="write">Remembers.</param>
internal sealed class QuickestChoice(Func<string, string?> read, Action<string, string> write)
{
    /// <summary>How long one way takes.</summary>
    /// <param name="Preparing">Seconds before the first time.</param>
    /// <param name="Each">Seconds each time.</param>
    public readonly record struct Time(double Preparing, double Each);

    /// <summary>The quickest.</summary>
    /// <param name="key">Under which it is remembered: whatever the times depend on. A way is remembered by its text.</param>
    /// <param name="ways">The usual one first; no two of the same text.</param>
    /// <param name="times">How often the work is going to be done: another way is tried while it could win more than trying costs.</param>
    /// <param name="measure">Null where the way does not work here.</param>
    /// <returns>The usual one where none works; and whether it was remembered.</returns>
    public T Of<T>(string key, IReadOnlyList<T> ways, int times, Func<T, Time?> measure) where T : class
    {
        if (ways.Count == 1) return ways[0];
        if (read(key) is { } known && ways.FirstOrDefault(w => w.ToString() == known) is { } remembered) return remembered;
        var (best, quickest, cost, isComplete) = (ways[0], double.PositiveInfinity, 0.0, true);
        foreach (var way in ways)
        {
            // Half of the time is as much as another way can be expected to win.
            if (quickest * times / 2 < cost)
            {
                isComplete = false;
                break;
            }

            if (measure(way) is not { } time) continue;
            cost = time.Preparing;
            if (time.Each < quickest) (best, quickest) = (way, time.Each);
        }

        if (isComplete && double.IsFinite(quickest)) write(key, best.ToString()!);
        return best;
    }
}
