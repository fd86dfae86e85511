using System.Runtime.InteropServices;

namespace OnnxViz.Prepare;

/// <summary>
/// A folder that takes its place when it is complete: until then it has another name beside it, and when anything goes
/// wrong it is gone, and what was there before is still there. Where the system can exchange two names that is one step, and no
/// moment is without the folder; elsewhere what a process left that died between two steps is put back by the next.
/// </summary>
internal sealed partial class FolderReplacement : IDisposable
{
    private const string BeforeEnd = ".before";

    private readonly string _final;
    private readonly IDisposable _lock;

    /// <param name="folder">Does not exist, is empty, or was prepared before and is as it was written.</param>
    /// <param name="inputs">Files that the new one is made of, and that must not lie in it.</param>
    /// <exception cref="OnnxVizException">There are other files, or the place is not writable.</exception>
    public FolderReplacement(string folder, IEnumerable<string> inputs)
    {
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        _final = Guarded(() => Path.TrimEndingDirectorySeparator(RealPath.Of(path)), path);
        if (FileStatus.Of(_final).Kind is var kind and not (PathKind.Folder or PathKind.Nothing))
            throw OnnxVizException.BadArgument(nameof(folder), $"{folder}: that is {FileStatus.Text(kind)}; a folder is written.");
        var parent = Path.GetDirectoryName(_final) ?? throw OnnxVizException.BadArgument(nameof(folder), $"{folder}: that is the root of all folders; name a new one.");
        PutBack(parent);
        if (Guarded(() => Refusal(inputs), _final) is { } refusal)
            throw OnnxVizException.BadArgument(nameof(folder), $"{folder}: {refusal}; name a new or empty folder.");
        (Temporary, _lock) = Guarded(() =>
        {
            Directory.CreateDirectory(parent);
            Leftovers.Sweep(parent);
            return Leftovers.NewFolder(parent);
        }, _final);
    }

    /// <summary>Where to write.</summary>
    public string Temporary { get; }

    /// <summary>Puts the folder in its place.</summary>
    public void Commit() => Guarded(() =>
    {
        if (!TryMove() && !TryExchange(Temporary, _final)) MoveInTwoSteps();
        return true;
    }, _final);

    public void Dispose()
    {
        try
        {
            if (Directory.Exists(Temporary)) Directory.Delete(Temporary, recursive: true);
        }
        catch (Exception e) when (WholeFile.IsOfFiles(e))
        {
            // The next one removes it.
        }

        _lock.Dispose();
    }

    /// <returns>False where there is a folder; another process may just have made it.</returns>
    private bool TryMove()
    {
        try
        {
            if (Directory.Exists(_final)) return false;
            Directory.Move(Temporary, _final);
            return true;
        }
        catch (IOException) when (Directory.Exists(_final))
        {
            return false;
        }
    }

    /// <summary>By renameat2(2).</summary>
    /// <returns>False where the system or the file system cannot.</returns>
    private static bool TryExchange(string one, string other)
    {
        const int WorkingFolder = -100; // AT_FDCWD
        const uint Exchange = 2; // RENAME_EXCHANGE
        if (!OperatingSystem.IsLinux()) return false;
        try
        {
            return Rename(WorkingFolder, one, WorkingFolder, other, Exchange) == 0;
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }
    }

    private void MoveInTwoSteps()
    {
        var before = _final + BeforeEnd;
        Directory.Move(_final, before);
        try
        {
            Directory.Move(Temporary, _final);
        }
        catch (IOException)
        {
            Directory.Move(before, _final);
            throw;
        }

        Directory.Delete(before, recursive: true);
    }

    /// <summary>What lay there before a process died that was replacing it.</summary>
    private void PutBack(string parent) => Guarded(() =>
    {
        var before = _final + BeforeEnd;
        if (Directory.Exists(parent) && Directory.Exists(before) && PreparedFolder.Foreign(before) is null)
        {
            if (Directory.Exists(_final)) Directory.Delete(before, recursive: true);
            else Directory.Move(before, _final);
        }

        return true;
    }, _final);

    /// <summary>Why the folder cannot be replaced; null where it can.</summary>
    private string? Refusal(IEnumerable<string> inputs)
    {
        if (!Directory.Exists(_final)) return null;
        if (inputs.FirstOrDefault(i => RealPath.IsBelow(_final, RealPath.Of(i))) is { } input)
            return $"'{Path.GetFileName(input)}' in it is what the result is made of, and would be written over";
        return PreparedFolder.Foreign(_final);
    }

    private static T Guarded<T>(Func<T> action, string final)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (WholeFile.IsOfFiles(e))
        {
            throw OnnxVizException.Machine($"The folder '{final}' cannot be written: {Leftovers.WithoutNames(e.Message)}", e);
        }
    }

    [LibraryImport("libc", EntryPoint = "renameat2", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Rename(int fromFolder, string from, int toFolder, string to, uint flags);
}
