namespace OnnxViz.Pull;

/// <summary>How patient a download is.</summary>
internal sealed record DownloadLimits
{
    /// <summary>A connection that brings nothing for so long is given up.</summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The pause before the second attempt in a row that brought nothing; it doubles with each.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Attempts in a row that bring next to nothing.</summary>
    public int Attempts { get; init; } = 5;

    /// <summary>Bytes that an attempt has to bring so as not to count among <see cref="Attempts"/>.</summary>
    public long Progress { get; init; } = 1 << 16;

    /// <summary>Addresses that a server may lead on to.</summary>
    public int Redirects { get; init; } = 10;
}
