using OnnxViz.Datasets;
using OnnxViz.Shards;

namespace OnnxViz.Top;

/// <summary>A search that several machines share: each looks at every N-th batch of the pictures.</summary>
internal static class TopShards
{
    /// <summary>Numbers of a part's pictures, in their order: whole batches of those that one process would look at.</summary>
    /// <param name="count">Of all pictures.</param>
    /// <param name="batch">Pictures at a time.</param>
    /// <param name="shard">Which part.</param>
    public static IReadOnlyList<int> Picked(int count, int batch, Shard shard) => [.. Enumerable.Range(0, count).Where(i => shard.Has(i / batch))];

    /// <summary>The pictures of a part as a list of their own.</summary>
    public static IPictureList Of(IPictureList pictures, IReadOnlyList<int> picked) => pictures switch
    {
        LabelledPictures labelled => new PictureSubset(labelled, picked),
        FolderPictures folder => new FolderPictures([.. picked.Select(i => folder.Files[i])]),
        TensorPictures tensor => tensor.Picked(picked),
        _ => throw new ArgumentException($"{pictures.GetType().Name} cannot be shared.", nameof(pictures)),
    };

    /// <summary>What one process would have found.</summary>
    /// <param name="key">Of the whole.</param>
    /// <param name="parts">Of each part the numbers of its pictures, and what was found in them.</param>
    public static TopState Join(TopKey key, IReadOnlyList<(IReadOnlyList<int> Picked, TopState State)> parts) => TopState.New(key) with
    {
        Done = key.Files,
        Skipped = [.. parts.SelectMany(p => p.State.Skipped.Select(s => s with { File = p.Picked[s.File] })).OrderBy(s => s.File)],
        // Of equal ones those that come first, as a ranking has them.
        Found =
        [
            .. key.Units.Select((_, unit) => parts.SelectMany(p => p.State.Found[unit].Select(e => e with { File = p.Picked[e.File] }))
                .OrderByDescending(e => e.Activation).ThenBy(e => e.File).Take(key.Top).ToList()),
        ],
    };
}
