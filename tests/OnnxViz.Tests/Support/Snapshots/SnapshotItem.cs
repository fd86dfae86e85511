namespace OnnxViz.Tests.Support.Snapshots;

/// <summary>One result to compare with an accepted file.</summary>
/// <param name="variant">Tells results of one test apart; null where there is only one.</param>
/// <param name="extension">Without a dot.</param>
internal abstract class SnapshotItem(string? variant, string extension)
{
    public string? Variant { get; } = variant;

    public string Extension { get; } = extension;

    /// <summary>The result as a file.</summary>
    public abstract byte[] Encode();

    /// <summary>Null when the accepted file says the same, else what is different.</summary>
    public abstract string? Compare(byte[] verified);

    /// <summary>A picture of the difference, as PNG, where there is one to show.</summary>
    public virtual byte[]? Difference(byte[] verified) => null;
}
