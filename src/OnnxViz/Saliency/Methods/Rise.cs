using OnnxViz.Imaging.Resample;
using OnnxViz.Options;

namespace OnnxViz.Saliency.Methods;

/// <summary>
/// The mean score while a pixel is seen, above the mean of all masks: sum of s m / sum of m - mean of s. Masks are grids
/// of 7 cells along each axis, each open with probability 1/2, smoothed and shifted at random as in the paper.
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

    /// <summary>A number in 0..1 for each position: 7 cells along each axis that has more than one.</summary>
    private static float[] Draw(ulong seed, int number, InputLayout layout)
    {
        var random = new CounterRandom(seed, (Stream << 32) + (ulong)number);
        var (deep, down, across) = (CellsAlong(layout.Depth), CellsAlong(layout.Height), CellsAlong(layout.Width));
        var grid = Enumerable.Range(0, deep * down * across).Select(_ => random.Uniform() < 0.5 ? 1f : 0f).ToArray();
        var (cellDepth, cellHeight, cellWidth) = (CellOf(layout.Depth), CellOf(layout.Height), CellOf(layout.Width));
        var (depth, height, width) = (Length(deep, cellDepth), Length(down, cellHeight), Length(across, cellWidth));
        var smooth = MapResampler.Resize(grid, (deep, down, across), (depth, height, width));
        var (top, left) = (random.Next(cellHeight), random.Next(cellWidth));
        var front = layout.Depth > 1 ? random.Next(cellDepth) : 0;
        var mask = new float[layout.Pixels];
        for (var line = 0; line < layout.Depth * layout.Height; line++)
        {
            var (d, y) = Math.DivRem(line, layout.Height);
            smooth.AsSpan(((((front + d) * height) + top + y) * width) + left, layout.Width).CopyTo(mask.AsSpan(line * layout.Width));
        }

        return mask;

        static int CellsAlong(int length) => length > 1 ? Cells : 1;
        static int CellOf(int length) => (length + Cells - 1) / Cells;
        static int Length(int cells, int cell) => cells > 1 ? (cells + 1) * cell : 1;
    }
}
