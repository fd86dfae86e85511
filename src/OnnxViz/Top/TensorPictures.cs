using OnnxViz.Datasets;
using OnnxViz.Models.Batches;
using OnnxViz.Onnx;

namespace OnnxViz.Top;

/// <summary>Rows of a tensor in place of pictures: what no picture file holds, such as volumes and signals.</summary>
/// <param name="rows">Of the model's input.</param>
/// <param name="name">What the file is called.</param>
/// <param name="sha256">Of the file.</param>
/// <param name="conventions">Of the model; its size is that of the rows.</param>
/// <param name="picked">Which rows these are; null for all.</param>
internal sealed class TensorPictures(NpyRows rows, string name, string sha256, PictureConventions conventions, IReadOnlyList<int>? picked = null) : IPictureList
{
    private readonly InputLayout _layout = InputLayout.Of(conventions.Axes, rows.Dims);

    public int Count => picked?.Count ?? (int)rows.Dims[0];

    public string Fingerprint => picked is null ? sha256 : $"{sha256}:{string.Join(',', picked)}";

    public string NameOf(int i) => $"{name}[{At(i)}]";

    /// <summary>The row as it is drawn.</summary>
    /// <param name="i">0 to <see cref="Count"/> - 1.</param>
    public Image Load(int i) => Pictures.FromInput(Input(i).As<float>(), conventions, _layout);

    /// <summary>The row as the model is fed it, [1, ...].</summary>
    /// <param name="i">0 to <see cref="Count"/> - 1.</param>
    /// <exception cref="OnnxVizException">The file has changed meanwhile.</exception>
    public Tensor Input(int i) => rows.Floats([At(i)]);

    /// <summary>Some of them.</summary>
    public TensorPictures Picked(IReadOnlyList<int> which) => new(rows, name, sha256, conventions, [.. which.Select(At)]);

    private int At(int i) => picked?[i] ?? i;
}
