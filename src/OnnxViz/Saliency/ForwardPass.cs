using OnnxViz.Autodiff;
using OnnxViz.Objectives;

namespace OnnxViz.Saliency;

/// <summary>
/// Scores of many variants of a picture, and their gradients where they are wanted: one session, as many variants at a time
/// as memory and the model allow.
/// </summary>
public sealed class ForwardPass : IDisposable
{
    private readonly SaliencyTask _task;
    private readonly Session _session;
    private readonly int _batch;
    private readonly int _size;

    /// <param name="task">Its model, size of pictures, score and runtime are used.</param>
    /// <param name="rules">How gradients are taken; null for scores alone.</param>
    /// <param name="variants">How many variants a picture has.</param>
    /// <exception cref="OnnxVizException">The score does not exist or has no gradient.</exception>
    public ForwardPass(SaliencyTask task, GradientRules? rules, int variants)
    {
        ArgumentNullException.ThrowIfNull(task);
        (_task, _size) = (task, task.Layout.Size);
        _batch = task.Batch(variants, hasGradient: rules is not null);
        var builder = ShapedModel.NewBuilder(task.Model);
        var image = builder.Input("image", ElementType.Float, [_batch, .. task.Input.Dims[1..]]);
        var unit = builder.Input("unit", ElementType.Int64, _batch);
        var target = task.Target;
        if (rules is null)
        {
            var activation = ShapedModel.Into(builder, task.Model, image, target.Layer).Units(target.Layer);
            builder.Output("score", target.Emit(builder, activation, unit).Value);
        }
        else
        {
            var layer = LayerGradient.Of(builder, task.Model, image, target.Layer, rules);
            var score = target.Emit(builder, layer.Activation, unit);
            builder.Output("gradient", layer.ToInput(score));
            builder.Output("score", score.Value);
        }

        _session = new Session(builder.Build(), task.Runtime with { Runs = (variants + _batch - 1) / _batch, Token = task.Token });
    }

    /// <param name="variant">Number of the variant, from 0 on.</param>
    /// <param name="row">To be filled: a row of the model's input, in its layout.</param>
    public delegate void Write(int variant, Span<float> row);

    /// <param name="variant">Number of the variant, from 0 on.</param>
    /// <param name="score">The unit's score.</param>
    /// <param name="gradient">d score / d row, in the layout of the input; empty where none was wanted.</param>
    public delegate void Read(int variant, float score, ReadOnlySpan<float> gradient);

    /// <param name="unit">The unit that is explained.</param>
    /// <param name="variants">How many variants there are.</param>
    /// <param name="write">Makes a variant; asked in order, for some variants ahead of their scores.</param>
    /// <param name="read">Takes a variant's score, in order.</param>
    /// <param name="progress">Told the share that is done, 0 to 1.</param>
    /// <exception cref="OperationCanceledException">The task's token asked for it.</exception>
    public void Run(long unit, int variants, Write write, Read read, IProgress<double>? progress)
    {
        ArgumentNullException.ThrowIfNull(write);
        ArgumentNullException.ThrowIfNull(read);
        using var inputs = new HeldInputs(new Dictionary<string, Tensor>
        {
            ["image"] = Tensor.Of(new float[_batch * _size], [_batch, .. _task.Input.Dims[1..]]),
            ["unit"] = Tensor.Of([.. Enumerable.Repeat(unit, _batch)], _batch),
        });
        for (var first = 0; first < variants; first += _batch)
        {
            _task.Token.ThrowIfCancellationRequested();
            var count = Math.Min(_batch, variants - first);
            var image = inputs.Floats("image");
            for (var i = 0; i < count; i++) write(first + i, image.Slice(i * _size, _size));
            var results = _session.Run(inputs, _task.Token);
            var scores = results["score"].As<float>();
            var gradient = results.GetValueOrDefault("gradient");
            for (var i = 0; i < count; i++) read(first + i, scores[i], gradient is null ? default : Tensors.Row(gradient, i));
            progress?.Report((double)(first + count) / variants);
        }
    }

    public void Dispose() => _session.Dispose();
}
