using OnnxViz.Autodiff;
using OnnxViz.Graphs;
using OnnxViz.Models;
using OnnxViz.Objectives;
using OnnxViz.Runtime;

namespace OnnxViz.Saliency;

/// <summary>
/// Asks the network for the score of many variants of a picture, and for its gradient where one is wanted: one session,
/// as many variants at a time as memory and the model allow.
/// </summary>
internal sealed class Probe : IDisposable
{
    private readonly AttributionTask _task;
    private readonly Session _session;
    private readonly int _batch;
    private readonly int _size;

    /// <param name="task">The picture and the score.</param>
    /// <param name="rules">How gradients are taken; null for scores alone.</param>
    /// <param name="variants">How many a picture has.</param>
    public Probe(AttributionTask task, GradientRules? rules, int variants)
    {
        (_task, _size) = (task, task.Layout.Size);
        _batch = task.Batch(variants, hasGradient: rules is not null);
        var builder = ShapedModel.NewBuilder(task.Model);
        var image = builder.Input("image", ElementType.Float, [_batch, .. task.Input.Dims[1..]]);
        var unit = builder.Input("unit", ElementType.Int64, _batch);
        var explanation = task.Target;
        if (rules is null)
        {
            var activation = ShapedModel.Into(builder, task.Model, image, explanation.Layer).Units(explanation.Layer);
            builder.Output("score", explanation.Emit(builder, activation, unit).Value);
        }
        else
        {
            var layer = LayerGradient.Of(builder, task.Model, image, explanation.Layer, rules);
            var score = explanation.Emit(builder, layer.Activation, unit);
            builder.Output("gradient", layer.ToInput(score));
            builder.Output("score", score.Value);
        }

        _session = new Session(builder.Build(), task.Runtime);
    }

    /// <param name="variant">Its number.</param>
    /// <param name="row">To be filled: a row of the model's input.</param>
    public delegate void Write(int variant, Span<float> row);

    /// <param name="variant">Its number.</param>
    /// <param name="score">Of the unit.</param>
    /// <param name="gradient">As a row of the input; empty where none was wanted.</param>
    public delegate void Read(int variant, float score, ReadOnlySpan<float> gradient);

    /// <param name="unit">The unit that is explained.</param>
    /// <param name="variants">How many there are.</param>
    /// <param name="write">Makes one; asked in order.</param>
    /// <param name="read">Takes its score, in order.</param>
    /// <param name="progress">Told the share that is done.</param>
    /// <exception cref="OperationCanceledException">The task was given up.</exception>
    public void Run(long unit, int variants, Write write, Read read, IProgress<double>? progress)
    {
        var image = new float[_batch * _size];
        for (var first = 0; first < variants; first += _batch)
        {
            _task.Token.ThrowIfCancellationRequested();
            var count = Math.Min(_batch, variants - first);
            for (var i = 0; i < count; i++) write(first + i, image.AsSpan(i * _size, _size));
            var results = Run(image, unit);
            var scores = results["score"].As<float>();
            var gradient = results.GetValueOrDefault("gradient");
            for (var i = 0; i < count; i++) read(first + i, scores[i], gradient is null ? default : Tensors.Row(gradient, i));
            progress?.Report((double)(first + count) / variants);
        }
    }

    public void Dispose() => _session.Dispose();

    private IReadOnlyDictionary<string, Tensor> Run(float[] image, long unit) => _session.Run(
        new Dictionary<string, Tensor>
        {
            ["image"] = Tensor.Of(image, [_batch, .. _task.Input.Dims[1..]]),
            ["unit"] = Tensor.Of([.. Enumerable.Repeat(unit, _batch)], _batch),
        },
        _task.Token);
}
