using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace OnnxViz.Onnx;

/// <summary>
/// One file for the large tensors of several models (ONNX's external data). Each distinct content is in it once, in the
/// order in which it was first met, and one tensor at a time goes through memory.
/// </summary>
internal sealed class WeightsFile : IExternalData, IDisposable
{
    /// <summary>Bytes from which on a tensor goes here; shape inference wants to see the small ones in the model itself.</summary>
    private const int Smallest = 1024;

    /// <summary>Runtimes map weights that begin on a page instead of copying them.</summary>
    private const int Page = 4096;

    /// <summary>What vector instructions like for those that would waste a page.</summary>
    private const int Vector = 64;

    private readonly string _path;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Dictionary<Tensor, long> _offsets = [];
    private readonly Dictionary<(long Length, uint Sum), List<long>> _contents = [];
    private FileStream? _stream;

    /// <param name="path">Does not exist yet; made when there is something for it.</param>
    public WeightsFile(string path) => _path = path;

    /// <summary>What models call the file: it lies beside them.</summary>
    public string Name => Path.GetFileName(_path);

    /// <summary>Bytes so far.</summary>
    public long Length { get; private set; }

    /// <summary>SHA-256 of what was written so far, in lower-case hexadecimal.</summary>
    public string Sha256 => Convert.ToHexStringLower(_hash.GetCurrentHash());

    /// <summary>Where the elements of a tensor are; they are written when they are not there yet.</summary>
    /// <exception cref="OnnxVizException">The disk is full, or the folder is not writable.</exception>
    public ExternalLocation? PlaceOf(Tensor tensor) => tensor.ByteLength < Smallest ? null : new ExternalLocation(Name, OffsetOf(tensor));

    private long OffsetOf(Tensor tensor)
    {
        if (_offsets.TryGetValue(tensor, out var known)) return known;
        var bytes = tensor.ReadOnce();
        var places = CollectionsMarshal.GetValueRefOrAddDefault(_contents, (bytes.Length, Sum(bytes)), out _) ??= [];
        foreach (var place in places)
            if (IsAt(place, bytes)) return _offsets[tensor] = place;
        var offset = Append(bytes);
        places.Add(offset);
        return _offsets[tensor] = offset;
    }

    public void Dispose()
    {
        _stream?.Dispose();
        _hash.Dispose();
    }

    private static uint Sum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes)) sum = BitOperations.Crc32C(sum, word);
        foreach (var rest in bytes[^(bytes.Length % sizeof(ulong))..]) sum = BitOperations.Crc32C(sum, rest);
        return sum;
    }

    private long Append(byte[] bytes)
    {
        var alignment = bytes.Length >= Page ? Page : Vector;
        var gap = new byte[(alignment - (Length % alignment)) % alignment];
        try
        {
            _stream ??= new FileStream(_path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, 1);
            _stream.Seek(Length, SeekOrigin.Begin);
            _stream.Write(gap);
            _stream.Write(bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw OnnxVizException.Machine($"{_path} cannot be written: {e.Message}", e);
        }

        _hash.AppendData(gap);
        _hash.AppendData(bytes);
        var offset = Length + gap.Length;
        Length = offset + bytes.Length;
        return offset;
    }

    private bool IsAt(long offset, ReadOnlySpan<byte> bytes)
    {
        var piece = new byte[1 << 16];
        for (var done = 0; done < bytes.Length;)
        {
            var count = RandomAccess.Read(_stream!.SafeFileHandle, piece.AsSpan(0, Math.Min(piece.Length, bytes.Length - done)), offset + done);
            if (count == 0 || !piece.AsSpan(0, count).SequenceEqual(bytes.Slice(done, count))) return false;
            done += count;
        }

        return true;
    }
}
