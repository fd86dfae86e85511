using OnnxViz.Onnx.Proto;

namespace OnnxViz.Onnx;

/// <summary>
/// Tensors whose elements are in files beside the model. Such a file must lie in the model's folder or below it,
/// links followed to their end, so that a model cannot have any file of the machine read and published.
/// </summary>
internal sealed class ExternalData(string modelPath) : IDisposable
{
    private readonly Dictionary<string, OpenFile> _open = [];
    private readonly string _folder = RealPath.Of(Path.GetDirectoryName(Path.GetFullPath(modelPath))!);

    /// <summary>Opened so far, in the order in which they were needed.</summary>
    public IReadOnlyCollection<OpenFile> Files => _open.Values;

    /// <returns>Where the elements are.</returns>
    /// <param name="tensor">A tensor whose data_location is EXTERNAL.</param>
    /// <param name="byteLength">Bytes that its type and dimensions ask for.</param>
    /// <exception cref="OnnxVizException">The place is forbidden, does not exist, or is too small.</exception>
    public FileRange Locate(TensorProto tensor, long byteLength)
    {
        string? location = null;
        long offset = 0;
        long? length = null;
        foreach (var entry in tensor.ExternalData)
        {
            if (entry.Key == "location") location = entry.Value;
            else if (entry.Key == "offset") offset = Number(entry);
            else if (entry.Key == "length") length = Number(entry);
        }

        if (string.IsNullOrEmpty(location)) throw OnnxVizException.Input("its external data names no file.");
        if (length is { } given && given != byteLength)
            throw OnnxVizException.Input($"its external data is {given} bytes long, its dimensions ask for {byteLength}.");
        var file = Open(location);
        if (offset > file.Length - byteLength)
            throw OnnxVizException.Input($"its bytes {offset} to {offset + (decimal)byteLength} are not all in '{location}', which has {file.Length}.");
        return new FileRange(file, offset);
    }

    public void Dispose()
    {
        foreach (var file in _open.Values) file.Dispose();
    }

    private static long Number(StringStringEntryProto entry) =>
        long.TryParse(entry.Value, out var number) && number >= 0
            ? number
            : throw OnnxVizException.Input($"the {entry.Key} of its external data, '{entry.Value}', is not a number of bytes.");

    private OpenFile Open(string location)
    {
        if (_open.TryGetValue(location, out var known)) return known;
        var parts = location.Split('/', '\\');
        if (Path.IsPathRooted(location) || location[0] is '/' or '\\' || location.Contains(':') || location.Contains('\0') || parts.Contains(".."))
            throw OnnxVizException.Input($"its external data '{location}' is not in the model's folder, where it has to be.");
        var path = RealPath.Of(Path.Combine([_folder, .. parts]));
        if (!RealPath.IsBelow(_folder, path))
            throw OnnxVizException.Input($"its external data '{location}' is a link out of the model's folder, where it has to be.");
        if (!File.Exists(path)) throw OnnxVizException.Input($"its external data '{location}' is missing: it belongs beside the model.");
        return _open[location] = OpenFile.At(path);
    }
}
