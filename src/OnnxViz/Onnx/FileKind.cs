namespace OnnxViz.Onnx;

/// <summary>Tells an ONNX file from what else people give to a program that asks for one.</summary>
internal static class FileKind
{
    private static readonly (byte[] Start, string Kind)[] _known =
    [
        ([0x89, (byte)'P', (byte)'N', (byte)'G'], "a PNG picture"),
        ([0xff, 0xd8, 0xff], "a JPEG picture"),
        ([.. "GIF8"u8], "a GIF picture"),
        ([.. "PK"u8], "a ZIP archive (PyTorch's .pt and .pth files are such: export the model to ONNX first)"),
        ([0x89, (byte)'H', (byte)'D', (byte)'F'], "an HDF5 file (Keras models are such: export the model to ONNX first)"),
        ([0x1f, 0x8b], "compressed by gzip (unpack it first)"),
        ([.. "version https://git-lfs"u8], "a Git LFS pointer (fetch the model itself by 'git lfs pull')"),
        ([.. "%PDF"u8], "a PDF document"),
        ([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'], "a NumPy array"),
    ];

    /// <summary>The numbers and encodings of the fields that a ModelProto can begin with.</summary>
    private static readonly HashSet<int> _firstTags = [8, 18, 26, 34, 40, 50, 58, 66, 114, 162, 202, 210];

    /// <exception cref="OnnxVizException">The file begins as no ONNX model does; the message says what it seems to be.</exception>
    public static void RequireModel(OpenFile file)
    {
        var start = new byte[Math.Min(64, file.Length)];
        file.Read(0, start);
        foreach (var (magic, kind) in _known)
            if (start.AsSpan().StartsWith(magic)) throw OnnxVizException.Input($"This is not an ONNX model, it is {kind}.");
        if (start.All(b => b is >= 0x20 and < 0x7f or (byte)'\n' or (byte)'\r' or (byte)'\t'))
            throw OnnxVizException.Input("This is not an ONNX model, it is text.");
        var tag = start[0] < 0x80 || start.Length < 2 ? start[0] : (start[0] & 0x7f) | (start[1] << 7);
        if (!_firstTags.Contains(tag)) throw OnnxVizException.Input("This is not an ONNX model.");
    }
}
