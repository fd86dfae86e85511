namespace OnnxViz.Onnx;

/// <summary>
/// Lets a model that is only handed to ONNX Runtime refer to the weights in the file they came from: they are mapped
/// from there, and neither this process nor the model holds a copy.
/// </summary>
internal sealed class StoredWeights : IExternalData
{
    /// <summary>Bytes from which on it pays; shape inference wants to see the small ones.</summary>
    private const int Smallest = 1 << 16;

    /// <summary>The folder that the locations start from; null when no tensor is in a file.</summary>
    public string? Folder { get; private set; }

    /// <summary>How much is left in files.</summary>
    public long Bytes { get; private set; }

    public ExternalLocation? PlaceOf(Tensor tensor)
    {
        if (tensor.ByteLength < Smallest || tensor.Stored is not { } stored || !stored.File.IsAsOpened) return null;
        // Runtimes refuse links that lead out of the folder, so it is that of the file itself.
        var path = RealPath.Of(stored.File.Path);
        Folder ??= Path.GetDirectoryName(path)!;
        var location = Path.GetRelativePath(Folder, path).Replace(Path.DirectorySeparatorChar, '/');
        if (location.StartsWith("..", StringComparison.Ordinal) || Path.IsPathRooted(location)) return null;
        Bytes += tensor.ByteLength;
        return new ExternalLocation(location, stored.Offset);
    }
}
