using OnnxViz.Autodiff;
using OnnxViz.Prepare;

namespace OnnxViz;

/// <summary>Gradients as graphs of their own.</summary>
public static class PrepareExtensions
{
    /// <summary>
    /// A graph that computes a layer's activation and the gradient of any score of it with respect to the picture. Its inputs are
    /// "image", the model's input, and "seed", d score / d activation in the activation's shape; its outputs are "activation" and
    /// "gradient", d score / d image in the input's shape. Run it by a <see cref="Runtime.Session"/>, or write it by <see cref="Onnx.OnnxFile"/>.
    /// </summary>
    /// <param name="model">The network.</param>
    /// <param name="layer">A name as in <see cref="VisionModel.Layers"/>; null for the scores of the classes.</param>
    /// <param name="rules">How gradients pass operators; null for the derivative.</param>
    /// <param name="batch">Pictures at a time.</param>
    /// <exception cref="OnnxVizException">An unknown layer, or an operator without a gradient on the way.</exception>
    public static Graph GradientGraph(this VisionModel model, string? layer = null, GradientRules? rules = null, int batch = 1)
    {
        var c = model.Conventions;
        var value = layer is null ? ClassOutput.Of(model) : model.Layers.Find(layer);
        return OnnxViz.Prepare.GradientGraph.Of(model, value, rules ?? GradientRules.Default, c.InputDims(batch, c.Height, c.Width)).Graph.Build();
    }

    /// <summary>Writes a folder of gradient graphs that ONNX Runtime runs in any language, and that <see cref="VisionModel.Open"/> opens.</summary>
    /// <param name="model">The network.</param>
    /// <param name="folder">Does not exist, is empty, or was prepared before.</param>
    /// <param name="options">For which layers, and by which rules.</param>
    /// <param name="progress">Told the share that is done, 0 to 1, and what is being made.</param>
    /// <param name="token">Stops between two graphs; nothing is left behind.</param>
    /// <returns>What was left out, and why: nothing unless <see cref="PreparationOptions.LeavesOut"/>.</returns>
    /// <exception cref="OnnxVizException">No gradient; open sizes that an operator does not take; not writable; foreign files in the folder.</exception>
    /// <exception cref="OperationCanceledException">The token asked for it.</exception>
    public static IReadOnlyList<(string Layer, string Rule, string Reason)> Prepare(
        this VisionModel model, string folder, PreparationOptions options,
        IProgress<(double Share, string Text)>? progress = null, CancellationToken token = default) =>
        Preparation.Run(model, options, folder, progress, token).LeftOut;
}
