using OnnxViz.Imaging.Resample;
using OnnxViz.Options;

namespace OnnxViz.Saliency.Methods;

/// <summary>
/// The mean score while a pixel is seen, above the mean of all masks: sum of s m / sum of m - mean of s. Masks are grids
/// of 7 x 7 cells, each open with probability 1/2, smoothed and shifted at random as in the paper.
/// </summary>
public sealed record Rise() : SaliencyMethod("rise", "What the score gains where random masks let the picture through.", new("Petsiuk et al.", 2018))
{
    private const int Cells = 7;

    private const ulong Stream = 0x72697365;

    public override SaliencyFamily Family => SaliencyFamily.Perturbation;

    public override SaliencyLook Look => SaliencyLook.Heat;

    [Option("masks", "Random masks.", Min = 1)]
    public int Masks { get; init; } = 1000;

    [BaselineOption]
    public Baseline Baseline { get; init; } = Baseline.Zero;

    public override SaliencyResult Explain(SaliencyTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        var (layout, baseline, count) = (task.Layout, Baseline.RowOf(task), Masks);
        using var pass = new ForwardPass(task, rules: null, count);
        return task.ForEachRow((row, unit, _) =>
        {
            var picture = Tensors.Row(task.Input, row).ToArray();
            var pending = new Dictionary<int, float[]>();
            var (gained, seen, sum) = (new double[layout.Pixels], new double[layout.Pixels], 0.0);
            pass.Run(
                unit, count,
                (i, image) => Mask.Apply(pending[i] = Draw(Seed, i, layout), picture, baseline, layout, image),
                (i, score, _) =>
                {
                    pending.Remove(i, out var mask);
                    sum += score;
                    for (var p = 0; p < mask!.Length; p++)
                    {
                        gained[p] += (double)score * mask[p];
                        seen[p] += mask[p];
                    }
                },
                task.ProgressOf(row));
            return [.. Enumerable.Range(0, layout.Size).Select(layout.PixelAt).Select(p => (float)(seen[p] > 0 ? (gained[p] / seen[p]) - (sum / count) : 0))];
        });
    }

    /// <summary>[height, width] in 0..1.</summary>
    private static float[] Draw(ulong seed, int number, InputLayout layout)
    {
        var random = new CounterRandom(seed, (Stream << 32) + (ulong)number);
        var grid = Enumerable.Range(0, Cells * Cells).Select(_ => random.Uniform() < 0.5 ? 1f : 0f).ToArray();
        var (cellHeight, cellWidth) = ((layout.Height + Cells - 1) / Cells, (layout.Width + Cells - 1) / Cells);
        var (height, width) = ((Cells + 1) * cellHeight, (Cells + 1) * cellWidth);
        var smooth = MapResampler.Resize(grid, Cells, Cells, width, height);
        var (top, left) = (random.Next(cellHeight), random.Next(cellWidth));
        var mask = new float[layout.Pixels];
        for (var y = 0; y < layout.Height; y++) smooth.AsSpan(((top + y) * width) + left, layout.Width).CopyTo(mask.AsSpan(y * layout.Width));
        return mask;
    }
}
