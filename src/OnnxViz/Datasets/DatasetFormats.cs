namespace OnnxViz.Datasets;

/// <summary>The forms that a data set's folder may have, told apart by its files' names.</summary>
internal static class DatasetFormats
{
    /// <param name="folder">An existing folder.</param>
    /// <param name="known">Which data set it is said to be; null where nobody said.</param>
    /// <param name="options">How it is divided.</param>
    /// <exception cref="OnnxVizException">None, or damaged.</exception>
    public static Dataset Open(string folder, KnownDataset? known, DatasetOptions options) =>
        IdxDataset.TryOpen(folder, known) ?? CifarDataset.TryOpen(folder) ?? DigitsDataset.TryOpen(folder, options) ?? ClassFolders.Open(folder, options);
}
