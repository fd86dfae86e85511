using OnnxViz.Autodiff;
using OnnxViz.Autodiff.Rules;
using OnnxViz.Imaging.Resample;
using OnnxViz.Models.Batches;
using OnnxViz.Objectives;
using OnnxViz.Optimize;
using OnnxViz.Optimize.Parameterizations;
using OnnxViz.Optimize.Transforms;

namespace OnnxViz.Maximize;

/// <summary>The step graph of activation maximisation and what it has to be fed.</summary>
internal sealed class StepGraph
{
    /// <summary>The state that sums up, over the steps, how much every pixel of the picture mattered.</summary>
    public const string Transparency = "transparency";

    private const string BlurInput = "blur";

    private readonly MaximizeOptions _options;
    private readonly ObjectiveSlots _slots;
    private readonly GraphBuilder _builder;
    private readonly Optimizer _optimizer;
    private readonly int _views;
    private readonly TransformedPicture _transformed;
    private readonly Func<Tensor, IReadOnlyList<StepState>> _states;
    private long[]? _transparency;

    public StepGraph(VisionModel model, ObjectiveSlots slots, int count, Parameterization parameterization, MaximizeOptions options, GradientRules? rules = null)
    {
        (_options, _slots) = (options, slots);
        _optimizer = new Optimizer(options.Optimizer, options.LearningRate);
        var transformation = TransformationOf(model, options);
        var views = _views = transformation.Views;
        var b = _builder = ShapedModel.NewBuilder(model);
        var parameter = b.Input("parameter", ElementType.Float, [count, .. parameterization.Dims]);

        var picture = parameterization.Picture(b, parameter);
        // An octave of a model that takes one size only is enlarged to that.
        var whole = model.FixedSize is var (h, w) ? b.Resize(picture, h, w, ResampleFilter.Bicubic) : picture;
        _transformed = transformation.Forward(b, whole);
        var shown = _transformed.Views;
        var input = parameterization.ModelInput(b, shown, model.Conventions);
        var gradients = LayerGradient.Of(b, model, input, slots.Layers, rules ?? GradientRules.Default);
        var score = slots.Emit(b, gradients.Activations, WholeSize(model, options));
        b.Output("objective", views == 1 ? score.Value : b.ReduceMean(b.Reshape(score.Value, count, views), [1], keep: false));
        if (options.Diversity > 0)
        {
            var likeness = Diversity.Likeness(b, gradients.Activations[slots.Layers[0]], b.Input("shares", ElementType.Float, count * views, count * views));
            score = score with { Value = b.Sub(score.Value, b.Mul(likeness, options.Diversity)) };
        }

        // The optimiser minimises -objective + penalties.
        var ascent = b.Gradient(new() { [input] = gradients.ToInput(score) }, shown);
        var toWhole = b.Neg(_transformed.Adjoint(ascent));
        if (options.NormalizeGradient == GradientNormalization.Objective) toWhole = Scaled(b, toWhole, b.ReduceMean);
        if (options.RevivesDeadUnits) b.Output("response", b.ReduceMax(b.Abs(toWhole), [1, 2, 3], keep: false));
        var seeds = new Dictionary<Value, Value> { [picture] = b.Gradient(new() { [whole] = toWhole }, picture) };
        if (options.Param == ParameterKind.Maco) Accumulate(b, seeds[picture]);
        if (b.Penalty(picture, options.Regularization) is { } penalty) seeds[penalty] = b.Expand(b.Scalar(1), count);
        var gradient = b.Gradient(seeds, parameter);
        _states = _optimizer.Emit(b, parameter, Normalized(b, gradient), next => parameterization.Project(b, Blurred(parameterization, next)));
    }

    /// <summary>What is fed back, from the given parameter on.</summary>
    public IReadOnlyList<StepState> States(Tensor parameter) =>
    [
        .. _states(parameter),
        .. _transparency is { } dims ? [new StepState(Transparency, $"{Transparency}_next", Tensor.Of(new float[Shapes.Count(dims)], dims))] : Array.Empty<StepState>(),
    ];

