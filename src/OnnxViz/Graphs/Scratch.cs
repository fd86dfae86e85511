namespace OnnxViz.Graphs;

/// <summary>
/// Arrays that are used again, on the thread that began it and as long as it lasts: weights on their way into a model are
/// computed in several stages, and memory that a process has not touched before is dear.
/// </summary>
internal sealed class Scratch : IDisposable
{
    [ThreadStatic]
    private static Scratch? _current;

    private readonly Scratch? _before = _current;
    private readonly Dictionary<int, Stack<byte[]>> _free = [];
    private readonly HashSet<byte[]> _lent = [];

    private Scratch()
    {
    }

    public static Scratch Begin() => _current = new Scratch();

    /// <summary>An array of this length; what is in it is anything.</summary>
    public static byte[] Take(long length)
    {
        if (_current is not { } scratch) return GC.AllocateUninitializedArray<byte>(checked((int)length));
        var array = scratch._free.TryGetValue((int)length, out var free) && free.TryPop(out var used) ? used : GC.AllocateUninitializedArray<byte>(checked((int)length));
        scratch._lent.Add(array);
        return array;
    }

    /// <summary>The array goes to whoever takes one of its length next, if it was taken here and nobody keeps it.</summary>
    public static void Give(byte[] array)
    {
        if (_current is not { } scratch || !scratch._lent.Remove(array)) return;
        if (!scratch._free.TryGetValue(array.Length, out var free)) scratch._free[array.Length] = free = new();
        free.Push(array);
    }

    /// <summary>Somebody is going to hold the array: it is not to be given to others.</summary>
    public static void Keep(byte[] array) => _current?._lent.Remove(array);

    public void Dispose() => _current = _before;
}
