using OnnxViz.Datasets;
using OnnxViz.Imaging.Files;
using OnnxViz.Models.Batches;
using OnnxViz.Onnx;

namespace OnnxViz.Cli.Shared;

/// <summary>
/// What a model is shown: pictures that were named, those of folders and patterns, or rows of a tensor. Each is read when it is its turn, a few ahead of
/// who uses them, and none is kept, so that memory does not depend on their number.
/// </summary>
internal sealed class PictureStream : IDisposable
{
    /// <summary>Rows that run at once; more would cost memory and win no time.</summary>
    public const int LargestChunk = 16;

    /// <summary>Chunks that wait for the model.</summary>
    private const int Ahead = 2;

    private readonly VisionModel _model;
    private readonly IReadOnlyList<(PictureFile File, bool IsNamed)> _files = [];
    private readonly NpyRows? _rows;
    private readonly InputFile? _tensor;
    private readonly string[] _stems;

    private PictureStream(VisionModel model, NpyRows rows, string path, int chunk)
    {
        (_model, _rows, _tensor, InputDims, Chunk) = (model, rows, InputFile.Of(path), rows.Dims, chunk);
        Names = Count == 1 ? [_tensor.Name] : [.. Enumerable.Range(0, Count).Select(i => $"{_tensor.Name}[{i}]")];
        var stem = Path.GetFileNameWithoutExtension(path);
        _stems = Count == 1 ? [stem] : [.. Enumerable.Range(0, Count).Select(i => $"{stem}_{i}")];
    }

    private PictureStream(VisionModel model, IReadOnlyList<(PictureFile File, bool IsNamed)> files, long[] dims, int chunk)
    {
        (_model, _files, InputDims, Chunk) = (model, files, dims, chunk);
        Names = [.. files.Select(f => f.File.Name)];
        _stems = FileStems.Of(Names);
        if (files.Any(f => !f.IsNamed)) Fingerprint = PictureFolder.Fingerprint(files.Select(f => f.File));
    }

    /// <summary>As if all were one batch.</summary>
    public long[] InputDims { get; }

    public int Count => (int)InputDims[0];

    public IReadOnlyList<string> Names { get; }

    /// <summary>"1 picture", "5000 pictures".</summary>
    public string Text => Count == 1 ? "1 picture" : $"{Count} pictures";

    /// <summary>Rows that run at once.</summary>
    public int Chunk { get; }

    /// <summary>Of the list of pictures in folders and of patterns; null where all were named.</summary>
    public string? Fingerprint { get; }

    /// <summary>Of the file that a picture is in: of a tensor's rows the tensor's.</summary>
    public string FileNameOf(int picture) => _tensor?.Name ?? _files[picture].File.Name;

    /// <summary>Where that file lies.</summary>
    public string PathOf(int picture) => _tensor?.Location ?? _files[picture].File.Path;

    /// <summary>What names of a picture's results are made of: different for each.</summary>
    public string StemOf(int picture) => _stems[picture];

    /// <param name="options">Say which.</param>
    /// <param name="model">That they are for.</param>
    /// <param name="cancellation">Stops between two pictures.</param>
    /// <exception cref="OnnxVizException">Neither or both kinds of input; a picture that was named and is none; an empty folder; a tensor of the wrong shape.</exception>
    public static PictureStream Open(PictureOptions options, VisionModel model, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        string[] places = [.. options.Image];
        if (options.InputTensor is { } path)
        {
            if (places.Length > 0) throw OnnxVizException.Usage("-i and --input-tensor do not go together: one of them says what the model is shown.");
            var rows = InputRows.Open(path, model);
            try
            {
                return new PictureStream(model, rows, path, ChunkOf(options, model, rows.Dims));
            }
            catch
            {
                rows.Dispose();
                throw;
            }
        }

        if (places.Length == 0) throw OnnxVizException.Usage("A picture is needed: -i FILE, or --input-tensor FILE.npy.");
        model.Conventions.RequirePictures();
        var files = PictureFolder.Expand(places, OwnResults.In((options as IResults)?.Out));
        foreach (var (file, _) in files) RunFiles.Reads(file.Path);
        foreach (var (file, _) in files.Where(f => f.IsNamed))
        {
            cancellation.ThrowIfCancellationRequested();
            // What goes wrong at once is better said at once.
            if (ImageHeader.Read(file.Path) is null) _ = ImageFile.Load(file.Path);
        }

        var c = model.Conventions;
        var dims = c.InputDims(files.Count, c.Height, c.Width);
        return new PictureStream(model, files, dims, ChunkOf(options, model, dims));
    }