    public Graph Build() => _builder.Build();

    /// <summary>Sets the inputs of step t, counted from 1.</summary>
    public void Schedule(StepLoop loop, int t, CounterRandom random)
    {
        _optimizer.Schedule(loop, t);
        if (_options.Blur > 0) loop.Set(BlurInput, Tensor.Scalar(t % _options.BlurEvery == 0 ? 1f : 0f));
        _transformed.Set(loop, random, (double)t / _options.Steps);
    }

    /// <summary>What a batch of pictures is asked for, as inputs of the graph.</summary>
    public IReadOnlyDictionary<string, Tensor> Inputs(IReadOnlyList<MaximizationGoal> rows)
    {
        // Every view of a picture has the picture's objective, and is compared with the views of the same number of others.
        var views = _views;
        var inputs = new Dictionary<string, Tensor>(_slots.Inputs([.. rows.SelectMany(r => Enumerable.Repeat(r.Objective, views))]));
        if (_options.Diversity > 0)
            inputs["shares"] = Diversity.Shares([.. rows.SelectMany(r => Enumerable.Range(0, views).Select(v => r.Group < 0 ? r.Group : (r.Group * views) + v))]);
        return inputs;
    }

    /// <summary>How many pictures go into one batch.</summary>
    public static int BatchSize(VisionModel model, IReadOnlyList<Value> layers, IReadOnlyList<MaximizationGoal> goals, MaximizeOptions options, Device device, int devices)
    {
        var transformation = TransformationOf(model, options);
        var forward = ShapedModels.Of(model, model.Conventions.InputDims(1, transformation.Seen.Height, transformation.Seen.Width), [.. layers]);
        var batch = options.Batch is { } asked
            ? Math.Min(asked, goals.Count)
            : BatchPlan.For(device).Optimized(forward, (goals.Count + devices - 1) / devices, transformation.Views);
        // Pictures that know of each other have to be in one batch.
        var group = options.Diversity > 0 ? goals.GroupBy(g => g.Group).Where(g => g.Key >= 0).Select(g => g.Count()).DefaultIfEmpty(1).Max() : 1;
        return Math.Max(1, batch / group) * group;
    }

    private static Transformation TransformationOf(VisionModel model, MaximizeOptions options) =>
        new(options.Transforms, WholeSize(model, options), model.FixedSize);

    /// <summary>Of the picture as the model would be shown it without transforms.</summary>
    private static (int Height, int Width) WholeSize(VisionModel model, MaximizeOptions options) => model.FixedSize ?? (options.Height, options.Width);

    /// <summary>MACO's transparency: the sum over all steps of |d objective / d picture|.</summary>
    private void Accumulate(GraphBuilder b, Value gradient)
    {
        _transparency = gradient.StaticDims();
        b.Output($"{Transparency}_next", b.Add(b.Input(Transparency, ElementType.Float, _transparency), b.Abs(gradient)));
    }

    /// <summary>In the steps that have it.</summary>
    private Value Blurred(Parameterization parameterization, Value next)
    {
        if (_options.Blur == 0) return next;
        var difference = _builder.Sub(parameterization.Blurred(_builder, next, _options.Blur), next);
        return _builder.Add(next, _builder.Mul(difference, _builder.Input(BlurInput, ElementType.Float)));
    }

    private Value Normalized(GraphBuilder b, Value gradient) => _options.NormalizeGradient switch
    {
        GradientNormalization.Rms => Scaled(b, gradient, b.ReduceMean),
        GradientNormalization.L2 => Scaled(b, gradient, b.ReduceSum),
        _ => gradient,
    };

    /// <summary>Every picture's gradient over the root of the mean or the sum of its squares.</summary>
    private static Value Scaled(GraphBuilder b, Value gradient, Func<Value, long[], bool, Value> reduce)
    {
        long[] axes = Shapes.Axes(1, gradient.Rank - 1);
        return b.Div(gradient, b.Add(b.Sqrt(reduce(b.Mul(gradient, gradient), axes, true)), b.Scalar(1e-8f)));
    }
}
