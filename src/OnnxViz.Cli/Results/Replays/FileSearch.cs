using System.Security.Cryptography;
using OnnxViz.Cli.Shared.Recording;

namespace OnnxViz.Cli.Results.Replays;

/// <summary>
/// Finds what a manifest names, in whatever clone of a repository its picture lies: from the repository on, from the working folder, and from the picture's folder
/// upwards. A manifest may have been written by anybody: only what lies in these places counts, links followed, or what is the very file by its hash.
/// </summary>
internal sealed class FileSearch
{
    /// <summary>Folders above the repository in which the very file may lie.</summary>
    private const int MostAbove = 8;

    private readonly IReadOnlyList<string> _places;
    private readonly IReadOnlyList<string> _above;
    private readonly IReadOnlyList<string> _trusted;
    private readonly Dictionary<string, string> _hashes = [];

    /// <param name="picture">The picture.</param>
    /// <param name="root">Where to look instead; null for the repository or folder of the picture, and the working folder.</param>
    public FileSearch(string picture, string? root)
    {
        var own = Path.GetDirectoryName(Path.GetFullPath(picture))!;
        var here = RecordedPath.WorkingFolder ?? own;
        var top = root is not null ? Path.GetFullPath(root) : RecordedPath.Repository(own) ?? (RecordedPath.Below(here, own) is not null ? here : own);
        _trusted = root is not null ? [RealPath.Of(top)] : [.. new[] { top, here }.Select(RealPath.Of)];
        string[] upwards = [.. Ancestors(own).TakeWhile(a => RecordedPath.Below(top, a) is not null)];
        _places = root is not null ? [top] : [.. new[] { top, here }.Concat(upwards).Distinct()];
        _above = root is not null ? [] : [.. Ancestors(top).Skip(1).Take(MostAbove)];
    }

    /// <summary>A file.</summary>
    /// <param name="path">As a manifest tells it.</param>
    /// <param name="sha256">Of what it held; null where that is not known.</param>
    /// <returns>Its place, which may hold something else by now; null where it is in none.</returns>
    public string? File(string path, string? sha256)
    {
        if (!IsPlain(path)) return null;
        var there = Candidates(_places, path).Where(IsFile).ToList();
        if (sha256 is not null && there.Concat(Candidates(_above, path).Where(IsFile)).FirstOrDefault(c => HashOf(c) == sha256) is { } very) return very;
        return there.Find(IsTrusted);
    }

    /// <summary>A folder.</summary>
    public string? Folder(string path) => IsPlain(path) ? Candidates(_places, path).FirstOrDefault(c => Directory.Exists(c) && IsTrusted(c)) : null;

    /// <summary>Whether a path of a manifest leads downwards: what the program itself records does.</summary>
    private static bool IsPlain(string path) => path.Length is > 0 and < 4096 && !path.Any(c => char.IsControl(c) || c is '\\' or ':') && !path.StartsWith('/')
        && !path.Split('/').Contains("..");

    private static IEnumerable<string> Candidates(IEnumerable<string> places, string path) => places.Select(p => Path.GetFullPath(Path.Combine(p, path)));

    private static bool IsFile(string path) => FileStatus.Of(path).Kind == PathKind.File;

    private static IEnumerable<string> Ancestors(string folder)
    {
        for (var at = folder; at is not null; at = Path.GetDirectoryName(at)) yield return at;
    }

    private bool IsTrusted(string path)
    {
        var real = RealPath.Of(path);
        return _trusted.Any(t => RecordedPath.Below(t, real) is not null);
    }

    private string? HashOf(string path)
    {
        if (_hashes.TryGetValue(path, out var known)) return known;
        try
        {
            using var stream = System.IO.File.OpenRead(path);
            return _hashes[path] = Convert.ToHexStringLower(SHA256.HashData(stream));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
