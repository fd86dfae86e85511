using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Models;
using OnnxViz.Objectives;
using OnnxViz.Onnx;
using OnnxViz.Options;
using OnnxViz.Saliency;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;

namespace OnnxViz.Tests.Saliency;

/// <summary>Toy networks as models that take pictures.</summary>
internal static class ToyModels
{
    public static Tensor Ramp { get; } = Tensor.Of(ToyNetworks.Ramp, 1, 1, 4, 4);

    /// <param name="folder">Where its file goes.</param>
    /// <param name="batch">Pictures at a time; -1 for any number.</param>
    public static VisionModel OneConvolution(TemporaryFolder folder, long batch = -1) =>
        Load(folder, b => b.Output("scores", ToyNetworks.OneConvolution(b, b.Input("image", ElementType.Float, batch, 1, 4, 4))));

    /// <summary>Its input is a picture of three pixels, [N, 1, 1, 3].</summary>
    public static VisionModel Perceptron(TemporaryFolder folder) =>
        Load(folder, b => b.Output("scores", ToyNetworks.Perceptron(b, b.Emit("Flatten", [b.Input("image", ElementType.Float, -1, 1, 1, 3)]))));

    public static VisionModel Load(TemporaryFolder folder, Action<GraphBuilder> emit)
    {
        var b = new GraphBuilder();
        emit(b);
        OnnxFile.Save(b.Build(), folder["toy.onnx"]);
        return VisionModel.Load(folder["toy.onnx"], ModelCatalog.Open());
    }

    /// <summary>A method with those of the options that it has.</summary>
    public static SaliencyMethod Method(string word, params IEnumerable<(string Name, string Text)> options)
    {
        var method = SaliencyMethod.Parse(word);
        return OptionTable.With(method, options.Where(given => OptionTable.Of(method.GetType()).Any(option => option.Name == given.Name)));
    }

    public static double[] Explain(VisionModel model, Tensor input, ScoreTarget target, SaliencyMethod method) =>
        model.Explain(input, method, target).Attribution.ToDoubles();
}
