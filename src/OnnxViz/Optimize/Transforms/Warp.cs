namespace OnnxViz.Optimize.Transforms;

/// <summary>
/// A geometric transform of all pictures of a batch whose numbers are inputs of the step graph: a linear map of pixels,
/// its transpose for the gradient, and gray where it looks beyond the picture.
/// </summary>
/// <param name="plan">What is done, and the sizes.</param>
/// <param name="inViews">Views of every picture that it is given: 1, or as many as it makes.</param>
/// <param name="views">Views of every picture that it makes.</param>
/// <param name="name">Tells its inputs from those of other warps.</param>
internal abstract class Warp(WarpPlan plan, int inViews, int views, string name)
{
    /// <summary>What lies outside the picture: the middle of the range.</summary>
    protected const float Outside = 0.5f;

    protected WarpPlan Plan { get; } = plan;

    protected int InViews { get; } = inViews;

    protected int Views { get; } = views;

    protected (int Height, int Width) From => Plan.From;

    protected (int Height, int Width) To => Plan.To;

    /// <summary>The cheaper form that does what is planned.</summary>
    public static Warp Of(WarpPlan plan, int views, int number)
    {
        var name = number == 0 ? "warp" : $"warp{number + 1}";
        var inViews = number == 0 ? 1 : views;
        return plan.Turns ? new GatherWarp(plan, inViews, views, name) : new AxisWarp(plan, inViews, views, name);
    }

    /// <summary>[N, inViews, C, H, W] to [N, views, C, H', W'].</summary>
    /// <returns>The result, and what emits the transpose: a gradient for the result becomes one for the input.</returns>
    public abstract (Value Views, Func<Value, Value> Adjoint) Forward(GraphBuilder b, Value pictures);

    /// <summary>What the inputs are in one step.</summary>
    /// <param name="random">Decides.</param>
    /// <param name="progress">Which share of the steps is done, 0 to 1.</param>
    public IEnumerable<(string Input, Tensor Value)> Inputs(CounterRandom random, double progress) =>
        Inputs([.. Enumerable.Range(0, Views).Select(_ => Plan.Draw(random, progress))]);

    /// <param name="maps">For each view where a point of the output comes from.</param>
    protected abstract IEnumerable<(string Input, Tensor Value)> Inputs(IReadOnlyList<Affine> maps);

    protected string Name(string input) => $"{name}_{input}";

    /// <summary>Adds the gray: an input of one number for each pixel of each view.</summary>
    protected Value Filled(GraphBuilder b, Value pictures) =>
        b.Add(pictures, b.Input(Name("fill"), ElementType.Float, Views, 1, To.Height, To.Width));
}
