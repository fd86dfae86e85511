namespace OnnxViz.Onnx;

/// <summary>
/// What the messages of a file would take in memory, before they are made: an empty message is two bytes in a file and a hundred here. Weights,
/// which stay in the file, do not count.
/// </summary>
internal sealed class MessageBudget
{
    /// <summary>Four times what 100,000 nodes with all their shapes take.</summary>
    private const long Most = 400L << 20;

    /// <summary>An object with its place in a list.</summary>
    private const int PerText = 48, PerMessage = 96;

    private long _used;

    public void Text(long bytes) => Use(PerText + (2 * bytes));

    /// <param name="fields">How many fields an object of its kind has, about.</param>
    public void Message(int fields) => Use(PerMessage + (16L * fields));

    /// <summary>Numbers of a list, which is copied once.</summary>
    public void Numbers(long count) => Use(16 * count);

    private void Use(long bytes)
    {
        if ((_used += bytes) > Most)
            throw OnnxVizException.Input($"The file's nodes, attributes and names would take more than {Most >> 20} MB of memory, as those of no network do.");
    }
}
