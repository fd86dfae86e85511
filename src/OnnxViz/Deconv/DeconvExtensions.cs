using OnnxViz.Deconv;
using OnnxViz.Objectives;

namespace OnnxViz;

/// <summary>What units saw in a picture.</summary>
public static class DeconvExtensions
{
    /// <summary>Percentile of the size of the numbers that takes a colour's full strength.</summary>
    private const double Strongest = 99.5;

    /// <summary>Projects the strongest activation of units back to pixels by a deconvnet (Zeiler and Fergus 2013).</summary>
    /// <param name="model">The network.</param>
    /// <param name="picture">A path or an image.</param>
    /// <param name="layer">A name as in <see cref="VisionModel.Layers"/>.</param>
    /// <param name="units">Numbers of units of the layer, from 0.</param>
    /// <param name="runtime">Where it runs; null for the CPU.</param>
    /// <param name="progress">Told the share that is done, 0 to 1.</param>
    /// <param name="token">Ends the run.</param>
    /// <returns>One projection for each unit, in their order.</returns>
    /// <exception cref="OnnxVizException">An unknown layer or unit, an operator without a gradient, or a picture that cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The token asked for it.</exception>
    public static IReadOnlyList<DeconvProjection> Deconv(
        this VisionModel model, PictureSource picture, string layer, IReadOnlyList<int> units,
        RuntimeOptions? runtime = null, IProgress<double>? progress = null, CancellationToken token = default)
    {
        runtime ??= RuntimeOptions.Default;
        var value = model.Layers.Find(layer);
        var input = picture.Input(model);
        using var peaks = new UnitPeaks(model, value, input.Dims, runtime, units);
        var (found, positions) = peaks.Of(input, token);
        var activations = found.ToFloats();
        var fields = LayerFields.Of(model, value, input.Dims);
        var targets = units.Select((unit, i) => new DeconvTarget(() => input, unit, (int)positions[i])).ToList();
        var results = new List<DeconvProjection>();
        foreach (var raw in Deconvnet.Stream(model, value, input.Dims, targets, runtime, token))
        {
            var i = results.Count;
            var at = (int)positions[i];
            // Where nothing was seen the projection is zero, which would darken all else.
            float[] seen = [.. raw.ToFloats().Where(v => v != 0)];
            var c = model.Conventions;
            var drawn = Pictures.FromSigned(raw.As<float>(), c, c.Width, c.Height, MapRange.Symmetric(seen, Strongest));
            results.Add(new DeconvProjection(units[i], activations[i], fields.At(at), fields.Box(at), raw, drawn));
            progress?.Report((double)results.Count / units.Count);
        }

        token.ThrowIfCancellationRequested();
        return results;
    }

    /// <summary>Projects the strongest activation of one unit.</summary>
    /// <param name="unit">Number of a unit of the layer, from 0.</param>
    /// <inheritdoc cref="Deconv(VisionModel, PictureSource, string, IReadOnlyList{int}, RuntimeOptions?, IProgress{double}?, CancellationToken)"/>
    /// <returns>The projection.</returns>
    public static DeconvProjection Deconv(
        this VisionModel model, PictureSource picture, string layer, int unit, RuntimeOptions? runtime = null, CancellationToken token = default) =>
        model.Deconv(picture, layer, [unit], runtime, null, token)[0];
}
