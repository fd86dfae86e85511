using System.Runtime.InteropServices;

namespace OnnxViz.Onnx;

/// <summary>
/// Writes a float32 .npy file row by row, of which none is held. The header comes first with room for any number of rows and is set right in the end,
/// when the file gets its name; until then, and where there is no end, nothing has that name.
/// </summary>
internal sealed class NpyWriter : IDisposable
{
    private readonly string _path;
    private FileOnItsWay? _file;
    private long[] _row = [];
    private long _rows;

    /// <param name="path">The file; folders on the way are made with the first row.</param>
    public NpyWriter(string path) => _path = path;

    /// <summary>Appends [N, ...]; all but N is the same each time.</summary>
    /// <exception cref="OnnxVizException">Rows of another shape; not writable, or the disk is full.</exception>
    public void Append(Tensor rows)
    {
        using var phase = Profiler.Phase("write a file");
        if (_file is null)
        {
            _row = rows.Dims[1..];
            _file = new FileOnItsWay(_path);
            _file.Do(stream => stream.Write(Start()));
        }
        else if (!_row.AsSpan().SequenceEqual(rows.Dims.AsSpan(1)))
        {
            throw OnnxVizException.Input($"'{_path}' holds rows of one shape: [{Shapes.Text(_row)}] was the first, and now there is [{Shapes.Text(rows.Dims.AsSpan(1))}].");
        }

        _file.Do(stream => stream.Write(MemoryMarshal.AsBytes(rows.As<float>())));
        _rows += rows.Dims[0];
    }

    /// <summary>Gives the file its name.</summary>
    /// <returns>Whether there is one: not without a row.</returns>
    /// <exception cref="OnnxVizException">Not writable, or the disk is full.</exception>
    public bool Finish()
    {
        if (_file is null) return false;
        _file.Do(stream =>
        {
            stream.Position = 0;
            stream.Write(Start());
        });
        _file.Finish();
        Dispose();
        return true;
    }

    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
    }

    /// <summary>As long for a billion rows as for one, but where the row alone fills the line.</summary>
    private byte[] Start()
    {
        var most = NpyFile.Start(ElementType.Float, [999_999_999_999, .. _row]).Length;
        return NpyFile.Start(ElementType.Float, most, [_rows, .. _row]);
    }
}
