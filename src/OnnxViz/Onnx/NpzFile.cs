using System.IO.Compression;

namespace OnnxViz.Onnx;

/// <summary>NumPy's .npz format as numpy.savez writes it: a zip file, without compression, of one .npy file for each name.</summary>
internal static class NpzFile
{
    private const string Extension = ".npy";

    /// <summary>The first time that a zip file can tell: equal tensors are to make equal files.</summary>
    private static readonly DateTimeOffset NoTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Writes all tensors, in the order of their names; the file is there whole, on the disk itself, or not at all.</summary>
    /// <param name="path">Where to; a file that is there is replaced.</param>
    /// <param name="tensors">Of types that <see cref="NpyFile"/> reads.</param>
    /// <exception cref="OnnxVizException">Not writable, or the disk is full.</exception>
    public static void Save(string path, IReadOnlyDictionary<string, Tensor> tensors) => WholeFile.WriteThrough(path, stream =>
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var (name, tensor) in tensors.OrderBy(t => t.Key, StringComparer.Ordinal))
        {
            var entry = zip.CreateEntry(name + Extension, CompressionLevel.NoCompression);
            entry.LastWriteTime = NoTime;
            using var place = entry.Open();
            NpyFile.Write(place, tensor);
        }
    });

    /// <exception cref="OnnxVizException">Missing, truncated, of another kind, or a tensor that is not as it was written.</exception>
    public static Dictionary<string, Tensor> Load(string path)
    {
        // Says what is wrong with a path that is no file to read.
        using (OpenFile.At(path, isInput: false))
        {
        }

        try
        {
            using var stream = File.OpenRead(path);
            using var zip = new ZipArchive(stream, ZipArchiveMode.Read);
            var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
            foreach (var entry in zip.Entries.Where(e => e.FullName.EndsWith(Extension, StringComparison.Ordinal)))
                tensors[entry.FullName[..^Extension.Length]] = Read(entry, $"'{path}' ({entry.FullName})", stream.Length);
            return tensors;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw OnnxVizException.Input($"'{path}' is truncated or no .npz file: {e.Message}", e);
        }
    }

    private static Tensor Read(ZipArchiveEntry entry, string what, long most)
    {
        // Stored bytes cannot be more than the file has; nothing is allocated for those that it only claims.
        if (entry.Length != entry.CompressedLength) throw OnnxVizException.Input($"{what} is compressed: numpy.savez writes what can be read here.");
        if (entry.Length > most) throw OnnxVizException.Input($"{what} claims {entry.Length} bytes, the whole file has {most}.");
        if (entry.Length > Array.MaxLength) throw OnnxVizException.Input($"{what} holds {entry.Length} bytes; 2 GB is the limit.");
        var bytes = new byte[entry.Length];
        using (var place = entry.Open()) place.ReadExactly(bytes);
        return Crc32.Of(bytes) == entry.Crc32
            ? NpyFile.Parse(what, bytes.Length, (offset, count) => bytes[(int)offset..(int)(offset + count)])
            : throw OnnxVizException.Input($"{what} is damaged: its checksum is not that of its bytes.");
    }
}
