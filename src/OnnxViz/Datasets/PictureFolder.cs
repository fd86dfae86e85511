using System.Security.Cryptography;
using System.Text;
using OnnxViz.Imaging.Files;

namespace OnnxViz.Datasets;

/// <summary>The pictures in folders and all folders below them.</summary>
internal static class PictureFolder
{
    // Links to pictures are followed, links to folders are not: they may lead back up.
    private static readonly EnumerationOptions Named = new() { IgnoreInaccessible = false, AttributesToSkip = FileAttributes.Hidden | FileAttributes.System };

    private static readonly EnumerationOptions Below = new() { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.Hidden | FileAttributes.System };

    /// <summary>In the order of their names, the same on every system.</summary>
    /// <param name="places">Folders, or pictures themselves, whatever these are called.</param>
    /// <exception cref="OnnxVizException">There is no such place, or no picture in any of them.</exception>
    public static IReadOnlyList<PictureFile> List(IReadOnlyList<string> places)
    {
        var found = new List<PictureFile>();
        foreach (var place in places)
        {
            if (File.Exists(place)) found.Add(Of(place, Path.GetFileName(place)));
            else if (!Directory.Exists(place)) throw OnnxVizException.Input($"There is no folder '{place}'.");
            else found.AddRange(In(place, places.Count > 1 ? Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(place))) : ""));
        }

        if (found.Count == 0)
            throw OnnxVizException.Input($"There is no picture ({ImageFile.Formats}) in '{string.Join("', '", places)}' nor in the folders below.");
        return [.. found.DistinctBy(f => Path.GetFullPath(f.Path)).OrderBy(f => f.Name, StringComparer.Ordinal)];
    }

    /// <summary>
    /// Place by place in the order given, what lies in a folder or matches a pattern (see <see cref="PicturePattern"/>) in natural order; a picture that
    /// several of these hold is taken once. Pictures that were named themselves come as often as they were named, and need not exist.
    /// </summary>
    /// <param name="places">Pictures, folders, patterns.</param>
    /// <param name="isLeftOut">Pictures in folders or of patterns that are not wanted.</param>
    /// <exception cref="OnnxVizException">A folder without a picture, or that cannot be read; a pattern that nothing matches.</exception>
    public static IReadOnlyList<(PictureFile File, bool IsNamed)> Expand(IReadOnlyList<string> places, Func<string, bool> isLeftOut)
    {
        var (found, seen) = (new List<(PictureFile, bool)>(), new HashSet<string>());
        foreach (var place in places)
        {
            var isPattern = PicturePattern.Is(place);
            if (!isPattern && !Directory.Exists(place))
            {
                found.Add((Of(place, Path.GetFileName(place)), true));
                continue;
            }

            var prefix = places.Count > 1 && !isPattern ? Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(place))) : "";
            var files = (isPattern ? PicturePattern.Matches(place).Select(m => Of(m.Path, m.Name)) : In(place, prefix)).Where(f => !isLeftOut(f.Path)).ToList();
            if (files.Count == 0)
                throw OnnxVizException.Input(isPattern ? $"No picture ({ImageFile.Formats}) matches '{place}'." : $"There is no picture ({ImageFile.Formats}) in '{place}' nor in the folders below.");
            found.AddRange(files.OrderBy(f => f.Name, NaturalOrder.Instance).Where(f => seen.Add(Path.GetFullPath(f.Path))).Select(f => (f, false)));
        }

        return found;
    }

    /// <summary>The pictures in a folder and all below it, possibly none, in the order of their names.</summary>
    /// <exception cref="OnnxVizException">The folder cannot be read.</exception>
    public static IReadOnlyList<PictureFile> In(string folder) => [.. In(folder, "").OrderBy(f => f.Name, StringComparer.Ordinal)];

    /// <summary>Equal for equal names, lengths and times: what was learned of one list holds for another.</summary>
    public static string Fingerprint(IEnumerable<PictureFile> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files) hash.AppendData(Encoding.UTF8.GetBytes($"{file.Name}\0{file.Bytes}\0{file.Modified.Ticks}\n"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static IEnumerable<PictureFile> In(string folder, string name, bool isBelow = false)
    {
        // What lies below and cannot be read is passed over; what was named is not taken for empty.
        var options = isBelow ? Below : Named;

        IEnumerable<string> Guarded(Func<string, string, EnumerationOptions, IEnumerable<string>> list)
        {
            try
            {
                return [.. list(folder, "*", options)];
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw OnnxVizException.Input($"Cannot read the folder '{folder}': {e.Message}", e);
            }
        }

        foreach (var file in Guarded(Directory.EnumerateFiles))
            if (ImageFile.HasPictureExtension(file)) yield return Of(file, Joined(name, file));
        foreach (var sub in Guarded(Directory.EnumerateDirectories))
        {
            if (new DirectoryInfo(sub).LinkTarget is not null) continue;
            foreach (var file in In(sub, Joined(name, sub), isBelow: true)) yield return file;
        }

        static string Joined(string name, string path) => name.Length == 0 ? Path.GetFileName(path) : $"{name}/{Path.GetFileName(path)}";
    }

    private static PictureFile Of(string path, string name)
    {
        var info = new FileInfo(path);
        return new PictureFile(path, name, info.Exists ? info.Length : 0, info.LastWriteTimeUtc);
    }
}

/// <summary>A picture of a folder.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Name">The same from the folder on, with forward slashes.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Modified">When it was written last, UTC.</param>
internal sealed record PictureFile(string Path, string Name, long Bytes, DateTime Modified);
