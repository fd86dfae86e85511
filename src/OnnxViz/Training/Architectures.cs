namespace OnnxViz.Training;

/// <summary>Networks that are trained from nothing: one row each. All take pictures of any size that their pools leave something of.</summary>
internal static class Architectures
{
    private static readonly (string Name, string Help, Func<NetworkDraft, TrainableNetwork> Layers)[] Rows =
    [
        ("small", "two blocks of two 3x3 convolutions with 32 channels, 512 features", d =>
        {
            foreach (var block in new[] { 1, 2 })
            {
                d.Conv($"conv{block}_1", 32, 3, pad: 1).Relu();
                d.Conv($"conv{block}_2", 32, 3, pad: 1).Relu();
                d.MaxPool($"pool{block}", 2);
            }

            return d.Flatten().Linear("fc1", 512).Relu().Scores("fc2");
        }),
        ("lenet", "LeNet-5 (LeCun et al. 1998) with ReLU and max pooling", d =>
        {
            d.Conv("conv1", 6, 5, pad: 2).Relu().MaxPool("pool1", 2);
            d.Conv("conv2", 16, 5).Relu().MaxPool("pool2", 2);
            return d.Flatten().Linear("fc3", 120).Relu().Linear("fc4", 84).Relu().Scores("fc5");
        }),
        ("alexnet-cifar", "AlexNet (Krizhevsky et al. 2012) for pictures of 32 x 32", d =>
        {
            d.UseHeInitialization();
            d.Conv("conv1", 64, 3, stride: 2, pad: 1).Relu().MaxPool("pool1", 2);
            d.Conv("conv2", 192, 3, pad: 1).Relu().MaxPool("pool2", 2);
            d.Conv("conv3", 384, 3, pad: 1).Relu();
            d.Conv("conv4", 256, 3, pad: 1).Relu();
            d.Conv("conv5", 256, 3, pad: 1).Relu().MaxPool("pool5", 2);
            d.Flatten().Dropout("drop6", 0.5f).Linear("fc6", 4096).Relu();
            return d.Dropout("drop7", 0.5f).Linear("fc7", 4096).Relu().Scores("fc8");
        }),
        ("vgg16-cifar", "VGG-16 (Simonyan and Zisserman 2014) for pictures of 32 x 32, dropout 0.5", d => Vgg16(d, normalizes: false)),
        ("vgg16-bn-cifar", "the same with batch normalisation behind every convolution", d => Vgg16(d, normalizes: true)),
    ];

    /// <summary>What can be built.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Rows.Select(r => r.Name)];

    /// <summary>Name and description of each.</summary>
    public static IEnumerable<(string Name, string Help)> Descriptions => Rows.Select(r => (r.Name, r.Help));

    /// <summary>A network with random weights.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="conventions">Size and channels of its pictures, and what becomes of them; channels first.</param>
    /// <param name="classes">How many scores it gives.</param>
    /// <param name="seed">Of the weights.</param>
    /// <exception cref="OnnxVizException">There is no such network, or the pictures are too small for it.</exception>
    public static TrainableNetwork Build(string name, PictureConventions conventions, int classes, ulong seed)
    {
        var row = Array.Find(Rows, r => r.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (row.Name is null) throw OnnxVizException.BadArgument("Architecture", $"{name}: there are {string.Join(", ", Names)}.");
        return row.Layers(new NetworkDraft(row.Name, conventions, classes, seed));
    }

    private static TrainableNetwork Vgg16(NetworkDraft d, bool normalizes)
    {
        d.UseHeInitialization();
        var blocks = new (int Channels, int Convolutions)[] { (64, 2), (128, 2), (256, 3), (512, 3), (512, 3) };
        for (var block = 0; block < blocks.Length; block++)
        {
            for (var i = 1; i <= blocks[block].Convolutions; i++)
            {
                d.Conv($"conv{block + 1}_{i}", blocks[block].Channels, 3, pad: 1, bias: !normalizes);
                if (normalizes) d.BatchNorm($"bn{block + 1}_{i}");
                d.Relu();
            }

            d.MaxPool($"pool{block + 1}", 2);
        }

        d.Flatten().Dropout("drop6", 0.5f).Linear("fc6", 512).Relu();
        return d.Dropout("drop7", 0.5f).Linear("fc7", 512).Relu().Scores("fc8");
    }
}