    /// <summary>Some pictures in parts that run at once: cut where all would be, so that what is made of a picture does not depend on which others are left.</summary>
    /// <param name="pictures">Their indices, in ascending order.</param>
    /// <param name="largest">Rows of a part at most.</param>
    /// <param name="token">Stops between two pictures.</param>
    /// <returns>To be gone through once.</returns>
    /// <exception cref="OperationCanceledException">The token asked for it.</exception>
    public IEnumerable<PictureChunk> Chunks(IEnumerable<int> pictures, int largest, CancellationToken token) =>
        ReadAhead.Of(pictures.GroupBy(i => i / Math.Min(Chunk, largest)).Select(part => Load([.. part], token)), Ahead, "read pictures");

    /// <summary>Some pictures at once; those that cannot be read are left out.</summary>
    /// <param name="pictures">Their indices.</param>
    /// <param name="token">Stops between two pictures.</param>
    /// <exception cref="OperationCanceledException">The token asked for it.</exception>
    public PictureChunk Load(IReadOnlyList<int> pictures, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        if (_rows is { } tensor) return OfTensor(tensor, pictures);
        var (rows, skipped) = (new List<PictureRow>(), new List<SkippedPicture>());
        foreach (var i in pictures)
        {
            token.ThrowIfCancellationRequested();
            var (file, isNamed) = _files[i];
            try
            {
                rows.Add(new(i, file.Name, _stems[i], _model.Conventions.Frame(ImageFile.Load(file.Path)), InputFile.Of(file.Path, file.Name)));
            }
            catch (OnnxVizException broken) when (broken.Fault == Fault.Input)
            {
                skipped.Add(new(i, file.Name, broken.Message, isNamed));
            }
        }

        var c = _model.Conventions;
        return new(rows.Count == 0 ? null : _model.ToTensor(rows.ConvertAll(r => r.Shown)), rows.ConvertAll(r => r with { Shown = Pictures.FromFramed(r.Shown, c) }), skipped);
    }

    /// <summary>All of few as one input.</summary>
    /// <exception cref="OnnxVizException">One cannot be read.</exception>
    public Tensor LoadAll(CancellationToken token) => Load([.. Enumerable.Range(0, Count)], token) is var all && all.Skipped is [var broken, ..] ? throw OnnxVizException.Input(broken.Reason) : all.Input!;

    /// <summary>The file of a picture, with its hash; of a tensor's rows the tensor's.</summary>
    /// <exception cref="OnnxVizException">It cannot be read.</exception>
    public InputFile FileOf(int picture) => _tensor ?? InputFile.Of(_files[picture].File.Path, _files[picture].File.Name);

    public void Dispose() => _rows?.Dispose();

    private PictureChunk OfTensor(NpyRows tensor, IReadOnlyList<int> rows)
    {
        var input = tensor.Floats(rows);
        var (c, layout) = (_model.Conventions, InputLayout.Of(_model.Conventions.Axes, input.Dims));
        return new(input, [.. rows.Select((r, i) => new PictureRow(r, Names[r], _stems[r], Pictures.FromInput(Tensors.Row(input, i), c, layout), _tensor!))], []);
    }

    /// <summary>Rows that run at once: a model whose batch is fixed to one picture takes them one by one.</summary>
    private static int ChunkOf(PictureOptions options, VisionModel model, long[] dims) => model.Input.Dims![0] == 1 || dims[0] == 1 || model.GivenRows > 1
        ? 1
        : BatchPlan.For(options.Runtime().Device).Pictures(model, dims, LargestChunk);
}
