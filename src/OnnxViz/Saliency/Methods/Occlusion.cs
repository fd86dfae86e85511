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

    /// <summary>Null for 32 x 32 or, on small pictures, a quarter of the shorter side; of volumes that many slices, of signals that many samples.</summary>
    [Option("window", "What is covered at a time, in pixels; of signals samples.", Form = "H|HxW|DxHxW", Default = "32, on small pictures a quarter of the side")]
    public PixelSize? Window { get; init; }

    /// <summary>How far the window moves down and across; null for half its size.</summary>
    [Option("stride", "How far the window moves, in pixels.", Form = "H|HxW|DxHxW", Default = "half the window")]
    public PixelSize? Stride { get; init; }

    [BaselineOption]
    public Baseline Baseline { get; init; } = Baseline.Zero;

    public override void Check(VisionModel model, long[] inputDims)
    {
        base.Check(model, inputDims);
        Sizes(InputLayout.Of(model.Conventions.Axes, inputDims));
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

    private static CoveredWindow[] Windows(InputLayout layout, Extent window, Extent stride) =>
    [
        .. from d in Starts(layout.Depth, window.Depth, stride.Depth)
           from y in Starts(layout.Height, window.Height, stride.Height)
           from x in Starts(layout.Width, window.Width, stride.Width)
           select new CoveredWindow(new(d, y, x), window),
    ];

    private CoveredWindow[] Windows(InputLayout layout)
    {
        var (window, stride) = Sizes(layout);
        return Windows(layout, window, stride);
    }

    /// <exception cref="OnnxVizException">The window does not fit the picture, or its steps leave gaps.</exception>
    private (Extent Window, Extent Stride) Sizes(InputLayout layout)
    {
        var whole = new Extent(layout.Depth, layout.Height, layout.Width);
        var side = Math.Min(LargestDefault, Math.Max(1, whole.Sides.Where(s => s > 1).DefaultIfEmpty(1).Min() / 4));
        var window = Within(Window ?? new(side, side), whole);
        var stride = Stride is { } given ? Within(given, whole) : window.Half();
        if (!window.Fits(new(1, 1, 1), whole))
            throw OnnxVizException.BadArgument(nameof(Window), $"{Window}: the window is empty or larger than the picture that the model sees, {whole}.");
        if (!stride.Fits(new(1, 1, 1), window))
            throw OnnxVizException.BadArgument(nameof(Stride), $"{Stride} for a window of {Window ?? new(side, side)}: from 1 to the window's size is needed, or pixels in between are never covered.");
        return (window, stride);
    }

    /// <summary>A signal has one line, whatever the size says; a volume's slices are as many as its lines unless they are named.</summary>
    private static Extent Within(PixelSize size, Extent whole) => new(
        whole.Depth == 1 ? 1 : size.Depth ?? Math.Min(size.Height, whole.Depth), whole.Height == 1 ? 1 : size.Height, size.Width);

    private static IEnumerable<int> Starts(int length, int window, int stride) =>
        Enumerable.Range(0, ((length - window + stride - 1) / stride) + 1).Select(i => i * stride);

    private readonly record struct Extent(int Depth, int Height, int Width)
    {
        public IEnumerable<int> Sides => [Depth, Height, Width];

        public Extent Half() => new(Math.Max(1, Depth / 2), Math.Max(1, Height / 2), Math.Max(1, Width / 2));

        public bool Fits(Extent least, Extent most) => Sides.Zip(least.Sides, most.Sides).All(s => s.First >= s.Second && s.First <= s.Third);

        public override string ToString() => string.Join('x', Depth > 1 ? [Depth, Height, Width] : new[] { Height, Width });
    }

    private readonly record struct CoveredWindow(Extent From, Extent Size)
    {
        public IEnumerable<int> Pixels(InputLayout layout)
        {
            for (var d = From.Depth; d < Math.Min(From.Depth + Size.Depth, layout.Depth); d++)
            {
                for (var y = From.Height; y < Math.Min(From.Height + Size.Height, layout.Height); y++)
                    for (var x = From.Width; x < Math.Min(From.Width + Size.Width, layout.Width); x++) yield return (((d * layout.Height) + y) * layout.Width) + x;
            }
        }
    }
}
