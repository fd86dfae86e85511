using OnnxViz.Autodiff;
using OnnxViz.Graphs;
using OnnxViz.Imaging;
using OnnxViz.Runtime;

namespace OnnxViz.Visualize;

/// <summary>The step graph of activation maximisation and what it has to be fed.</summary>
internal sealed class MaximizationGraph
{
    /// <summary>Memory that the activations of one batch may take, forward and backward together.</summary>
    private const long MemoryBudget = 3L << 30;

    private readonly MaximizationOptions _options;
    private readonly ObjectiveSlots _slots;
    private readonly GraphBuilder _builder;
    private readonly Optimizer _optimizer;
    private readonly Warp? _warp;
    private readonly (int Height, int Width) _whole;
    private readonly (int Height, int Width) _seen;

    public MaximizationGraph(VisionModel model, ObjectiveSlots slots, int count, Parameterization parameterization, MaximizationOptions options, GradientRules? rules = null)
    {
        (_options, _slots) = (options, slots);
        _optimizer = new Optimizer(options.Optimizer, options.LearningRate);
        _whole = model.FixedSize ?? (options.Height, options.Width);
        _seen = Seen(model, options);
        var b = _builder = Specialization.NewBuilder(model);
        var parameter = b.Input("parameter", ElementType.Float, [count, .. parameterization.Dims]);

        var picture = parameterization.Picture(b, parameter);
        // An octave of a model that takes one size only is enlarged to that.
        var whole = model.FixedSize is var (h, w) ? b.Resize(picture, h, w, ResampleFilter.Bicubic) : picture;
        var shown = whole;
        if (options.Transforms == TransformKind.Lucid)
        {
            _warp = new Warp(_whole.Height, _whole.Width, _seen.Height, _seen.Width);
            shown = _warp.Forward(b, whole);
        }

        var input = parameterization.ModelInput(b, shown, model.Conventions);
        var gradients = LayerGradient.Of(b, model, input, slots.Layers, rules ?? GradientRules.Default);
        var score = slots.Emit(b, gradients.Activations, _whole);
        b.Output("objective", score.Value);
        if (options.Diversity > 0)
        {
            var likeness = Diversity.Likeness(b, gradients.Activations[slots.Layers[0]], b.Input("shares", ElementType.Float, count, count));
            score = score with { Value = b.Sub(score.Value, b.Mul(likeness, options.Diversity)) };
        }

        // The optimiser minimises -objective + penalties.
        var ascent = Gradient(b, new() { [input] = gradients.ToInput(score) }, shown);
        if (options.Awakens) b.Output("response", b.ReduceMax(b.Abs(ascent), [1, 2, 3], keep: false));
        var seeds = new Dictionary<Value, Value> { [whole] = b.Neg(_warp is null ? ascent : _warp.Adjoint(b, ascent)) };
        if (b.Penalty(picture, options.Regularization) is { } penalty) seeds[penalty] = b.Expand(b.Scalar(1), count);
        var gradient = Gradient(b, seeds, parameter);
        _optimizer.Emit(b, parameter, Normalized(b, gradient), next => parameterization.Project(b, next));
    }

    /// <summary>What is fed back, from the given parameter on.</summary>
    public IReadOnlyList<StepState> States(Tensor parameter) => _optimizer.States("parameter", parameter);

    public Graph Build() => _builder.Build();

    /// <summary>Sets the inputs of step t, counted from 1.</summary>
    public void Schedule(StepLoop loop, int t, CounterRandom random)
    {
        _optimizer.Schedule(loop, t);
        _warp?.Set(loop, LucidTransforms.Draw(random, _whole.Height, _whole.Width, _seen.Height, _seen.Width));
    }

    /// <summary>What a batch of pictures is asked for, as inputs of the graph.</summary>
    public IReadOnlyDictionary<string, Tensor> Inputs(IReadOnlyList<MaximizationGoal> rows)
    {
        var inputs = new Dictionary<string, Tensor>(_slots.Inputs([.. rows.Select(r => r.Objective)]));
        if (_options.Diversity > 0) inputs["shares"] = Diversity.Shares([.. rows.Select(r => r.Group)]);
        return inputs;
    }

    /// <summary>How many pictures go into one batch.</summary>
    public static int BatchSize(VisionModel model, IReadOnlyList<Value> layers, IReadOnlyList<MaximizationGoal> goals, MaximizationOptions options)
    {
        var (h, w) = Seen(model, options);
        var forward = Specialization.Start(model, model.Conventions.InputDims(1, h, w), [.. layers]);
        // Every activation once forward, and about as much again backward.
        var bytes = 2 * forward.Builder.Graph.Nodes.SelectMany(n => n.Outputs).Where(v => v.HasStaticShape).Sum(v => 4 * Shapes.Count(v.Dims));
        var batch = (int)Math.Clamp(MemoryBudget / Math.Max(1, bytes), 1, goals.Count);
        // Pictures that know of each other have to be in one batch.
        var group = options.Diversity > 0 ? goals.GroupBy(g => g.Group).Where(g => g.Key >= 0).Select(g => g.Count()).DefaultIfEmpty(1).Max() : 1;
        return Math.Max(1, batch / group) * group;
    }

    /// <summary>What the model sees: with Lucid's transforms the padded picture less the jitters' crops, unless the model takes one size only.</summary>
    private static (int Height, int Width) Seen(VisionModel model, MaximizationOptions options)
    {
        if (model.FixedSize is { } only) return only;
        var grown = options.Transforms == TransformKind.Lucid ? (2 * LucidTransforms.Pad) - LucidTransforms.Crop : 0;
        return (options.Height + grown, options.Width + grown);
    }

    private static Value Gradient(GraphBuilder b, Dictionary<Value, Value> seeds, Value target) =>
        seeds.Count == 1 && seeds.TryGetValue(target, out var direct)
            ? direct
            : Backpropagation.Gradients(b, seeds, [target], GradientRules.Default)[0];

    private Value Normalized(GraphBuilder b, Value gradient)
    {
        if (_options.NormalizeGradient == GradientNormalization.None) return gradient;
        var square = b.Mul(gradient, gradient);
        long[] axes = [.. Enumerable.Range(1, gradient.Rank - 1).Select(i => (long)i)];
        var size = _options.NormalizeGradient == GradientNormalization.Rms ? b.ReduceMean(square, axes) : b.ReduceSum(square, axes);
        return b.Div(gradient, b.Add(b.Sqrt(size), b.Scalar(1e-8f)));
    }
}
