using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Models;
using OnnxViz.Runtime;

namespace OnnxViz.Optimize.Transforms;

/// <summary>Random transforms as nodes of the step graph: from a picture to the views of it that the model sees.</summary>
internal sealed class Transformation
{
    private const string NoiseInput = "noise";

    private readonly IReadOnlyList<Warp> _warps;
    private readonly List<Value> _inputs = [];
    private readonly double _noise;
    private long[]? _noiseDims;

    /// <param name="transforms">What is done.</param>
    /// <param name="whole">Size of the picture.</param>
    /// <param name="only">The model's size where it takes no other.</param>
    public Transformation(Transforms transforms, (int Height, int Width) whole, (int Height, int Width)? only)
    {
        Views = transforms.Crops;
        _noise = transforms.Noise;
        var plans = transforms.Plan(whole, only);
        _warps = [.. plans.Select((plan, i) => Warp.Of(plan, Views, i))];
        Seen = plans.Count == 0 ? whole : plans[^1].To;
    }

    /// <summary>Of every picture.</summary>
    public int Views { get; }

    /// <summary>Size of a view.</summary>
    public (int Height, int Width) Seen { get; }

    /// <summary>[N, C, H, W] to [N * views, C, H', W']; the views of a picture are neighbours.</summary>
    public Value Forward(GraphBuilder b, Value picture)
    {
        var dims = picture.StaticDims();
        var (n, channels) = (dims[0], dims[1]);
        var views = picture;
        if (_warps.Count > 0)
        {
            views = b.Reshape(picture, n, 1, channels, dims[2], dims[3]);
            foreach (var warp in _warps)
            {
                _inputs.Add(views);
                views = warp.Forward(b, views);
            }
        }
        else if (Views > 1)
        {
            views = b.Expand(b.Reshape(picture, n, 1, channels, dims[2], dims[3]), n, Views, channels, dims[2], dims[3]);
        }

        if (_noise > 0)
        {
            _noiseDims = [Views, channels, Seen.Height, Seen.Width];
            views = b.Add(b.Reshape(views, [n, .. _noiseDims]), b.Input(NoiseInput, ElementType.Float, _noiseDims));
        }

        return b.Reshape(views, n * Views, channels, Seen.Height, Seen.Width);
    }

    /// <summary>The transpose: of the gradients of a picture's views their mean, brought back to the picture.</summary>
    public Value Adjoint(GraphBuilder b, Value gradient)
    {
        var dims = gradient.StaticDims();
        var back = b.Reshape(gradient, dims[0] / Views, Views, dims[1], dims[2], dims[3]);
        for (var i = _warps.Count - 1; i >= 0; i--) back = _warps[i].Adjoint(b, back, _inputs[i]);
        if (_warps.Count == 0 && Views > 1) back = b.ReduceSum(back, [1]);
        var all = back.StaticDims();
        back = b.Reshape(back, all[0], all[2], all[3], all[4]);
        return Views == 1 ? back : b.Mul(back, 1f / Views);
    }

    /// <summary>Draws and sets the inputs of one step.</summary>
    /// <param name="loop">The step loop.</param>
    /// <param name="random">Decides.</param>
    /// <param name="progress">Which share of the steps is done, 0 to 1.</param>
    public void Set(StepLoop loop, CounterRandom random, double progress)
    {
        foreach (var (input, value) in Inputs(random, progress)) loop.Set(input, value);
    }

    /// <summary>What the inputs are in one step.</summary>
    /// <param name="random">Decides.</param>
    /// <param name="progress">Which share of the steps is done, 0 to 1.</param>
    public IEnumerable<(string Input, Tensor Value)> Inputs(CounterRandom random, double progress)
    {
        foreach (var warp in _warps)
            foreach (var input in warp.Inputs(random, progress)) yield return input;
        if (_noiseDims is not { } dims) yield break;
        var noise = new float[Shapes.Count(dims)];
        for (var i = 0; i < noise.Length; i++) noise[i] = (float)(_noise * (random.Normal() + random.Uniform(-0.5, 0.5)));
        yield return (NoiseInput, Tensor.Of(noise, dims));
    }
}
