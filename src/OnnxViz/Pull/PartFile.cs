using System.Security.Cryptography;

namespace OnnxViz.Pull;

/// <summary>The part of a file that has arrived so far, beside its final place and with a name of its own; no other process can write to it meanwhile.</summary>
internal sealed class PartFile : IDisposable
{
    private readonly string _final;
    private readonly FileStream _stream;
    private IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    private PartFile(string final, FileStream stream) => (_final, _stream) = (final, stream);

    /// <summary>Bytes that have arrived.</summary>
    public long Length { get; private set; }

    private string Path => PathOf(_final);

    /// <summary>Opens what an earlier run left, or begins anew.</summary>
    /// <param name="final">Where the whole file goes.</param>
    /// <param name="size">Bytes of the whole file: what is longer is none of its parts.</param>
    /// <exception cref="OnnxVizException">Not writable, no room on the disk, or another process is at it.</exception>
    public static PartFile Open(string final, long size)
    {
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(final)!);
            FileStatus.RequireFile(PathOf(final));
            var part = new PartFile(final, new FileStream(PathOf(final), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1 << 16));
            try
            {
                if (part._stream.Length > size) part.Restart();
                part.Take();
                part.CheckRoom(size);
                return part;
            }
            catch
            {
                part.Dispose();
                throw;
            }
        }
        catch (Exception e) when (IsOfFiles(e))
        {
            throw Failed(final, e);
        }
    }

    /// <summary>Forgets what has arrived.</summary>
    public void Restart()
    {
        _stream.SetLength(0);
        _hash.Dispose();
        _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Length = 0;
    }

    /// <exception cref="OnnxVizException">The disk is full.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _stream.Write(bytes);
        }
        catch (Exception e) when (IsOfFiles(e))
        {
            throw Failed(_final, e);
        }

        _hash.AppendData(bytes);
        Length += bytes.Length;
    }

    /// <summary>Gives the file its name if it is the right one, and begins anew if it is not.</summary>
    /// <param name="sha256">In hexadecimal digits.</param>
    /// <returns>null where it is the right one, or else the hash of what has come.</returns>
    public string? Finish(string sha256)
    {
        try
        {
            _stream.Flush(flushToDisk: true);
            var found = Convert.ToHexStringLower(_hash.GetCurrentHash());
            if (!found.Equals(sha256, StringComparison.OrdinalIgnoreCase))
            {
                Restart();
                return found;
            }

            // Renamed while it is locked, where the system can: two processes never have half of it each.
            if (OperatingSystem.IsWindows()) _stream.Dispose();
            File.Move(Path, _final, overwrite: true);
            return null;
        }
        catch (Exception e) when (IsOfFiles(e))
        {
            throw Failed(_final, e);
        }
    }

    public void Dispose()
    {
        var isEmpty = Length == 0;
        _stream.Dispose();
        _hash.Dispose();
        try
        {
            if (isEmpty) File.Delete(Path);
        }
        catch (Exception e) when (IsOfFiles(e))
        {
            // An empty file in the user's own folder harms nobody.
        }
    }

    private static string PathOf(string final) => final + ".part";

    private static bool IsOfFiles(Exception e) => e is IOException or UnauthorizedAccessException or NotSupportedException;

    private static OnnxVizException Failed(string final, Exception e) => OnnxVizException.Machine($"Cannot write '{PathOf(final)}': {e.Message}", e);

    /// <summary>Reads what was there.</summary>
    private void Take()
    {
        var buffer = new byte[1 << 16];
        for (int count; (count = _stream.Read(buffer)) > 0; Length += count) _hash.AppendData(buffer.AsSpan(0, count));
    }

    private void CheckRoom(long size)
    {
        var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(_final))!;
        var free = new DriveInfo(OperatingSystem.IsWindows() ? System.IO.Path.GetPathRoot(folder)! : folder).AvailableFreeSpace;
        if (free < size - Length) throw OnnxVizException.Machine($"'{_final}' needs {size - Length:N0} bytes, and {free:N0} are free there.");
    }
}
