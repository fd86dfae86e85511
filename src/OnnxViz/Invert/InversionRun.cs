using OnnxViz.Graphs.Fields;

namespace OnnxViz.Invert;

/// <summary>The sessions that invert one layer, for any picture of one size and any start.</summary>
internal sealed class InversionRun : IDisposable
{
    private readonly VisionModel _model;
    private readonly Value _layer;
    private readonly InvertOptions _options;
    private readonly InversionPlan _plan;
    private readonly InversionGraph _graph;
    private readonly (int Height, int Width) _size;
    private readonly StepSession _step;
    private readonly Session _look;
    private readonly FeatureMaps _codes;

    public InversionRun(VisionModel model, Value layer, long[] inputDims, InvertOptions options, RuntimeOptions runtime)
    {
        (_model, _layer, _options) = (model, layer, options);
        var layout = InputLayout.Of(model.Conventions.Axes, inputDims);
        _size = (layout.Height, layout.Width);
        _plan = InversionPlan.Of(options, model, Stride(model, layer, inputDims), _size.Height, _size.Width);
        _graph = new InversionGraph(model, layer, _plan, _size.Height, _size.Width);
        _step = new StepSession(_graph.Build(), runtime.Or(Precision.Tf32), _plan.Steps);
        _look = new Session(InversionGraph.Look(model, _plan), runtime);
        // Made before the first step: an interruption does not wait for it.
        _codes = new FeatureMaps(model, [1, .. inputDims[1..]], [layer], runtime);
    }

    /// <param name="input">The picture as the model's input, one row.</param>
    /// <param name="code">Its code.</param>
    /// <param name="restart">Which start.</param>
    /// <param name="report">Told the number of each step that is done, of how many, and the loss.</param>
    /// <param name="token">Stops within a step, whose work is lost.</param>
    /// <returns>As the first picture's first layer.</returns>
    public Inverted Run(Tensor input, Tensor code, int restart, Action<int, int, float> report, CancellationToken token)
    {
        using var loop = new StepLoop(_step, _graph.States(Initial(restart)), new Dictionary<string, long[]> { ["loss"] = [1] });
        _graph.Start(loop, input, code, _model);
        var random = new CounterRandom(_options.Seed, (ulong)restart);
        var (done, loss) = (0, 0f);
        while (done < _plan.Steps && !token.IsCancellationRequested)
        {
            _graph.Schedule(loop, done + 1, random);
            if (!loop.TryStep(token)) break;
            done++;
            loss = loop.Reported("loss")[0];
            if (!float.IsFinite(loss))
            {
                throw OnnxVizException.Input(
                    $"The loss became {loss} at step {done} for '{_model.Layers.NameOf(_layer)}': the model's weights hold NaN, or the steps are too large (try a smaller learning rate).");
            }

            report(done, _plan.Steps, loss);
        }

        // After an interruption too: one picture is soon looked at.
        var found = _look.Run(new Dictionary<string, Tensor> { ["parameter"] = loop.State("parameter") }, CancellationToken.None)["input"];
        var (error, cosine) = Compare(_codes.Of(found, CancellationToken.None)[0].Maps, code);
        var picture = Pictures.FromInput(found.As<float>(), _model.Conventions, _size.Width, _size.Height);
        return new Inverted(0, 0, restart, found, picture, error, cosine, loss, done, done == _plan.Steps);
    }

    public void Dispose()
    {
        _step.Dispose();
        _look.Dispose();
        _codes.Dispose();
    }

    /// <summary>Pixels between neighbouring positions; of a layer without any, of the last that had some.</summary>
    private static double Stride(VisionModel model, Value layer, long[] inputDims)
    {
        var forward = ShapedModel.Start(model, inputDims, layer);
        var field = ReceptiveFields.Of(model.Graph.Cut([layer]), forward.Map).Of(layer);
        return field is var (height, _) && double.IsFinite(height.Jump) ? Math.Max(1, height.Jump) : 1;
    }

    private Tensor Initial(int restart)
    {
        var parameters = _options.Init.Parameters(_plan.Parameterization, _model, [(ulong)restart], [0], _plan.Space, _size, _options.Seed);
        return Tensors.Join(parameters, _plan.Parameterization.Dims);
    }

    private static (double Error, double Cosine) Compare(Tensor found, Tensor wanted)
    {
        var (f, w) = (found.ToDoubles(), wanted.ToDoubles());
        var (miss, dot, sizeF, sizeW) = (0.0, 0.0, 0.0, 0.0);
        for (var i = 0; i < w.Length; i++)
        {
            miss += (f[i] - w[i]) * (f[i] - w[i]);
            dot += f[i] * w[i];
            sizeF += f[i] * f[i];
            sizeW += w[i] * w[i];
        }

        return (miss / sizeW, sizeF == 0 ? 0 : dot / Math.Sqrt(sizeF * sizeW));
    }
}
