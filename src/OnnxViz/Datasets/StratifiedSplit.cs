namespace OnnxViz.Datasets;

/// <summary>Divides pictures into those to train and those to test on, every class in the same proportion.</summary>
internal static class StratifiedSplit
{
    /// <summary>Keeps the pictures' order. A class of two pictures or more is in both parts.</summary>
    /// <param name="labels">Of each picture.</param>
    /// <param name="options">Share and seed.</param>
    public static (IReadOnlyList<int> Train, IReadOnlyList<int> Test) Of(IReadOnlyList<byte> labels, DatasetOptions options) => Of([.. labels.Select(l => (int)l)], options);

    /// <inheritdoc cref="Of(IReadOnlyList{byte}, DatasetOptions)"/>
    public static (IReadOnlyList<int> Train, IReadOnlyList<int> Test) Of(IReadOnlyList<int> labels, DatasetOptions options)
    {
        var isTest = new bool[labels.Count];
        foreach (var group in Enumerable.Range(0, labels.Count).GroupBy(i => labels[i]))
        {
            var members = group.ToArray();
            var wanted = members.Length < 2 ? 0 : Math.Clamp((int)Math.Round(members.Length * options.TestShare), 1, members.Length - 1);
            Permutation.Shuffle(members, new CounterRandom(options.SplitSeed, (ulong)group.Key));
            foreach (var i in members.AsSpan(0, wanted)) isTest[i] = true;
        }

        return ([.. Where(isTest, false)], [.. Where(isTest, true)]);

        static IEnumerable<int> Where(bool[] flags, bool value) => Enumerable.Range(0, flags.Length).Where(i => flags[i] == value);
    }
}
