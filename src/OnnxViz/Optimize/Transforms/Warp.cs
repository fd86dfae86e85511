using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Models;

namespace OnnxViz.Optimize.Transforms;

/// <summary>
/// A geometric transform of all pictures of a batch whose numbers are inputs of the step graph: a linear map of pixels,
/// its transpose for the gradient, and gray where it looks beyond the picture.
/// </summary>
/// <param name="plan">What is done, and the sizes.</param>
/// <param name="views">Different views of every picture.</param>
/// <param name="name">Tells its inputs from those of other warps.</param>
internal abstract class Warp(WarpPlan plan, int views, string name)
{
    /// <summary>What lies outside the picture: the middle of the range.</summary>
    protected const float Outside = 0.5f;

    protected WarpPlan Plan { get; } = plan;

    protected int Views { get; } = views;

    protected (int Height, int Width) From => Plan.From;

    protected (int Height, int Width) To => Plan.To;

    /// <summary>The cheaper form that does what is planned.</summary>
    public static Warp Of(WarpPlan plan, int views, int number)
    {
        var name = number == 0 ? "warp" : $"warp{number + 1}";
        return plan.Turns ? new GatherWarp(plan, views, name) : new AxisWarp(plan, views, name);
    }

    /// <summary>[N, 1 or views, C, H, W] to [N, views, C, H', W'].</summary>
    public abstract Value Forward(GraphBuilder b, Value pictures);

    /// <summary>The transpose: a gradient for the output becomes one for the input.</summary>
    /// <param name="b">Receives the nodes.</param>
    /// <param name="gradient">Of the output.</param>
    /// <param name="input">What Forward was given.</param>
    public abstract Value Adjoint(GraphBuilder b, Value gradient, Value input);

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
