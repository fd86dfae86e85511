namespace OnnxViz.Optimize.Transforms;

/// <summary>
/// Random transforms that the picture goes through before the model sees it, drawn anew for every step: what a unit
/// still responds to when it is moved about is seen by the network and no trick of single pixels.
/// </summary>
public sealed class Transforms
{
    /// <summary>Larger boxes of a picture are not looked at in finer detail than most classifiers were trained with.</summary>
    private const int LargestView = 224;

    /// <summary>Smaller pictures are moved less by <see cref="Lucid"/>.</summary>
    private const int LeastSide = 48;

    /// <param name="steps">In the order in which they are done.</param>
    public Transforms(params IReadOnlyList<TransformStep> steps) => Steps = steps;

    public static Transforms None { get; } = new();

    /// <summary>
    /// Lucid's standard set (optvis/transform.py): pad 12, jitter 8, scale 0.90 to 1.10 in steps of 0.02, rotate -10 to 10
    /// degrees with a better chance for 0, jitter 4. The jitters crop, as Lucid's do. A picture of fewer than 48 pixels is padded and
    /// moved in proportion: what is right for 128 would move 28 out of sight.
    /// </summary>
    public static Transforms Lucid { get; } = new(
        new TransformStep(TransformKind.Pad, 12, 12), new TransformStep(TransformKind.Jitter, 8, 8), new TransformStep(TransformKind.Scale, 0.9, 1.1),
        new TransformStep(TransformKind.Rotate, -10, 10), new TransformStep(TransformKind.Jitter, 4, 4));

    /// <summary>MACO's random boxes, from half of the picture to a twentieth, with noise; six of them in a step (Horama).</summary>
    public static Transforms Maco { get; } = new(
        new TransformStep(TransformKind.Roi, 0.5, 0.05), new TransformStep(TransformKind.Noise, 0.08, 0.08), new TransformStep(TransformKind.Crops, 6, 6));

    internal static IReadOnlyList<(string Word, Transforms Preset)> Presets { get; } = [("none", None), ("lucid", Lucid), ("maco", Maco)];

    public IReadOnlyList<TransformStep> Steps { get; }

    /// <summary>Views of one picture in a step.</summary>
    public int Crops => (int)(Find(TransformKind.Crops)?.Low ?? 1);

    /// <summary>Deviation of the noise; 0 for none.</summary>
    public double Noise => Find(TransformKind.Noise)?.Low ?? 0;

    /// <param name="text">
    /// "lucid", "maco", "none", or steps with commas between them: pad:12, jitter:8, scale:0.9..1.1, rotate:-10..10, roi:0.5..0.05,
    /// noise:0.08, resize:224, crops:6, each with these numbers where none is given.
    /// </param>
    /// <exception cref="OnnxVizException">An unknown word, or a number out of its limits.</exception>
    public static Transforms Parse(string text) => TransformText.Parse(text);

    /// <summary>What <see cref="Parse"/> reads back.</summary>
    public override string ToString() =>
        Steps.Count == 0 ? "none" : Steps.SequenceEqual(Lucid.Steps) ? "lucid" : string.Join(',', Steps);

    /// <summary>The steps that move pixels, in runs that are one warp each: boxes and turns do not go into one.</summary>
    /// <param name="whole">Size of the picture.</param>
    /// <param name="only">The model's size where it takes no other.</param>
    internal IReadOnlyList<WarpPlan> Plan((int Height, int Width) whole, (int Height, int Width)? only)
    {
        var plans = new List<WarpPlan>();
        var (seen, size) = (only ?? Seen(whole), whole);
        foreach (var step in For(whole).Where(s => s.Kind is not (TransformKind.Noise or TransformKind.Crops)))
        {
            if (plans.Count == 0 || !plans[^1].Takes(step)) plans.Add(new WarpPlan(size));
            if (step.Kind == TransformKind.Jitter && step.Low >= Math.Min(size.Height, size.Width))
                throw OnnxVizException.BadArgument(nameof(Transforms), $"{this}: {step} leaves nothing of a picture of {size.Height}x{size.Width}; take a larger picture, or a pad before it.");
            size = step.Resized(size, seen);
            plans[^1].Add(step, size);
        }

        if (plans.Count > 0 && only is { } end) plans[^1].EndAt(end);
        return plans;
    }

    private IEnumerable<TransformStep> For((int Height, int Width) whole)
    {
        var share = Math.Min(whole.Height, whole.Width) / (double)LeastSide;
        if (share >= 1 || !Steps.SequenceEqual(Lucid.Steps)) return Steps;
        double Less(double pixels) => Math.Round(pixels * share);
        return Steps.Select(s => s.Kind is TransformKind.Pad or TransformKind.Jitter ? new TransformStep(s.Kind, Less(s.Low), Less(s.High)) : s);
    }

    private (int Height, int Width) Seen((int Height, int Width) whole)
    {
        var shorter = Math.Min(whole.Height, whole.Width);
        var scale = (Find(TransformKind.Resize)?.Low ?? Math.Min(shorter, LargestView)) / shorter;
        return ((int)Math.Round(whole.Height * scale), (int)Math.Round(whole.Width * scale));
    }

    private TransformStep? Find(TransformKind kind) => Steps.FirstOrDefault(s => s.Kind == kind);
}
