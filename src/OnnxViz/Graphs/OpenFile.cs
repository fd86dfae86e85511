using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;
using OnnxViz.Caching;

namespace OnnxViz.Graphs;

/// <summary>
/// A file of which ranges are read long after it was opened. It stays open, so that a model keeps its weights when its
/// file is replaced by another of the same name.
/// </summary>
internal sealed class OpenFile : IDisposable
{
    /// <summary>The kind of entry in the cache.</summary>
    private const string Hashes = "sha256";

    /// <summary>Bytes that are hashed in a millisecond or two.</summary>
    private const long WorthKeeping = 1 << 20;

    private readonly SafeFileHandle _handle;
    private readonly DateTime _written;

    private OpenFile(string path, SafeFileHandle handle) =>
        (Path, _handle, Length, _written) = (path, handle, RandomAccess.GetLength(handle), File.GetLastWriteTimeUtc(handle));

    public string Path { get; }

    public long Length { get; }

    /// <summary>Whether whoever opens the path now finds the same file, as far as size and time tell.</summary>
    public bool IsAsOpened => new FileInfo(Path) is { Exists: true } now && now.Length == Length && File.GetLastWriteTimeUtc(Path) == _written;

    /// <param name="path">A file, no pipe or device.</param>
    /// <param name="isInput">Whether results are made of it; false of what a piece of work keeps for itself, and writes anew.</param>
    /// <exception cref="OnnxVizException">There is no such file, or it may not be read.</exception>
    public static OpenFile At(string path, bool isInput = true)
    {
        try
        {
            FileStatus.RequireFile(path);
            var info = new FileInfo(path);
            if (!info.Exists) throw OnnxVizException.Input($"There is no file {path}.");

            // Where the system does not say what it is, pipes and devices have no length either; opening one could wait forever.
            if (info.Length == 0) throw OnnxVizException.Input($"{path} is empty (0 bytes).");
            if (isInput) RunFiles.Reads(path);
            return new OpenFile(path, File.OpenHandle(path, share: FileShare.Read | FileShare.Delete));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw OnnxVizException.Input($"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <exception cref="OnnxVizException">The range does not exist (any more), or is larger than an array can be.</exception>
    public byte[] Read(long offset, long length)
    {
        if (length > Array.MaxLength) throw OnnxVizException.Input($"{Path} holds a tensor of {length} bytes; 2 GB is the limit.");
        var bytes = new byte[length];
        Read(offset, bytes);
        return bytes;
    }

    public void Read(long offset, Span<byte> bytes)
    {
        using var phase = Profiler.Phase("read model files");
        try
        {
            for (var done = 0; done < bytes.Length;)
            {
                var count = RandomAccess.Read(_handle, bytes[done..], offset + done);
                if (count == 0) throw OnnxVizException.Input($"{Path} ends before byte {offset + bytes.Length}: it changed while it was used.");
                done += count;
            }
        }
        catch (IOException e)
        {
            throw OnnxVizException.Input($"{Path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>All of a file that is expected to be small.</summary>
    /// <param name="path">A file, no pipe or device.</param>
    /// <param name="most">Bytes that it may have.</param>
    /// <param name="isInput">As of <see cref="At"/>.</param>
    /// <exception cref="OnnxVizException">There is no such file, it may not be read, is empty or larger.</exception>
    public static byte[] ReadAll(string path, int most, bool isInput = true)
    {
        using var file = At(path, isInput);
        return file.Length <= most
            ? file.Read(0, file.Length)
            : throw OnnxVizException.Input($"{path} has {file.Length} bytes, {most} are the limit for such a file.");
    }

    public void Dispose() => _handle.Dispose();

    /// <summary>SHA-256 of the whole file in lower-case hexadecimal. Of a large file that has not changed since it is not computed again.</summary>
    /// <param name="cache">Where hashes are kept; null for the user's.</param>
    public string Sha256(CacheFolder? cache = null)
    {
        var identity = Length < WorthKeeping ? null : FileIdentity.Of(_handle);
        if (identity is null) return Hash();
        cache ??= CacheFolder.Default;
        var key = $"{System.IO.Path.GetFullPath(Path)}\n{identity}";
        if (cache.Read(Hashes, key) is { Length: 4 * SHA256.HashSizeInBytes } known && Encoding.ASCII.GetString(known) is var entry && Entry(entry[..(2 * SHA256.HashSizeInBytes)]) == entry)
            return entry[..(2 * SHA256.HashSizeInBytes)];
        var hash = Hash();
        // Somebody may have written to it meanwhile.
        if (FileIdentity.Of(_handle) == identity) cache.Write(Hashes, key, Encoding.ASCII.GetBytes(Entry(hash)));
        return hash;
    }

    /// <summary>A hash as it is kept: with its own hash behind it, so that a bit that flipped on the disk does not make it that of another model.</summary>
    internal static string Entry(string hash) => hash + Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(hash)));

    /// <summary>Read in pieces.</summary>
    private string Hash()
    {
        using var phase = Profiler.Phase("hash files");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var piece = new byte[1 << 17];
        for (long offset = 0; offset < Length; offset += piece.Length)
        {
            var part = piece.AsSpan(0, (int)Math.Min(piece.Length, Length - offset));
            Read(offset, part);
            hash.AppendData(part);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
