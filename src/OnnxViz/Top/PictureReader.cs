using System.Buffers;
using OnnxViz.Datasets;

namespace OnnxViz.Top;

/// <summary>Reads pictures into batches, several at a time.</summary>
internal static class PictureReader
{
    /// <param name="model">Says how a picture becomes a row.</param>
    /// <param name="pictures">All pictures; those of a fixed size that the model has, too, are read as bytes, rows of a tensor as they are.</param>
    /// <param name="first">Index of the batch's first picture.</param>
    /// <param name="end">Index behind the last picture that is looked at.</param>
    /// <param name="rows">How many rows every batch has: where pictures are missing, at the end or because they are broken, rows are zero.</param>
    /// <param name="threads">How many pictures are read at a time; 0 for as many as there are processors.</param>
    /// <param name="token">Stops between two pictures.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static LoadedBatch Load(VisionModel model, IPictureList pictures, int first, int end, int rows, int threads, CancellationToken token)
    {
        var c = model.Conventions;
        var dims = c.InputDims(rows);
        var size = (int)Shapes.Count(dims.AsSpan(1));
        var elements = new float[rows * size];
        var count = Math.Min(rows, end - first);
        var reasons = new string?[count];
        var bytes = pictures is LabelledPictures { Size: { } fixedSize } labelled ? ByteRows.For(c, labelled.Channels, fixedSize) : null;
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads > 0 ? threads : -1, CancellationToken = token };
        Parallel.For(0, count, options, row =>
        {
            try
            {
                var target = elements.AsSpan(row * size, size);
                if (bytes is not null) Read((LabelledPictures)pictures, first + row, bytes, target);
                else if (pictures is TensorPictures tensor) tensor.Input(first + row).As<float>().CopyTo(target);
                else c.ToTensor(c.Frame(pictures.Load(first + row))).As<float>().CopyTo(target);
            }
            catch (OnnxVizException broken) when (broken.Fault == Fault.Input)
            {
                reasons[row] = broken.Message;
            }
        });
        return new LoadedBatch(first, Tensor.Of(elements, dims), reasons);
    }

    private static void Read(LabelledPictures pictures, int index, ByteRows rows, Span<float> target)
    {
        var length = pictures.Channels * pictures.Size!.Value.Height * pictures.Size.Value.Width;
        var samples = ArrayPool<byte>.Shared.Rent(length);
        pictures.Read(index, samples.AsSpan(0, length));
        rows.Fill(samples.AsSpan(0, length), target);
        ArrayPool<byte>.Shared.Return(samples);
    }
}

/// <param name="First">Index of the first picture.</param>
/// <param name="Input">The model's input.</param>
/// <param name="Reasons">For each picture why it could not be read; null where it could.</param>
internal sealed record LoadedBatch(int First, Tensor Input, IReadOnlyList<string?> Reasons);
