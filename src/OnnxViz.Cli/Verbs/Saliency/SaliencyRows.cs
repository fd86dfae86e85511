using OnnxViz.Shards;
using OnnxViz.Views;

namespace OnnxViz.Cli.Verbs.Saliency;

/// <summary>All that was explained: a row for each picture of each target, in it one result for each method.</summary>
internal sealed class SaliencyRows
{
    private readonly List<(int Piece, int Row)> _places = [];
    private readonly Func<int, SaliencyPiece>? _load;
    private (int Piece, SaliencyPiece Content)? _last;

    /// <summary>Rows that are held.</summary>
    public SaliencyRows()
    {
    }

    /// <summary>Rows of parts: their maps are read when they are asked for.</summary>
    /// <param name="parts">All of them.</param>
    /// <param name="unpack">See <see cref="SaliencyPiece.Unpack"/>.</param>
    /// <exception cref="OnnxVizException">A piece is missing, damaged or of something else.</exception>
    public SaliencyRows(PartSet parts, Func<Piece, SaliencyPiece> unpack)
    {
        _load = piece => unpack(parts.Load(piece));
        for (var piece = 0; piece < parts.First.Cut.Pieces; piece++)
        {
            var content = _load(piece);
            Add(content with { Rows = [.. content.Rows.Select(r => r with { Methods = r.Methods.ConvertAll(Light) })] }, piece);
        }
    }

    /// <summary>Names and numbers of the rows; the maps of those of parts are left out.</summary>
    public List<List<Explained>> Heads { get; } = [];

    /// <summary>Of each row its file, where it is of a folder.</summary>
    public List<InputFile?> Files { get; } = [];

    /// <summary>What is to be said of maps that are zero everywhere.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>Why pictures of folders could not be read.</summary>
    public List<string> Skipped { get; } = [];

    public void Add(SaliencyPiece content, int piece = 0)
    {
        foreach (var (i, row) in content.Rows.Index())
        {
            Heads.Add(row.Methods);
            Files.Add(row.File);
            Notes.AddRange(row.Notes);
            _places.Add((piece, i));
        }

        Skipped.AddRange(content.Skipped.Where(s => !Skipped.Contains(s)));
    }

    /// <summary>A row with its maps.</summary>
    public List<Explained> Load(int row)
    {
        if (_load is null) return Heads[row];
        var (piece, at) = _places[row];
        if (_last?.Piece != piece) _last = (piece, _load(piece));
        return _last.Value.Content.Rows[at].Methods;
    }

    private static Explained Light(Explained e) => e with { Attribution = Tensor.Of(Array.Empty<float>(), 0), Shown = new Image(1, 1) };
}
