namespace OnnxViz.Runtime;

/// <summary>What was found out about the steps of a run while it went, for whoever tells how its results came about.</summary>
internal sealed class StepNotes
{
    private readonly Lock _gate = new();
    private readonly SortedSet<string> _plans = new(StringComparer.Ordinal);

    /// <summary>How steps were run, such as "exhaustive, recorded"; nothing where there is one way only.</summary>
    public IReadOnlyList<string> Plans
    {
        get
        {
            lock (_gate) return [.. _plans];
        }
    }

    /// <summary>Why steps could not be recorded; null where they were, or need not be.</summary>
    public string? CaptureFault { get; private set; }

    public void Say(StepPlan plan, bool isCaptured)
    {
        lock (_gate) _plans.Add(plan + (isCaptured ? ", recorded" : ""));
    }

    public void CaptureFailed(string reason)
    {
        lock (_gate) CaptureFault ??= reason;
    }

    /// <summary>Options that are the same but for what was found out are equal.</summary>
    public override bool Equals(object? other) => other is StepNotes;

    public override int GetHashCode() => 0;
}
