namespace OnnxViz.Optimize.Transforms;

/// <summary>Consecutive transforms that are one resampling of the picture.</summary>
internal sealed class WarpPlan((int Height, int Width) from)
{
    private readonly List<(TransformStep Step, (int Height, int Width) From, (int Height, int Width) To)> _steps = [];

    public (int Height, int Width) From { get; } = from;

    public (int Height, int Width) To { get; private set; } = from;

    /// <summary>Rows and columns stay rows and columns unless something turns.</summary>
    public bool Turns => _steps.Exists(s => s.Step.Kind == TransformKind.Rotate);

    /// <summary>How much larger a pixel can become, where there is no box.</summary>
    public double Magnification => _steps.Where(s => s.Step.Kind == TransformKind.Scale).Aggregate(1.0, (product, s) => product * s.Step.High);

    private bool Resamples => _steps.Exists(s => s.Step.Kind is TransformKind.Roi or TransformKind.Resize);

    /// <summary>Whether a step goes into the same resampling: boxes magnify without limit, and turns reach everywhere.</summary>
    public bool Takes(TransformStep step) => step.Kind switch
    {
        TransformKind.Rotate => !Resamples,
        TransformKind.Roi or TransformKind.Resize => !Turns,
        _ => true,
    };

    public void Add(TransformStep step, (int Height, int Width) to)
    {
        _steps.Add((step, To, to));
        To = to;
    }

    /// <summary>What is seen is the middle, of this size.</summary>
    public void EndAt((int Height, int Width) to) => To = to;

    /// <summary>Where points come from this time.</summary>
    /// <param name="random">Decides.</param>
    /// <param name="progress">Which share of the steps is done, 0 to 1.</param>
    public Affine Draw(CounterRandom random, double progress) =>
        _steps.Aggregate(Affine.Identity, (map, s) => map.Then(s.Step.Draw(random, s.From, s.To, progress)));
}
