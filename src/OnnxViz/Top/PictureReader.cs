using OnnxViz.Datasets;
using OnnxViz.Imaging.Files;

namespace OnnxViz.Top;

/// <summary>Reads pictures into batches, several at a time.</summary>
internal static class PictureReader
{
    /// <param name="model">Says how a picture becomes a row.</param>
    /// <param name="files">All pictures.</param>
    /// <param name="first">Index of the batch's first picture.</param>
    /// <param name="rows">How many rows every batch has: where pictures are missing, at the end or because they are broken, rows are zero.</param>
    /// <param name="threads">How many pictures are read at a time; 0 for as many as there are processors.</param>
    /// <param name="token">Stops between two pictures.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static LoadedBatch Load(VisionModel model, IReadOnlyList<PictureFile> files, int first, int rows, int threads, CancellationToken token)
    {
        var c = model.Conventions;
        var size = c.Channels * c.Height * c.Width;
        var elements = new float[rows * size];
        var count = Math.Min(rows, files.Count - first);
        var reasons = new string?[count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads > 0 ? threads : -1, CancellationToken = token };
        Parallel.For(0, count, options, row =>
        {
            try
            {
                c.ToTensor(c.Frame(ImageFile.Load(files[first + row].Path))).As<float>().CopyTo(elements.AsSpan(row * size, size));
            }
            catch (OnnxVizException broken) when (broken.Fault == Fault.Input)
            {
                reasons[row] = broken.Message;
            }
        });
        return new LoadedBatch(first, Tensor.Of(elements, c.InputDims(rows, c.Height, c.Width)), reasons);
    }
}

/// <param name="First">Index of the first picture.</param>
/// <param name="Input">The model's input.</param>
/// <param name="Reasons">For each picture why it could not be read; null where it could.</param>
internal sealed record LoadedBatch(int First, Tensor Input, IReadOnlyList<string?> Reasons);
