using System.Text.RegularExpressions;

namespace OnnxViz;

/// <summary>
/// Names of what is on its way to its place. A file is held locked by its process, a folder by a lock beside it; what a process left that died is locked
/// by nobody, and whoever writes to the place next removes it.
/// </summary>
internal static partial class Leftovers
{
    private const string Start = ".onnxviz-", End = ".tmp", LockEnd = ".lock";

    private const int Attempts = 5;

    /// <summary>Locks are what tells the living from the dead.</summary>
    private static readonly bool HasLocks = !(Environment.GetEnvironmentVariable("DOTNET_SYSTEM_IO_DISABLEFILELOCKING") is "1" or "true");

    /// <summary>A new file in a folder, with a name that every file system takes; others may rename it but not touch it.</summary>
    /// <exception cref="IOException">Not writable, or the disk is full.</exception>
    public static FileStream NewFile(string folder)
    {
        for (var attempt = 1; ; attempt++)
        {
            var path = Path.Combine(folder, NewName());
            try
            {
                var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, 1 << 16);
                if (File.Exists(path)) return file;
                file.Dispose();
                if (attempt == Attempts) throw new IOException("Another process removes what is written there.");
            }
            catch (IOException) when (attempt < Attempts)
            {
                // Another process took it for a leftover before it was locked, and may have removed it by now.
                WholeFile.TryDelete(path);
            }
        }
    }

    /// <summary>A new folder beside the place of another, and its lock, to be disposed when the folder has gone.</summary>
    /// <exception cref="IOException">Not writable, or the disk is full.</exception>
    /// <param name="parent">Where it lies.</param>
    /// <param name="isPrivate">Whether nobody else may look into it.</param>
    public static (string Folder, IDisposable Lock) NewFolder(string parent, bool isPrivate = false)
    {
        for (var attempt = 1; ; attempt++)
        {
            var path = Path.Combine(parent, NewName());
            FileStream held;
            try
            {
                held = new FileStream(LockOf(path), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (IOException) when (attempt < Attempts)
            {
                continue;
            }

            if (attempt < Attempts && !File.Exists(LockOf(path)))
            {
                // Removed as a leftover before it was locked.
                held.Dispose();
                continue;
            }

            try
            {
                if (isPrivate && !OperatingSystem.IsWindows()) Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                else Directory.CreateDirectory(path);
                return (path, held);
            }
            catch
            {
                held.Dispose();
                throw;
            }
        }
    }

    /// <summary>Removes what dead processes left in a folder; whatever goes wrong with that is no matter.</summary>
    public static void Sweep(string folder)
    {
        if (!HasLocks) return;
        try
        {
            foreach (var path in Directory.EnumerateFileSystemEntries(folder, $"{Start}*").Where(p => IsName().IsMatch(Path.GetFileName(p))).ToList()) Remove(path);
        }
        catch (Exception e) when (IsOfFiles(e))
        {
            // Whoever may not list the folder leaves it as it is.
        }
    }

    /// <summary>Finds out whether something can be written in a folder, and leaves nothing behind.</summary>
    /// <exception cref="IOException">Nothing can be.</exception>
    public static void Probe(string folder)
    {
        if (RunFiles.IsFirstIn(folder)) Sweep(folder);
        using var file = NewFile(folder);
        WholeFile.TryDelete(file.Name);
    }

    /// <summary>A system's message without the names that are of no interest.</summary>
    public static string WithoutNames(string message) => NameInMessage().Replace(message, "");

    private static void Remove(string path)
    {
        try
        {
            var isFolder = FileStatus.Of(path).Kind == PathKind.Folder;
            if (!isFolder && FileStatus.Of(path).Kind != PathKind.File) return;
            if (isFolder)
            {
                using var dead = new FileStream(LockOf(path), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
                Directory.Delete(path, recursive: true);
            }
            else if (!path.EndsWith(LockEnd, StringComparison.Ordinal) || !Directory.Exists(Path.ChangeExtension(path, End)))
            {
                // Opening it with nobody else at it, and closing it, is to delete it.
                using var dead = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
        }
        catch (Exception e) when (IsOfFiles(e))
        {
            // Its process lives, or another one is removing it.
        }
    }

    private static string NewName() => $"{Start}{Guid.NewGuid():N}{End}";

    private static string LockOf(string folder) => Path.ChangeExtension(folder, LockEnd);

    private static bool IsOfFiles(Exception e) => e is IOException or UnauthorizedAccessException;

    [GeneratedRegex(@"( : | )'[^']*\.onnxviz-[0-9a-f]{32}\.(tmp|lock)[^']*'")]
    private static partial Regex NameInMessage();

    [GeneratedRegex(@"^\.onnxviz-[0-9a-f]{32}\.(tmp|lock)$")]
    private static partial Regex IsName();
}
