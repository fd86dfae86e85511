namespace OnnxViz.Datasets;

/// <summary>Random orders.</summary>
internal static class Permutation
{
    private const ulong Stream = 0x73687566;

    /// <summary>Numbers 0 to count - 1 in the order of an epoch, the same on every machine.</summary>
    public static int[] OfEpoch(int count, ulong seed, int epoch)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        Shuffle(order, new CounterRandom(seed, (Stream << 32) | (uint)epoch));
        return order;
    }

    /// <summary>In place, by Fisher and Yates.</summary>
    public static void Shuffle(Span<int> items, CounterRandom random)
    {
        for (var left = items.Length; left > 1; left--)
        {
            var at = random.Next(left);
            (items[left - 1], items[at]) = (items[at], items[left - 1]);
        }
    }
}
