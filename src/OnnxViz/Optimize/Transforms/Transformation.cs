namespace OnnxViz.Optimize.Transforms;

/// <summary>Random transforms as nodes of the step graph: from a picture to the views of it that the model sees.</summary>
internal sealed class Transformation
{
    private const string NoiseInput = "noise";

    private readonly IReadOnlyList<Warp> _warps;
    private readonly double _noise;

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

    /// <summary>Views of every picture.</summary>
    public int Views { get; }

    /// <summary>Size of a view.</summary>
    public (int Height, int Width) Seen { get; }

    /// <param name="b">Receives the nodes.</param>
    /// <param name="picture">[N, C, H, W]</param>
    public TransformedPicture Forward(GraphBuilder b, Value picture)
    {
        var dims = picture.StaticDims();
        var (n, channels) = (dims[0], dims[1]);
        var views = picture;
        var adjoints = new Stack<Func<Value, Value>>();
        if (_warps.Count > 0)
        {
            views = b.Reshape(picture, n, 1, channels, dims[2], dims[3]);
            foreach (var warp in _warps)
            {
                (views, var adjoint) = warp.Forward(b, views);
                adjoints.Push(adjoint);
            }
        }
        else if (Views > 1)
        {
            views = b.Expand(b.Reshape(picture, n, 1, channels, dims[2], dims[3]), n, Views, channels, dims[2], dims[3]);
            adjoints.Push(gradient => b.ReduceSum(gradient, [1]));
        }

        long[] noise = _noise > 0 ? [Views, channels, Seen.Height, Seen.Width] : [];
        if (noise.Length > 0) views = b.Add(b.Reshape(views, [n, .. noise]), b.Input(NoiseInput, ElementType.Float, noise));
        return new(b.Reshape(views, n * Views, channels, Seen.Height, Seen.Width), Adjoint, (random, progress) => Inputs(random, progress, noise));

        Value Adjoint(Value gradient)
        {
            var seen = gradient.StaticDims();
            var back = b.Reshape(gradient, seen[0] / Views, Views, seen[1], seen[2], seen[3]);
            foreach (var adjoint in adjoints) back = adjoint(back);
            var all = back.StaticDims();
            back = b.Reshape(back, all[0], all[2], all[3], all[4]);
            return Views == 1 ? back : b.Mul(back, 1f / Views);
        }
    }

    private IEnumerable<(string Input, Tensor Value)> Inputs(CounterRandom random, double progress, long[] dims)
    {
        foreach (var warp in _warps)
            foreach (var input in warp.Inputs(random, progress)) yield return input;
        if (dims.Length == 0) yield break;
        var noise = new float[Shapes.Count(dims)];
        for (var i = 0; i < noise.Length; i++) noise[i] = (float)(_noise * (random.Normal() + random.Uniform(-0.5, 0.5)));
        yield return (NoiseInput, Tensor.Of(noise, dims));
    }
}

/// <summary>The views of pictures in a step graph.</summary>
/// <param name="Views">[N * views, C, H', W']; the views of a picture are neighbours.</param>
/// <param name="Adjoint">Emits the transpose: of the gradients of a picture's views the mean, brought back to the picture.</param>
/// <param name="Inputs">Draws what the graph is fed in a step, given how much of all steps is done, 0 to 1.</param>
internal sealed record TransformedPicture(Value Views, Func<Value, Value> Adjoint, Func<CounterRandom, double, IEnumerable<(string Input, Tensor Value)>> Inputs)
{
    /// <summary>Draws and sets the inputs of one step.</summary>
    public void Set(StepLoop loop, CounterRandom random, double progress)
    {
        foreach (var (input, value) in Inputs(random, progress)) loop.Set(input, value);
    }
}
