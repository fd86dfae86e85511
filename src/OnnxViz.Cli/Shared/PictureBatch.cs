using OnnxViz.Datasets;
using OnnxViz.Imaging.Files;
using OnnxViz.Onnx;

namespace OnnxViz.Cli.Shared;

/// <summary>What a model is shown: rows of its input, and of each its name and, where it was a picture, the picture.</summary>
internal sealed class PictureBatch
{
    /// <summary>Rows that run at once; more would cost memory and win no time.</summary>
    public const int LargestChunk = 16;

    /// <summary>Null for rows of a tensor.</summary>
    private readonly IReadOnlyList<Image?> _framed;

    private PictureBatch(Tensor input, IReadOnlyList<string> names, IReadOnlyList<Image?> framed, IReadOnlyList<InputFile> files, int chunk) =>
        (Input, Names, _framed, Files, Chunk) = (input, names, framed, files, chunk);

    /// <summary>[N, ...] in the model's layout.</summary>
    public Tensor Input { get; }

    public IReadOnlyList<string> Names { get; }

    public IReadOnlyList<InputFile> Files { get; }

    public int Count => Names.Count;

    /// <summary>Rows that run at once.</summary>
    public int Chunk { get; }

    /// <param name="options">Say which.</param>
    /// <param name="model">That they are for.</param>
    /// <param name="cancellation">Stops between two pictures.</param>
    /// <exception cref="OnnxVizException">Neither or both kinds of input; unreadable; a tensor of the wrong shape.</exception>
    public static PictureBatch Load(PictureOptions options, VisionModel model, CancellationToken cancellation)
    {
        var paths = Expanded(options.Image);
        if (options.InputTensor is { } file)
        {
            if (paths.Count > 0) throw OnnxVizException.Usage("-i and --input-tensor do not go together: one of them says what the model is shown.");
            var tensor = LoadTensor(file, model);
            var rows = (int)tensor.Dims[0];
            var name = Path.GetFileName(file);
            string[] names = rows == 1 ? [name] : [.. Enumerable.Range(0, rows).Select(i => $"{name}[{i}]")];
            return new PictureBatch(tensor, names, new Image?[rows], [InputFile.Of(file)], ChunkOf(options, model, tensor.Dims));
        }

        if (paths.Count == 0) throw OnnxVizException.Usage("A picture is needed: -i FILE, or --input-tensor FILE.npy.");
        var framed = paths.ConvertAll(file =>
        {
            cancellation.ThrowIfCancellationRequested();
            return model.Conventions.Frame(ImageFile.Load(file.Path));
        });
        var input = model.ToTensor(framed);
        return new PictureBatch(input, paths.ConvertAll(p => p.Name), framed, paths.ConvertAll(p => InputFile.Of(p.Path, p.Name)), ChunkOf(options, model, input.Dims));
    }

    /// <summary>A row as a picture, as the model sees it.</summary>
    public Image Shown(int row, VisionModel model)
    {
        if (_framed[row] is { } picture) return Pictures.FromFramed(picture, model.Conventions);
        return Pictures.FromInput(Tensors.Row(Input, row), model.Conventions, LayoutOf(model));
    }

    /// <summary>Of each row.</summary>
    public InputLayout LayoutOf(VisionModel model) => InputLayout.Of(model.Conventions.Axes, Input.Dims);

    /// <summary>The input in parts that run at once.</summary>
    /// <param name="cancellation">Stops between two parts.</param>
    /// <param name="largest">Rows of a part at most.</param>
    public IEnumerable<Tensor> Chunks(CancellationToken cancellation, int largest = LargestChunk)
    {
        var chunk = Math.Min(Chunk, largest);
        for (var first = 0; first < Count; first += chunk)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return Tensors.Rows(Input, first, Math.Min(chunk, Count - first));
        }
    }

    /// <summary>Rows that run at once: a model whose batch is fixed to one picture takes them one by one.</summary>
    public static int ChunkOf(PictureOptions options, VisionModel model, long[] dims) => model.Input.Dims![0] == 1 || dims[0] == 1
        ? 1
        : BatchPlan.For(options.Runtime().Device).Pictures(ShapedModel.Shapes(model, [1, .. dims[1..]]).Values, LargestChunk, LargestChunk);

    /// <summary>Folders become their pictures, in the order of their names.</summary>
    private static List<(string Path, string Name)> Expanded(IEnumerable<string> places) => [.. places.SelectMany(place => Directory.Exists(place)
        ? PictureFolder.List([place]).Select(f => (f.Path, f.Name))
        : [(place, Path.GetFileName(place))])];

    private static Tensor LoadTensor(string file, VisionModel model)
    {
        var (tensor, wanted) = (NpyFile.Load(file), Wanted(model));
        // Of one row the axis of the rows may be missing.
        if (tensor.Dims.Length == wanted.Length - 1 && Fits(wanted, [1, .. tensor.Dims])) tensor = tensor.Reshaped([1, .. tensor.Dims]);
        if (tensor.Count == 0 || !Fits(wanted, tensor.Dims)) throw OnnxVizException.Input($"'{file}' holds {tensor}; {model.Name} takes [{Shapes.Text(wanted)}].");
        return tensor.Type == ElementType.Float ? tensor : Tensor.Of(tensor.ToFloats(), tensor.Dims);
    }

    private static bool Fits(long[] wanted, long[] dims) => wanted.Length == dims.Length && wanted.Zip(dims).Skip(1).All(d => d.First < 0 || d.First == d.Second);

    private static long[] Wanted(VisionModel model)
    {
        long[] dims = [.. model.Input.Dims!];
        dims[0] = Shapes.Unknown;
        return dims;
    }
}
