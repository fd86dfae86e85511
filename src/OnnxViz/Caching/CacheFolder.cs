using System.Security.Cryptography;
using System.Text;

namespace OnnxViz.Caching;

/// <summary>
/// What is worth keeping from one run to the next, in a folder of the user's: a file per entry. It never fails a run: what cannot be
/// read is not there, what cannot be written is not kept. Any number of processes may use it at once.
/// </summary>
/// <param name="folder">Made when something is first kept; null keeps nothing.</param>
/// <param name="most">Bytes of all entries; beyond it the entries that were not used for longest go.</param>
internal sealed class CacheFolder(string? folder, long most = CacheFolder.Most)
{
    /// <summary>Bytes that the user's cache may have.</summary>
    public const long Most = 1L << 30;

    private const string Ending = ".cache";

    /// <summary>An entry that was used more recently is not marked as used again.</summary>
    private static readonly TimeSpan Recent = TimeSpan.FromHours(12);

    /// <summary>A file that is still on its way to its name after this time was left by a process that died.</summary>
    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);

    private static readonly Lazy<CacheFolder> User = new(() => new CacheFolder(CachePlace.Find(Environment.GetEnvironmentVariable)));

    /// <summary>The user's: <see cref="CachePlace.Find"/>.</summary>
    public static CacheFolder Default => User.Value;

    /// <summary>Where it is; null when nothing is kept.</summary>
    public string? Folder => folder;

    /// <summary>Bytes of all entries.</summary>
    public long Size => Entries().Sum(e => e.Length);

    /// <param name="kind">What the entry is, in letters and digits: a folder for each.</param>
    /// <param name="key">All that the content depends on.</param>
    /// <returns>The content, which may be anything that somebody put there: its reader checks it. null where there is none.</returns>
    public byte[]? Read(string kind, string key)
    {
        if (PathOf(kind, key) is not { } path) return null;
        try
        {
            // Opening a pipe could wait for ever.
            if (FileStatus.Of(path).Kind != PathKind.File) return null;
            var file = new FileInfo(path);
            if (!file.Exists || file.Length == 0 || file.Length > most) return null;
            var content = File.ReadAllBytes(path);
            if (DateTime.UtcNow - file.LastWriteTimeUtc > Recent) MarkAsUsed(path);
            return content;
        }
        catch (Exception e) when (IsOfFiles(e))
        {
            return null;
        }
    }

    /// <summary>Keeps the content under the key, in place of what was there.</summary>
    /// <inheritdoc cref="Read"/>
    public void Write(string kind, string key, ReadOnlySpan<byte> content)
    {
        if (content.IsEmpty || content.Length > most || PathOf(kind, key) is not { } path) return;
        try
        {
            MakeFolder();
            WholeFile.Write(path, content.ToArray());
            Trim(except: path);
        }
        catch (Exception e) when (IsOfFiles(e))
        {
            // A disk that is full or may not be written to: the next run does the work again.
        }
    }

    /// <summary>Where the entry lies, or would lie; null when nothing is kept.</summary>
    /// <inheritdoc cref="Read"/>
    public string? PathOf(string kind, string key) =>
        folder is null ? null : Path.Combine(folder, kind, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))) + Ending);

    /// <summary>What one user works on is no business of another's.</summary>
    private void MakeFolder()
    {
        if (Directory.Exists(folder)) return;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder!);
        else Directory.CreateDirectory(folder!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private void Trim(string except)
    {
        var entries = Entries().ToList();
        var size = entries.Sum(e => e.Length);
        foreach (var entry in entries.OrderBy(e => e.LastWriteTimeUtc))
        {
            var isAbandoned = entry.Extension != Ending && DateTime.UtcNow - entry.LastWriteTimeUtc > Abandoned;
            var goes = size > most && entry.Extension == Ending && entry.FullName != except;
            var length = entry.Length;
            if ((isAbandoned || goes) && TryDelete(entry)) size -= length;
        }
    }

    /// <summary>Files of this class's making and no others: the folder may hold data sets, or whatever else the user keeps there.</summary>
    private IEnumerable<FileInfo> Entries()
    {
        try
        {
            return !Directory.Exists(folder)
                ? []
                : [.. new DirectoryInfo(folder!).EnumerateDirectories().SelectMany(kind => kind.EnumerateFiles()).Where(f => IsEntry(f.Name))];
        }
        catch (Exception e) when (IsOfFiles(e))
        {
            return [];
        }
    }

    /// <summary>A SHA-256, what ends an entry's name, and perhaps what <see cref="WholeFile"/> adds to it on the way.</summary>
    private static bool IsEntry(string name) =>
        name.IndexOf(Ending, StringComparison.Ordinal) == 2 * SHA256.HashSizeInBytes
        && name[..(2 * SHA256.HashSizeInBytes)].All(char.IsAsciiHexDigitLower)
        && (name.EndsWith(Ending, StringComparison.Ordinal) || name.EndsWith(".tmp", StringComparison.Ordinal));

    private static void MarkAsUsed(string path)
    {
        try
        {
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
        }
        catch (Exception e) when (IsOfFiles(e))
        {
            // Of another user, or on a disk that may not be written to: it has been read all the same.
        }
    }

    /// <returns>Whether it is gone; another process may have been first, or use it.</returns>
    private static bool TryDelete(FileInfo file)
    {
        try
        {
            file.Delete();
            return true;
        }
        catch (Exception e) when (IsOfFiles(e))
        {
            return false;
        }
    }

    private static bool IsOfFiles(Exception e) =>
        e is OnnxVizException or IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException or System.Security.SecurityException;
}
