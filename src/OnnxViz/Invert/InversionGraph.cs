using OnnxViz.Autodiff;
using OnnxViz.Objectives;
using OnnxViz.Optimize;
using OnnxViz.Optimize.Transforms;

namespace OnnxViz.Invert;

/// <summary>The step graph of an inversion: one picture, one layer, one start at a time.</summary>
internal sealed class InversionGraph
{
    private readonly InversionPlan _plan;
    private readonly GraphBuilder _builder;
    private readonly TransformedPicture? _transformed;
    private readonly Func<Tensor, IReadOnlyList<StepState>> _states;
    private readonly (int Height, int Width) _size;
    private double _weight;

    public InversionGraph(VisionModel model, Value layer, InversionPlan plan, int height, int width)
    {
        (_plan, _size) = (plan, (height, width));
        var b = _builder = ShapedModel.NewBuilder(model);
        var parameter = b.Input("parameter", ElementType.Float, [1, .. plan.Parameterization.Dims]);
        var picture = plan.Parameterization.Picture(b, parameter);
        var (shown, reference) = (plan.Canvas.Crop(b, picture), (Value?)null);
        var views = 1;
        if (plan.Transforms.Steps.Count > 0)
        {
            // Both go through the same transforms: what is compared is what the model sees of them.
            var transformation = new Transformation(plan.Transforms, _size, model.FixedSize);
            _transformed = transformation.Forward(b, b.Concat(0, picture, b.Input("reference", ElementType.Float, 1, model.Conventions.Planes, height, width)));
            views = transformation.Views;
            (shown, reference) = (b.Slice(_transformed.Views, [0], [views], [0]), b.Slice(_transformed.Views, [views], [2 * views], [0]));
        }

        var input = plan.Parameterization.ModelInput(b, shown, model.Conventions);
        var gradients = LayerGradient.Of(b, model, input, layer, GradientRules.Default);
        var loss = Loss(b, plan, gradients.Activation, views, activation => Code(b, model, layer, activation, reference));

        var toShown = b.Gradient(new() { [input] = gradients.ToInput(new Score(loss, new HashSet<Value>())) }, shown);
        var toPicture = _transformed is null ? plan.Canvas.Adjoint(b, toShown) : b.Slice(
            _transformed.Adjoint(b.Concat(0, toShown, b.Mul(toShown, 0))), [0], [1], [0]);
        var seeds = new Dictionary<Value, Value> { [picture] = toPicture };
        if (b.Penalty(picture, plan.Regularization) is { } penalty)
        {
            seeds[penalty] = b.Expand(b.Scalar(1), 1);
            loss = b.Add(loss, penalty);
        }

        b.Output("loss", loss);
        _states = plan.Update.Emit(b, parameter, b.Gradient(seeds, parameter), next => plan.Parameterization.Project(b, next));
    }

    public Graph Build() => _builder.Build();

    /// <summary>What is fed back, from the given parameter on.</summary>
    public IReadOnlyList<StepState> States(Tensor parameter) => _states(parameter);

    /// <summary>Sets what stays as it is during a run.</summary>
    /// <param name="loop">The step loop.</param>
    /// <param name="input">The model's input of the picture whose code is inverted, one row.</param>
    /// <param name="code">The code, one row.</param>
    /// <param name="model">The network.</param>
    public void Start(StepLoop loop, Tensor input, Tensor code, VisionModel model)
    {
        _weight = _plan.DataWeight / code.ToDoubles().Sum(c => c * c);
        if (_transformed is null) loop.Set("code", code.Reshaped(1, code.Count));
        else loop.Set("reference", Tensor.Of(Pictures.ToPlanes(input.As<float>(), model.Conventions), 1, model.Conventions.Planes, _size.Height, _size.Width));
    }

    /// <summary>Sets the inputs of step t, counted from 1.</summary>
    public void Schedule(StepLoop loop, int t, CounterRandom random)
    {
        _plan.Update.Schedule(loop, t);
        var done = 0;
        var phase = _plan.Phases.First(p => t <= (done += p.Steps));
        loop.Set("weight", Tensor.Scalar((float)(phase.Data * _weight)));
        _plan.Canvas.Set(loop, phase.Moves ? random : null);
        _transformed?.Set(loop, random, (double)t / _plan.Steps);
    }

    /// <summary>What the parameter stands for as the model's input, without transforms.</summary>
    public static Graph Look(VisionModel model, InversionPlan plan)
    {
        var b = ShapedModel.NewBuilder(model);
        var parameter = b.Input("parameter", ElementType.Float, [1, .. plan.Parameterization.Dims]);
        var picture = plan.Parameterization.Picture(b, parameter);
        b.Output("input", plan.Parameterization.ModelInput(b, plan.Canvas.Middle(b, picture), model.Conventions));
        return b.Build();
    }

    private static Value Loss(GraphBuilder b, InversionPlan plan, Value layer, int views, Func<Value, Value> codeFor)
    {
        using var scope = b.Scope("objective");
        var activation = b.Reshape(layer, views, -1);
        var code = codeFor(activation);
        var loss = plan.CosinePower is { } power ? Unlikeness(b, activation, code, (float)power) : Distance(b, activation, code);
        return b.Mul(b.ReduceMean(loss, [0]), b.Input("weight", ElementType.Float));
    }

    /// <summary>The code, [views, D]: given, or that of the reference.</summary>
    private static Value Code(GraphBuilder b, VisionModel model, Value layer, Value activation, Value? reference)
    {
        if (reference is null) return b.Input("code", ElementType.Float, activation.StaticDims());
        using var scope = b.Scope("reference");
        return b.Reshape(ShapedModel.Into(b, model, Pictures.ToModelInput(b, reference, model.Conventions), layer).Units(layer), [.. activation.StaticDims()]);
    }

    private static Value Distance(GraphBuilder b, Value activation, Value code) => Sum(b, b.Square(b.Sub(activation, code)));

    /// <summary>- dot(F, F0) max(0.1, cos(F, F0))^p.</summary>
    private static Value Unlikeness(GraphBuilder b, Value activation, Value code, float power)
    {
        var dot = Sum(b, b.Mul(activation, code));
        if (power == 0) return b.Neg(dot);
        var sizes = b.Mul(b.Sqrt(Sum(b, b.Square(activation))), b.Sqrt(Sum(b, b.Square(code))));
        var cosine = b.Max(b.Div(dot, b.Add(sizes, b.Scalar(1e-6f))), b.Scalar(DirectionTerm.LeastCosine));
        return b.Neg(b.Mul(dot, power == 1 ? cosine : b.Pow(cosine, power)));
    }

    private static Value Sum(GraphBuilder b, Value rows) => b.ReduceSum(rows, [1], keep: false);
}
