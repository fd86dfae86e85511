using OnnxViz.Maximize;
using OnnxViz.Objectives;
using OnnxViz.Optimize.Parameterizations;

namespace OnnxViz;

/// <summary>What units look for.</summary>
public static class MaximizeExtensions
{
    /// <summary>A picture that a unit responds to most strongly.</summary>
    /// <param name="layer">A name as in <see cref="VisionModel.Layers"/>.</param>
    /// <param name="unit">Number of a unit of the layer, from 0.</param>
    /// <inheritdoc cref="Maximize(VisionModel, IReadOnlyList{Objective}, MaximizeOptions?, RuntimeOptions?, IProgress{MaximizationProgress}?, CancellationToken)"/>
    /// <returns>The picture, its input tensor and the objective that it reaches.</returns>
    public static Maximization Maximize(
        this VisionModel model, string layer, int unit, MaximizeOptions? options = null, RuntimeOptions? runtime = null,
        IProgress<MaximizationProgress>? progress = null, CancellationToken token = default) =>
        model.Maximize(layer, [unit], options, runtime, progress, token)[0];

    /// <summary>Pictures that units of a layer respond to most strongly, found together.</summary>
    /// <param name="layer">A name as in <see cref="VisionModel.Layers"/>.</param>
    /// <param name="units">Numbers of units of the layer, from 0.</param>
    /// <inheritdoc cref="Maximize(VisionModel, IReadOnlyList{Objective}, MaximizeOptions?, RuntimeOptions?, IProgress{MaximizationProgress}?, CancellationToken)"/>
    public static IReadOnlyList<Maximization> Maximize(
        this VisionModel model, string layer, IReadOnlyList<int> units, MaximizeOptions? options = null, RuntimeOptions? runtime = null,
        IProgress<MaximizationProgress>? progress = null, CancellationToken token = default)
    {
        var value = model.Layers.Find(layer);
        var reduction = options?.Reduction ?? Reduction.Mean;
        return model.Maximize([.. units.Select(unit => Objective.Unit(value, unit, reduction))], options, runtime, progress, token);
    }

    /// <summary>Pictures for objectives of any kind, such as <c>Objective.Unit(a, 5) - 0.3f * Objective.Unit(a, 7)</c>.</summary>
    /// <param name="model">The network; only what lies before the layers is run.</param>
    /// <param name="objectives">One picture for each.</param>
    /// <param name="options">How; null for what gives a good picture, at the model's own size or else 128 x 128 pixels.</param>
    /// <param name="runtime">Where it runs; null for the CPU.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="token">Ends the search within a step.</param>
    /// <returns>One result for each, in their order.</returns>
    /// <exception cref="OnnxVizException">An unknown layer or unit, or options that do not go together.</exception>
    /// <exception cref="OperationCanceledException">The token asked for it.</exception>
    public static IReadOnlyList<Maximization> Maximize(
        this VisionModel model, IReadOnlyList<Objective> objectives, MaximizeOptions? options = null, RuntimeOptions? runtime = null,
        IProgress<MaximizationProgress>? progress = null, CancellationToken token = default)
    {
        options ??= MaximizeOptions.DefaultsFor(ParameterKind.Fourier);
        if (model.FixedSize is var (height, width)) options = options with { Height = height, Width = width };
        var found = ActivationMaximization.Run(model, [.. objectives.Select(o => new MaximizationGoal(o))], options, runtime ?? RuntimeOptions.Default, progress, token);
        token.ThrowIfCancellationRequested();
        return found;
    }
}
