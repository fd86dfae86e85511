using OnnxViz.Models;

namespace OnnxViz.Saliency.Methods;

/// <summary>
/// What the score loses when a window is covered with the baseline; a pixel gets the mean over the windows that cover
/// it, as in Captum. Windows stand at multiples of the stride until the last one reaches the border, which clips it.
/// </summary>
internal sealed class Occlusion : AttributionMethod
{
    private const int LargestDefault = 32;

    public override SaliencyResult Explain(AttributionTask task)
    {
        var (layout, baseline) = (task.Layout, task.Baseline());
        var windows = Windows(task.Options, layout);
        using var probe = new Probe(task, rules: null, windows.Length);
        return PerPicture.Explain(task, (row, unit, score) =>
        {
            var picture = Tensors.Row(task.Input, row).ToArray();
            var (lost, covered) = (new double[layout.Pixels], new int[layout.Pixels]);
            probe.Run(
                unit, windows.Length,
                (i, image) =>
                {
                    picture.CopyTo(image);
                    foreach (var pixel in windows[i].Pixels(layout))
                        for (var c = 0; c < layout.Channels; c++) image[layout.At(c, pixel)] = baseline[layout.At(c, pixel)];
                },
                (i, without, _) =>
                {
                    foreach (var pixel in windows[i].Pixels(layout))
                    {
                        lost[pixel] += (double)score - without;
                        covered[pixel]++;
                    }
                },
                task.ProgressOf(row));
            return [.. Enumerable.Range(0, layout.Size).Select(layout.PixelAt).Select(p => (float)(lost[p] / covered[p]))];
        });
    }

    /// <exception cref="OnnxVizException">The window does not fit the picture, or its steps leave gaps.</exception>
    private static Window[] Windows(SaliencyOptions options, InputLayout layout)
    {
        var side = Math.Min(LargestDefault, Math.Max(1, Math.Min(layout.Height, layout.Width) / 4));
        var (height, width) = options.Window ?? (side, side);
        var (down, across) = options.Stride ?? (Math.Max(1, height / 2), Math.Max(1, width / 2));
        if (height < 1 || width < 1 || height > layout.Height || width > layout.Width)
            throw OnnxVizException.Usage($"A window of {height}x{width} does not fit the picture of {layout.Height}x{layout.Width}.");
        if (down < 1 || across < 1 || down > height || across > width)
            throw OnnxVizException.Usage($"A stride of {down}x{across} for a window of {height}x{width}: from 1 to the window's size is needed, or pixels in between are never covered.");
        return [.. from y in Starts(layout.Height, height, down) from x in Starts(layout.Width, width, across) select new Window(y, x, height, width)];
    }

    private static IEnumerable<int> Starts(int length, int window, int stride) =>
        Enumerable.Range(0, ((length - window + stride - 1) / stride) + 1).Select(i => i * stride);

    private readonly record struct Window(int Top, int Left, int Height, int Width)
    {
        public IEnumerable<int> Pixels(InputLayout layout)
        {
            for (var y = Top; y < Math.Min(Top + Height, layout.Height); y++)
                for (var x = Left; x < Math.Min(Left + Width, layout.Width); x++) yield return (y * layout.Width) + x;
        }
    }
}
