namespace OnnxViz.Datasets;

/// <summary>Labelled pictures to train on and others to test on.</summary>
/// <param name="Name">Such as "fashion-mnist", or the folder's.</param>
/// <param name="Classes">Their names, by label.</param>
/// <param name="Train">What is learned from.</param>
/// <param name="Test">What is not.</param>
public sealed record Dataset(string Name, IReadOnlyList<string> Classes, LabelledPictures Train, LabelledPictures Test) : IDisposable
{
    /// <param name="nameOrPath">
    /// "mnist", "fashion-mnist" or "cifar10", looked for in the usual places (the folder that the environment variable ONNXVIZ_DATA
    /// names, ./data, ~/.cache/onnxviz/data, the system's), or a folder: IDX files, plain or .gz.
    /// </param>
    /// <param name="options">How it is divided; null for the defaults.</param>
    /// <exception cref="OnnxVizException">There is none, or its files are damaged; the message names the file and what was expected.</exception>
    public static Dataset Open(string nameOrPath, DatasetOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(nameOrPath);
        var (folder, known) = DatasetPlaces.Find(nameOrPath);
        return DatasetFormats.Open(folder, known, options ?? new DatasetOptions());
    }

    /// <summary>Closes the files that pictures are read from.</summary>
    public void Dispose()
    {
        Train.Dispose();
        Test.Dispose();
    }
}
