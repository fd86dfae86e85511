using OnnxViz.Options;

namespace OnnxViz.Saliency.Methods;

/// <summary>
/// What the score loses when a window is covered with the baseline; a pixel gets the mean over the windows that cover
/// it, as in Captum. Windows stand at multiples of the stride until the last one reaches the border, which clips it.
/// </summary>
public sealed record Occlusion() : SaliencyMethod("occlusion", "What the score loses when a window is covered.", new("Zeiler and Fergus", 2014))
{
    private const int LargestDefault = 32;

    public override SaliencyFamily Family => SaliencyFamily.Perturbation;

    public override SaliencyLook Look => SaliencyLook.Heat;

    /// <summary>Null for 32 x 32 or, on small pictures, a quarter of the shorter side.</summary>
    [Option("window", "What is covered at a time, in pixels.", Form = "H|HxW", Default = "32, on small pictures a quarter of the side")]
    public PixelSize? Window { get; init; }

    /// <summary>How far the window moves down and across; null for half its size.</summary>
    [Option("stride", "How far the window moves, in pixels.", Form = "H|HxW", Default = "half the window")]
    public PixelSize? Stride { get; init; }

    [BaselineOption]
    public Baseline Baseline { get; init; } = Baseline.Zero;

    public override void Check(VisionModel model, long[] inputDims)
    {
        base.Check(model, inputDims);
        Sizes(InputLayout.Of(model, inputDims));
    }

    public override SaliencyResult Explain(SaliencyTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        var (layout, baseline) = (task.Layout, Baseline.RowOf(task));
        var windows = Windows(layout);
        using var pass = new ForwardPass(task, rules: null, windows.Length);
        return task.ForEachRow((row, unit, score) =>
        {
            var picture = Tensors.Row(task.Input, row).ToArray();
            var (lost, covered) = (new double[layout.Pixels], new int[layout.Pixels]);
            pass.Run(
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

    private CoveredWindow[] Windows(InputLayout layout)
    {
        var (window, stride) = Sizes(layout);
        return [.. from y in Starts(layout.Height, window.Height, stride.Height)
                   from x in Starts(layout.Width, window.Width, stride.Width)
                   select new CoveredWindow(y, x, window.Height, window.Width)];
    }

    /// <exception cref="OnnxVizException">The window does not fit the picture, or its steps leave gaps.</exception>
    private (PixelSize Window, PixelSize Stride) Sizes(InputLayout layout)
    {
        var side = Math.Min(LargestDefault, Math.Max(1, Math.Min(layout.Height, layout.Width) / 4));
        var window = Window ?? new(side, side);
        var stride = Stride ?? new(Math.Max(1, window.Height / 2), Math.Max(1, window.Width / 2));
        if (window.Height < 1 || window.Width < 1 || window.Height > layout.Height || window.Width > layout.Width)
            throw OnnxVizException.BadArgument(nameof(Window), $"{window}: the window is empty or larger than the picture that the model sees, {layout.Height}x{layout.Width}.");
        if (stride.Height < 1 || stride.Width < 1 || stride.Height > window.Height || stride.Width > window.Width)
            throw OnnxVizException.BadArgument(nameof(Stride), $"{stride} for a window of {window}: from 1 to the window's size is needed, or pixels in between are never covered.");
        return (window, stride);
    }

    private static IEnumerable<int> Starts(int length, int window, int stride) =>
        Enumerable.Range(0, ((length - window + stride - 1) / stride) + 1).Select(i => i * stride);

    private readonly record struct CoveredWindow(int Top, int Left, int Height, int Width)
    {
        public IEnumerable<int> Pixels(InputLayout layout)
        {
            for (var y = Top; y < Math.Min(Top + Height, layout.Height); y++)
                for (var x = Left; x < Math.Min(Left + Width, layout.Width); x++) yield return (y * layout.Width) + x;
        }
    }
}
