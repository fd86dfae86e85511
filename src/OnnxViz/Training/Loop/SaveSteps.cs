using System.Globalization;

namespace OnnxViz.Training.Loop;

/// <summary>After which steps of the first epoch the network is saved: closer together where it changes fastest.</summary>
/// <param name="Steps">From 1, ascending.</param>
internal sealed record SaveSteps(IReadOnlyList<int> Steps)
{
    private const string No = "none", Usually = "usual";

    /// <summary>1, 2, 5, 10, 20, 50 and so on.</summary>
    public static SaveSteps Usual { get; } = new([.. Enumerable.Range(0, 8).SelectMany(p => new[] { 1, 2, 5 }.Select(n => n * (int)Math.Pow(10, p)))]);

    public static SaveSteps None { get; } = new([]);

    /// <param name="text">"1,2,5,10", "usual" or "none".</param>
    /// <exception cref="FormatException">Something else.</exception>
    public static SaveSteps Parse(string text)
    {
        if (text.Equals(No, StringComparison.OrdinalIgnoreCase)) return None;
        if (text.Equals(Usually, StringComparison.OrdinalIgnoreCase)) return Usual;
        var steps = new SortedSet<int>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var step) || step < 1) throw new FormatException($"steps as 1,2,5,10, or {No},");
            steps.Add(step);
        }

        return new SaveSteps([.. steps]);
    }

    public override string ToString() => ReferenceEquals(this, Usual) ? Usually : Steps.Count == 0 ? No : string.Join(',', Steps);
}
