namespace OnnxViz.Cli.Verbs.Activations;

/// <param name="Picture">The picture; of a difference the first of the two.</param>
/// <param name="Subject">What is said of it.</param>
/// <param name="Stem">For names of files.</param>
/// <param name="Layers">One row of each layer.</param>
internal sealed record MapPiece(PictureRow Picture, string Subject, string Stem, IReadOnlyList<LayerActivation> Layers)
{
    /// <summary>The activations of one picture less those of another.</summary>
    public static MapPiece Difference(MapPiece a, MapPiece b) => new(
        a.Picture, $"{a.Subject} - {b.Subject}", $"{a.Stem}-{b.Stem}", [.. a.Layers.Zip(b.Layers, (x, y) => new LayerActivation(Less(x.Raw, y.Raw), Less(x.Maps, y.Maps)))]);

    private static Tensor Less(Tensor a, Tensor b)
    {
        var x = a.As<float>();
        var y = b.As<float>();
        var difference = new float[x.Length];
        for (var i = 0; i < difference.Length; i++) difference[i] = x[i] - y[i];
        return Tensor.Of(difference, a.Dims);
    }
}

/// <summary>What layers make of pictures as they come; sessions are made once for each number of pictures that run at once.</summary>
internal sealed class MapSource(VisionModel model, IReadOnlyList<string> names, IReadOnlyList<Value> layers, bool takesDifference, RuntimeOptions runtime) : IDisposable
{
    private readonly Dictionary<long, FeatureMaps> _sessions = [];
    private MapPiece? _first;

    /// <param name="chunk">With an input.</param>
    /// <param name="token">Ends it.</param>
    /// <returns>A piece for each picture; of a difference one behind the second picture.</returns>
    /// <exception cref="OnnxVizException">A layer without units or without a row for each picture; numbers that are not finite.</exception>
    public IEnumerable<MapPiece> Of(PictureChunk chunk, CancellationToken token)
    {
        var input = chunk.Input!;
        if (!_sessions.TryGetValue(input.Dims[0], out var session)) _sessions[input.Dims[0]] = session = new FeatureMaps(model, input.Dims, layers, runtime);
        var found = session.Of(input, token);
        foreach (var (i, layer) in found.Index())
        {
            if (layer.Maps.Dims.Length < 2) throw OnnxVizException.Input($"'{names[i]}' has the shape [{Shapes.Text(layer.Maps.Dims)}]: no axis of units.");
            if (layer.Maps.Dims[0] != chunk.Rows.Count) throw OnnxVizException.Input($"'{names[i]}' has the shape [{Shapes.Text(layer.Maps.Dims)}]: no row for each picture.");
            Finite.Checked(layer.Maps, $"'{names[i]}'", model.Name);
        }

        foreach (var (row, picture) in chunk.Rows.Index())
        {
            var piece = new MapPiece(picture, picture.Name, picture.Stem, [.. found.Select(f => new LayerActivation(Tensors.Rows(f.Raw, row, 1), Tensors.Rows(f.Maps, row, 1)))]);
            if (!takesDifference) yield return piece;
            else if (_first is { } first) yield return MapPiece.Difference(first, piece);
            else _first = piece;
        }
    }

    public void Dispose()
    {
        foreach (var session in _sessions.Values) session.Dispose();
    }
}
