namespace OnnxViz.Onnx;

/// <summary>A .npy file of which some rows are read at a time.</summary>
internal sealed class NpyRows : IDisposable
{
    private readonly OpenFile _file;
    private readonly long _start;

    /// <exception cref="OnnxVizException">Missing, truncated, or of another kind.</exception>
    public NpyRows(string path)
    {
        _file = OpenFile.At(path);
        try
        {
            (Type, Dims, _start) = NpyFile.Header(_file);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    public ElementType Type { get; }

    /// <summary>Of all rows.</summary>
    public long[] Dims { get; private set; }

    /// <summary>Takes all that is there for one row: its first axis is no axis of rows.</summary>
    public void TakeAsOne() => Dims = [1, .. Dims];

    /// <param name="first">Index on the first axis.</param>
    /// <param name="count">How many.</param>
    /// <returns>[count, ...]</returns>
    /// <exception cref="OnnxVizException">The file has changed meanwhile.</exception>
    public Tensor Read(long first, long count)
    {
        var row = Shapes.Count(Dims.AsSpan(1)) * Type.Size();
        var bytes = _file.Read(_start + (first * row), count * row);
        return new Tensor(Type, [count, .. Dims[1..]], () => bytes);
    }

    public void Dispose() => _file.Dispose();
}
