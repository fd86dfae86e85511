using OnnxViz.Options;

namespace OnnxViz.Top;

/// <summary>How a folder is searched for the pictures that units respond to most strongly.</summary>
public sealed record TopOptions
{
    [Option("top", "How many pictures of each unit.", Form = "K", Min = 1, Max = 1000)]
    public int Top { get; init; } = 9;

    /// <summary>Null for as many as there is room for, and no more than win time; a model of a fixed batch has its own.</summary>
    [Option("batch", "Pictures that run at once.", Min = 1, Max = 4096, Default = "8, of small networks up to 64; on a GPU 64")]
    public int? Batch { get; init; }
}
