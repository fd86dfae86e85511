using OnnxViz.Datasets.Records;

namespace OnnxViz.Datasets;

/// <summary>MNIST's four files and all that are made like them.</summary>
internal static class IdxDataset
{
    /// <summary>What such a set has where nobody says otherwise.</summary>
    private const int UsualClasses = 10;

    // torchvision keeps what it fetched in folders of its own.
    private static readonly string[] _folders = ["", "raw", "MNIST/raw", "FashionMNIST/raw"];

    /// <returns>Null where the folder has no such files.</returns>
    /// <exception cref="OnnxVizException">It has, but not all, or damaged.</exception>
    public static Dataset? TryOpen(string folder, KnownDataset? known)
    {
        if (_folders.Select(f => Path.Combine(folder, f)).FirstOrDefault(f => Find(f, "train", "images", 3) is not null) is not { } place) return null;
        var train = Split(place, "train", "train");
        LabelledPictures? test = null;
        try
        {
            test = Split(place, "t10k", "test");
            return Of(folder, known, train, test);
        }
        catch
        {
            train.Dispose();
            test?.Dispose();
            throw;
        }
    }

    private static Dataset Of(string folder, KnownDataset? known, FixedSizePictures train, LabelledPictures test)
    {
        if (test.Size != train.Size) throw OnnxVizException.Input($"'{folder}': the test pictures are of {test.Size} pixels, those to train on of {train.Size}.");
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        known ??= KnownDataset.All.FirstOrDefault(k => k.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        return new Dataset(known?.Name ?? name, known?.Classes ?? KnownDataset.Mnist.Classes, train, test);
    }

    private static FixedSizePictures Split(string folder, string prefix, string name)
    {
        var images = Find(folder, prefix, "images", 3) ?? throw Missing(folder, prefix, "images", 3);
        var labelFile = Find(folder, prefix, "labels", 1) ?? throw Missing(folder, prefix, "labels", 1);
        var labels = IdxFile.Labels(labelFile);
        var (pictures, size) = IdxFile.Pictures(images);
        if (pictures.Count != labels.Length)
        {
            pictures.Dispose();
            throw OnnxVizException.Input($"{images} has {pictures.Count} pictures, but {labelFile} {labels.Length} labels.");
        }

        if (Array.FindIndex(labels, l => l >= UsualClasses) is >= 0 and var bad)
            throw OnnxVizException.Input($"{labelFile}: label {labels[bad]} of picture {bad} is no class; 0 to {UsualClasses - 1} are expected.");
        return new FixedSizePictures(name, pictures, labels, 1, size);
    }

    private static string? Find(string folder, string prefix, string what, int rank) =>
        Names(prefix, what, rank).Select(n => Path.Combine(folder, n)).FirstOrDefault(File.Exists);

    private static IEnumerable<string> Names(string prefix, string what, int rank) =>
        from dash in new[] { "-", "." }
        from end in new[] { "", ".gz" }
        select $"{prefix}-{what}{dash}idx{rank}-ubyte{end}";

    private static OnnxVizException Missing(string folder, string prefix, string what, int rank) =>
        OnnxVizException.Input($"'{folder}' has IDX files, but neither {prefix}-{what}-idx{rank}-ubyte nor {prefix}-{what}-idx{rank}-ubyte.gz.");
}
