using System.Security.Cryptography;

namespace OnnxViz.Shards;

/// <summary>
/// Where parts lie: a file for each piece, and a record for each part that is done. Parts of one whole may share a folder or
/// have their own. A name comes into being by a rename: what is there is whole.
/// </summary>
internal sealed class PartFolder
{
    private readonly string _path;
    private readonly PartRecord _head;

    /// <param name="path">It is made when there is something to keep.</param>
    /// <param name="head">The record, still without pieces.</param>
    public PartFolder(string path, PartRecord head) => (_path, _head) = (path, head);

    /// <summary>Of the part, whether or not it is there.</summary>
    public string RecordPath => Path.Combine(_path, _head.Name);

    /// <summary>Refuses a folder in which parts of other work lie.</summary>
    /// <exception cref="OnnxVizException">There is such a part, or a damaged one.</exception>
    public void Check()
    {
        foreach (var other in RecordsIn(_path).Select(PartRecord.Load))
        {
            if (other.DifferenceTo(_head) is { } difference)
                throw OnnxVizException.Usage($"'{_path}' holds part {other.Part}/{other.Parts} of other work ({difference}): name another folder, or delete that part.");
        }
    }

    /// <summary>Deletes the records of parts of other work.</summary>
    public void Replace()
    {
        foreach (var path in RecordsIn(_path))
            if (PartRecord.Load(path).DifferenceTo(_head) is not null) File.Delete(path);
    }

    /// <summary>The part's pieces that are not there, or damaged, in their order.</summary>
    public IReadOnlyList<int> Left() => [.. Own().Where(n => !IsWhole(PathOf(n)))];

    /// <summary>The part's pieces.</summary>
    public IReadOnlyList<int> Own() => [.. Enumerable.Range(0, _head.Cut.Pieces).Where(n => Shard.Of(n, _head.Parts) == _head.Part)];

    /// <exception cref="OnnxVizException">Not writable, or the disk is full.</exception>
    public void Keep(int number, Piece piece) => piece.Save(PathOf(number));

    /// <summary>All pieces are there: says so.</summary>
    /// <exception cref="OnnxVizException">Not writable, or the disk is full.</exception>
    public void Complete() => WholeFile.Write(RecordPath, (_head with { Pieces = [.. Own().Select(n => Described(n, PathOf(n)))] }).ToJson());

    /// <summary>The records of the parts in a folder; none where there is no folder.</summary>
    public static IReadOnlyList<string> RecordsIn(string path) =>
        Directory.Exists(path) ? [.. Directory.EnumerateFiles(path, "part-*-of-*.json").Order(StringComparer.Ordinal)] : [];

    /// <summary>Where a piece lies.</summary>
    public static string PathOf(string folder, PartRecord record, int number) => Path.Combine(folder, $"piece-{number:000000}-{record.Key}.npz");

    public static PieceFile Described(int number, string path)
    {
        FileStatus.RequireFile(path);
        using var stream = File.OpenRead(path);
        return new PieceFile(number, stream.Length, Convert.ToHexStringLower(SHA256.HashData(stream)));
    }

    private string PathOf(int number) => PathOf(_path, _head, number);

    /// <summary>Files appear by renaming, but a machine may have lost its power since.</summary>
    private static bool IsWhole(string path)
    {
        if (!File.Exists(path)) return false;
        try
        {
            _ = Piece.Load(path);
            return true;
        }
        catch (OnnxVizException)
        {
            return false;
        }
    }
}
