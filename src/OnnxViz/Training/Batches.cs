using System.Runtime.InteropServices;
using OnnxViz.Datasets;

namespace OnnxViz.Training;

/// <param name="Input">The network's input, [N, C, H, W] or [N, H, W, C]; overwritten when the next but one batch is made.</param>
/// <param name="Labels">The class of each picture.</param>
internal sealed record Batch(Tensor Input, int[] Labels)
{
    public int Count => Labels.Length;
}

/// <summary>Pictures in batches, one ahead of who uses them: while a batch is used the next one is read, by several threads.</summary>
/// <param name="pictures">The pictures.</param>
/// <param name="rows">What becomes of them.</param>
/// <param name="size">Pictures of a batch.</param>
/// <param name="threads">How many pictures are read at a time; 0 for as many as there are processors.</param>
internal sealed class Batches(LabelledPictures pictures, PictureRows rows, int size, int threads = 0)
{
    /// <summary>One is used while the other is filled.</summary>
    private readonly byte[][] _buffers = [new byte[(long)size * rows.Length * sizeof(float)], new byte[(long)size * rows.Length * sizeof(float)]];

    /// <summary>Whole batches in that order; a rest that is smaller than a batch is left out.</summary>
    /// <param name="order">Numbers of pictures.</param>
    /// <param name="epoch">Another one changes the pictures in another way.</param>
    /// <param name="first">Number of the first batch that is made.</param>
    /// <param name="token">Ends it between two pictures.</param>
    /// <returns>To be gone through by one thread, once at a time; a batch holds until the next one is asked for.</returns>
    /// <exception cref="OperationCanceledException">The token ended it.</exception>
    /// <exception cref="OnnxVizException">A picture cannot be read.</exception>
    public IEnumerable<Batch> Whole(int[] order, int epoch, int first, CancellationToken token) => Ahead(order, epoch, first, order.Length / size, token);

    /// <summary>All pictures in their own order, the last batch with the rest.</summary>
    /// <inheritdoc cref="Whole"/>
    public IEnumerable<Batch> All(CancellationToken token) => Ahead([.. Enumerable.Range(0, pictures.Count)], 0, 0, (pictures.Count + size - 1) / size, token);

    private IEnumerable<Batch> Ahead(int[] order, int epoch, int first, int count, CancellationToken token)
    {
        Task<Batch>? next = null;
        try
        {
            for (var k = first; k < count; k++)
            {
                var made = (next ?? Start(k)).GetAwaiter().GetResult();
                next = k + 1 < count ? Start(k + 1) : null;
                yield return made;
            }
        }
        finally
        {
            // The buffers are free when nobody writes into them any more; what went wrong with a batch that nobody wants is of no interest.
            next?.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).Wait(CancellationToken.None);
        }

        Task<Batch> Start(int k) => Task.Run(() => Make(order, k, epoch, token), CancellationToken.None);
    }

    private Batch Make(int[] order, int k, int epoch, CancellationToken token)
    {
        var (from, count) = (k * size, Math.Min(size, order.Length - (k * size)));
        var bytes = _buffers[k % 2];
        if (count < size) bytes = new byte[(long)count * rows.Length * sizeof(float)];
        try
        {
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads > 0 ? threads : -1, CancellationToken = token }, row => rows.Write(
                order[from + row], epoch, MemoryMarshal.Cast<byte, float>(bytes.AsSpan()).Slice(row * rows.Length, rows.Length)));
        }
        catch (AggregateException e) when (e.InnerException is OnnxVizException first)
        {
            throw new OnnxVizException(first.Fault, first.Message, first);
        }

        return new Batch(new Tensor(ElementType.Float, rows.Dims(count), () => bytes), [.. order.AsSpan(from, count).ToArray().Select(pictures.LabelOf)]);
    }
}
