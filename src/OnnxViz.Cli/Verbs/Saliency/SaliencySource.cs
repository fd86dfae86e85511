using OnnxViz.Datasets;
using OnnxViz.Imaging.Files;

namespace OnnxViz.Cli.Verbs.Saliency;

/// <summary>What is explained: pictures or rows of a tensor that were named, or the pictures of folders, which are read when it is their turn.</summary>
internal sealed class SaliencySource
{
    private readonly VisionModel _model;
    private readonly PictureBatch? _named;
    private readonly IReadOnlyList<PictureFile> _files = [];
    private readonly int _chunk;

    /// <param name="options">Say which.</param>
    /// <param name="model">That they are for.</param>
    /// <param name="cancellation">Stops between two pictures.</param>
    /// <exception cref="OnnxVizException">There are none; those that were named cannot be read.</exception>
    public SaliencySource(PictureOptions options, VisionModel model, CancellationToken cancellation)
    {
        _model = model;
        string[] places = [.. options.Image];
        if (options.InputTensor is not null || !places.Any(Directory.Exists))
        {
            _named = PictureBatch.Load(options, model, cancellation);
            (_chunk, InputDims) = (_named.Chunk, _named.Input.Dims);
            return;
        }

        _files = PictureFolder.List(places);
        Fingerprint = PictureFolder.Fingerprint(_files);
        var c = model.Conventions;
        InputDims = c.InputDims(_files.Count, c.Height, c.Width);
        _chunk = PictureBatch.ChunkOf(options, model, InputDims);
    }

    public int Count => (int)InputDims[0];

    /// <summary>As if all were one batch.</summary>
    public long[] InputDims { get; }

    /// <summary>Of the list of a folder's pictures; null for those that were named.</summary>
    public string? Fingerprint { get; }

    /// <summary>Those that were named.</summary>
    public IReadOnlyList<InputFile> Files => _named?.Files ?? [];

    /// <summary>Rows that run at once.</summary>
    /// <param name="largest">At most.</param>
    public int Chunk(int largest) => Math.Min(_chunk, largest);

    /// <param name="first">Index of the first row.</param>
    /// <param name="count">How many; those that are not there any more are left out.</param>
    /// <param name="token">Stops between two pictures.</param>
    public SaliencyChunk Load(int first, int count, CancellationToken token)
    {
        count = Math.Min(count, Count - first);
        if (_named is { } named)
            return new(Tensors.Rows(named.Input, first, count), [.. Enumerable.Range(first, count).Select(i => (named.Names[i], named.Shown(i, _model), (InputFile?)null))], []);
        var (rows, skipped) = (new List<(string, Image, InputFile?)>(), new List<string>());
        foreach (var file in _files.Skip(first).Take(count))
        {
            token.ThrowIfCancellationRequested();
            try
            {
                rows.Add((file.Name, _model.Conventions.Frame(ImageFile.Load(file.Path)), InputFile.Of(file.Path, file.Name)));
            }
            catch (OnnxVizException broken) when (broken.Fault == Fault.Input)
            {
                skipped.Add(broken.Message);
            }
        }

        return new(
            rows.Count == 0 ? null : _model.ToTensor(rows.ConvertAll(r => r.Item2)), rows.ConvertAll(r => (r.Item1, Pictures.FromFramed(r.Item2, _model.Conventions), r.Item3)), skipped);
    }
}

/// <summary>Rows that run at once.</summary>
/// <param name="Input">[N, ...] in the model's layout; null where none could be read.</param>
/// <param name="Rows">Of each its name, how it is shown, and of a folder's picture its file.</param>
/// <param name="Skipped">Why pictures of a folder could not be read.</param>
internal sealed record SaliencyChunk(Tensor? Input, IReadOnlyList<(string Name, Image Shown, InputFile? File)> Rows, IReadOnlyList<string> Skipped);
