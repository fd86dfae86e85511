using System.Buffers.Binary;
using System.IO.Compression;

namespace OnnxViz.Datasets.Records;

/// <summary>
/// Unsigned bytes in an IDX file, plain or .gz (LeCun's format of MNIST): 0, 0, 8, the number of dimensions, each dimension
/// as a big-endian int32, then the elements.
/// </summary>
internal static class IdxFile
{
    private const int UnsignedByte = 8;

    /// <summary>Deflate makes at most this many bytes of one.</summary>
    private const long MostPerByte = 1032;

    /// <summary>Pictures, [N, H, W].</summary>
    /// <exception cref="OnnxVizException">Not such a file, or truncated, or longer than it says.</exception>
    public static (IRecords Pictures, PixelSize Size) Pictures(string path)
    {
        var (records, dims) = Read(path, 3, "pictures");
        return (records, new PixelSize(dims[1], dims[2]));
    }

    /// <summary>Labels, [N].</summary>
    /// <inheritdoc cref="Pictures"/>
    public static byte[] Labels(string path)
    {
        var (records, dims) = Read(path, 1, "labels");
        using (records)
        {
            var labels = new byte[dims[0]];
            for (var i = 0; i < labels.Length; i++) records.Read(i, labels.AsSpan(i, 1));
            return labels;
        }
    }

    private static (IRecords Records, int[] Dims) Read(string path, int rank, string what)
    {
        var file = OpenFile.At(path);
        var isZipped = file.Length >= 2 && StartsZipped(file);
        try
        {
            if (!isZipped)
            {
                var head = new byte[Math.Min(file.Length, HeadLength(rank))];
                file.Read(0, head);
                var dims = Dims(head, rank, what, path);
                var length = RecordLength(dims);
                var expected = HeadLength(rank) + ((long)dims[0] * length);
                if (file.Length != expected)
                    throw Bad(path, $"{Described(dims, what)} take {expected} bytes; the file has {file.Length}{(file.Length < expected ? ": it is truncated" : "")}");
                var kept = new FileRecords(file, HeadLength(rank), dims[0], length, length);
                file = null;
                return (kept, dims);
            }

            return Unzipped(path, file.Length, rank, what);
        }
        finally
        {
            file?.Dispose();
        }
    }

    private static (IRecords Records, int[] Dims) Unzipped(string path, long zipped, int rank, string what)
    {
        try
        {
            using var stream = new GZipStream(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16), CompressionMode.Decompress);
            var head = new byte[HeadLength(rank)];
            var dims = Dims(head.AsSpan(0, stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)), rank, what, path);
            var length = RecordLength(dims);
            if ((long)dims[0] * length > zipped * MostPerByte)
                throw Bad(path, $"its header says {Described(dims, what)}, which {zipped} bytes of gzip cannot hold");
            var records = new MemoryRecords(length);
            while (records.Count < dims[0])
            {
                var record = records.Add();
                if (stream.ReadAtLeast(record, length, throwOnEndOfStream: false) < length)
                    throw Bad(path, $"{Described(dims, what)} are expected, and it ends after {records.Count - 1}: it is truncated");
            }

            if (stream.ReadByte() >= 0) throw Bad(path, $"more bytes follow the {Described(dims, what)} of its header");
            return (records, dims);
        }
        catch (InvalidDataException e)
        {
            throw Bad(path, $"its gzip is damaged: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw OnnxVizException.Input($"{path} cannot be read: {e.Message}", e);
        }
    }

    private static bool StartsZipped(OpenFile file)
    {
        var magic = new byte[2];
        file.Read(0, magic);
        return magic is [0x1F, 0x8B];
    }

    private static int HeadLength(int rank) => 4 + (4 * rank);

    private static int RecordLength(int[] dims) => dims.Skip(1).Aggregate(1, (a, b) => a * b);

    private static int[] Dims(ReadOnlySpan<byte> head, int rank, string what, string path)
    {
        if (head.Length < 4 || head[0] != 0 || head[1] != 0 || head[2] != UnsignedByte || head[3] != rank)
        {
            var found = head.Length < 4 ? "too few bytes" : $"{BinaryPrimitives.ReadInt32BigEndian(head)}";
            throw Bad(path, $"an IDX file of {what} begins with the number {(UnsignedByte << 8) | rank}, here is {found}");
        }

        if (head.Length < HeadLength(rank)) throw Bad(path, "it is truncated: its header is not whole");
        var dims = new int[rank];
        for (var i = 0; i < rank; i++) dims[i] = BinaryPrimitives.ReadInt32BigEndian(head[(4 + (4 * i))..]);
        if (dims[0] < 1) throw Bad(path, $"its header says {dims[0]} {what}");
        if (dims.Skip(1).Any(side => side is < 1 or > 4096)) throw Bad(path, $"its header says {what} of {dims[1]}x{dims[2]} pixels; sides of 1 to 4096 are read");
        return dims;
    }

    private static string Described(int[] dims, string what) => dims.Length == 1 ? $"{dims[0]} {what}" : $"{dims[0]} {what} of {dims[1]}x{dims[2]}";

    private static OnnxVizException Bad(string path, string why, Exception? inner = null) => OnnxVizException.Input($"{path}: {why}.", inner);
}
