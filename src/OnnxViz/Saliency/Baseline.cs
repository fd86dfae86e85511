using OnnxViz.Imaging.Files;
using OnnxViz.Onnx;
using OnnxViz.Options;

namespace OnnxViz.Saliency;

/// <summary>What stands for nothing to be seen: where integrated gradients start, and what covers parts of a picture.</summary>
public sealed class Baseline : IFromFiles
{
    private readonly Image? _picture;
    private readonly Tensor? _row;

    private Baseline(string name, Image? picture = null, Tensor? row = null) => (Name, _picture, _row) = (name, picture, row);

    /// <summary>Zeros in the model's input.</summary>
    public static Baseline Zero { get; } = new("zero");

    /// <summary>A black picture.</summary>
    public static Baseline Black { get; } = new("black", new Image(1, 1));

    /// <summary>"zero", "black", or the name of the file without its folder.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Files { get; private init; } = [];

    /// <param name="picture">Framed as the model's conventions say, at the size of the pictures that are explained.</param>
    public static Baseline Of(Image picture) => new("picture", picture);

    /// <param name="row">As the model takes it, one row; the first dimension may be missing.</param>
    public static Baseline Of(Tensor row) => new("tensor", row: row);

    /// <param name="text">"zero", "black", or a file: a picture, or a .npy as for <see cref="Of(Tensor)"/>.</param>
    /// <exception cref="OnnxVizException">The file cannot be read, or holds no finite numbers.</exception>
    public static Baseline Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Equals(Zero.Name, StringComparison.OrdinalIgnoreCase)) return Zero;
        if (text.Equals(Black.Name, StringComparison.OrdinalIgnoreCase)) return Black;
        var name = Path.GetFileName(text);
        if (!text.EndsWith(".npy", StringComparison.OrdinalIgnoreCase)) return new(name, ImageFile.Load(text)) { Files = [text] };
        var tensor = NpyFile.Load(text);
        return tensor.ToFloats().All(float.IsFinite) ? new(name, row: tensor) { Files = [text] } : throw OnnxVizException.Input($"The baseline '{text}' holds NaN or infinite numbers.");
    }

    /// <summary>As <see cref="Parse"/> reads it.</summary>
    public override string ToString() => Files is [var file] ? file : Name;

    /// <exception cref="OnnxVizException">It has another shape than the pictures.</exception>
    internal void Check(VisionModel model, long[] inputDims) => RowOf(model, inputDims);

    /// <returns>The numbers of one row of the task's input.</returns>
    internal float[] RowOf(SaliencyTask task) => RowOf(task.Model, task.Input.Dims);

    private float[] RowOf(VisionModel model, long[] inputDims)
    {
        var layout = InputLayout.Of(model.Conventions.Axes, inputDims);
        if (ReferenceEquals(this, Black)) return DarkRow(model.Conventions, layout);
        if (_picture is not null) return model.Conventions.ToTensor((model.Conventions with { Height = layout.Height, Width = layout.Width }).Frame(_picture)).ToFloats();
        if (_row is null) return new float[layout.Size];
        long[] dims = [.. inputDims[1..]];
        return _row.Dims.AsSpan().SequenceEqual(dims) || _row.Dims.AsSpan().SequenceEqual([1, .. dims])
            ? _row.ToFloats()
            : throw OnnxVizException.Input($"The baseline '{Name}' has the shape [{Shapes.Text(_row.Dims)}]; the model's input is [{Shapes.Text([1, .. dims])}].");
    }

    /// <summary>The range's lower end in every channel.</summary>
    private static float[] DarkRow(PictureConventions c, InputLayout layout) =>
        [.. Enumerable.Range(0, layout.Size).Select(layout.ChannelAt).Select(k => (c.Low - c.Mean[k]) / c.Std[k])];
}

/// <summary>The option of methods that need a baseline.</summary>
internal sealed class BaselineOptionAttribute : OptionAttribute
{
    public BaselineOptionAttribute()
        : base("baseline", "Zeros in the model's input, a black picture, or a picture or .npy that stands for nothing to be seen.") =>
        Form = "zero|black|FILE";
}
