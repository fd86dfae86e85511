using System.Text.Json.Nodes;

namespace OnnxViz.Shards;

/// <summary>The parts of one whole, out of one folder or several; files of other kinds that lie there are passed over.</summary>
internal sealed class PartSet
{
    private readonly SortedDictionary<int, (string Folder, PartRecord Record)> _parts = [];
    private readonly HashSet<(long? Rows, string Forms)> _forms = [];

    /// <param name="folders">Where they lie. A part that lies in several of them is taken from the first.</param>
    /// <exception cref="OnnxVizException">No such folder; none in any; a damaged record; parts of different work.</exception>
    public PartSet(IReadOnlyList<string> folders)
    {
        Folders = folders;
        foreach (var folder in folders)
        {
            if (!Directory.Exists(folder)) throw OnnxVizException.Input($"There is no folder '{folder}'.");
            foreach (var record in PartFolder.RecordsIn(folder).Select(PartRecord.Load))
            {
                if (_parts.Count > 0 && record.DifferenceTo(First) is { } difference)
                    throw OnnxVizException.Input($"Part {record.Part}/{record.Parts} in '{folder}' is of other work than part {First.Part}/{First.Parts}: {difference}.");
                _parts.TryAdd(record.Part, (folder, record));
            }
        }

        if (_parts.Count == 0) throw OnnxVizException.Input($"There is no finished part in '{string.Join("', '", folders)}'.");
    }

    public IReadOnlyList<string> Folders { get; }

    /// <summary>Of the first part that is there.</summary>
    public PartRecord First => _parts.First().Value.Record;

    /// <summary>Numbers of the parts that are not there.</summary>
    public IReadOnlyList<int> Missing => [.. Enumerable.Range(1, First.Parts).Where(n => !_parts.ContainsKey(n))];

    /// <summary>The forms of graphs that pieces were found by, of those that have been read.</summary>
    public IEnumerable<string> Forms => _forms.SelectMany(f => f.Forms.Split(',', StringSplitOptions.RemoveEmptyEntries)).Distinct();

    /// <summary>Whether pieces of equal sizes that have been read were found by equal forms.</summary>
    public bool AreOfOneForm => _forms.Select(f => f.Rows).Distinct().Count() == _forms.Count;

    /// <summary>The kinds of machines that parts were made on.</summary>
    public IReadOnlyList<string> Machines => [.. _parts.Values.Select(p => p.Record.Machine).Distinct()];

    /// <exception cref="OnnxVizException">Parts are missing.</exception>
    public void Check()
    {
        if (Missing is not { Count: > 0 } missing) return;
        throw OnnxVizException.Input($"{(missing.Count == 1 ? "Part" : "Parts")} {Shard.List(missing)} of {First.Parts} {(missing.Count == 1 ? "is" : "are")} missing in '{string.Join("', '", Folders)}': repeat {(missing.Count == 1 ? "it" : "them")}.");
    }

    /// <summary>Whether the parts are of this work, whatever has happened to the files it is made of.</summary>
    /// <param name="command">See <see cref="PartRecord.Command"/>.</param>
    /// <exception cref="OnnxVizException">They are not.</exception>
    public void Check(JsonObject command)
    {
        if (PartRecord.Difference(First.Command, command) is { } difference)
            throw OnnxVizException.Input($"The parts were made of something else than what is here now: {difference}.");
    }

    /// <summary>All pieces in their order, each read when it is its turn.</summary>
    /// <exception cref="OnnxVizException">One is missing or damaged.</exception>
    public IEnumerable<Piece> Pieces() => Enumerable.Range(0, First.Cut.Pieces).Select(Load);

    /// <param name="number">Of a piece.</param>
    /// <exception cref="OnnxVizException">It is missing or damaged.</exception>
    public Piece Load(int number)
    {
        var (folder, record) = _parts[Shard.Of(number, First.Parts)];
        var path = PartFolder.PathOf(folder, record, number);
        var repeat = $"delete it and repeat part {record.Part}/{record.Parts}";
        if (!File.Exists(path)) throw OnnxVizException.Input($"'{path}' is missing: repeat part {record.Part}/{record.Parts}.");
        if (record.Pieces.FirstOrDefault(p => p.Number == number) is not { } kept || PartFolder.Described(number, path) != kept)
            throw OnnxVizException.Input($"'{path}' is damaged, or not the file that the part was finished with: {repeat}.");
        RunFiles.Reads(path);
        var piece = Piece.Load(path);
        _forms.Add((piece.Rows, string.Join(',', piece.Forms)));
        return piece;
    }
}
