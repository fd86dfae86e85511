using OnnxViz.Features;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Models;
using OnnxViz.Objectives;
using OnnxViz.Runtime;
using OnnxViz.Saliency;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Models;

/// <summary>Our gradients against PyTorch's in float64, through ONNX Runtime, from file to raw result.</summary>
public class ReferenceGradientTests
{
    private const double LogitsLimit = 1e-5;

    /// <summary>Every file of every entry of the index: an entry's number and a file's.</summary>
    public static TheoryData<int, string> Cases()
    {
        var cases = new TheoryData<int, string>();
        foreach (var (index, entry) in ReferenceAnswers.All.Gradients.Index())
        {
            foreach (var file in entry.Models) cases.Add(index, file);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_gradient_is_PyTorchs(int index, string file)
    {
        var entry = ReferenceAnswers.All.Gradients[index];
        var model = ReferenceAnswers.OpenModel(file);
        var input = entry.Input.ToTensor();
        var found = model.Explain(input, SaliencyMethod.Parse(entry.Method), ExplanationOf(entry, model));

        var error = ReferenceAnswers.RelativeError(Sampled(found.Attribution, entry.Every), ReferenceAnswers.Load(entry.Expected).As<float>());
        Assert.True(error <= entry.Limit, $"{file}, {entry.Method}: relative L2 error {error:e2}, limit {entry.Limit:e2}");
    }

    /// <summary>Once for every file that has them: all methods of a network share them.</summary>
    public static TheoryData<int, string> CasesWithLogits()
    {
        var cases = new TheoryData<int, string>();
        foreach (var (index, entry) in ReferenceAnswers.All.Gradients.Index())
        {
            if (entry.Logits is null || entry.Method != "gradient") continue;
            foreach (var file in entry.Models) cases.Add(index, file);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(CasesWithLogits))]
    public void Logits_are_PyTorchs(int index, string file)
    {
        var entry = ReferenceAnswers.All.Gradients[index];
        var found = Classification.Scores(ReferenceAnswers.OpenModel(file), entry.Input.ToTensor(), RuntimeOptions.Default);
        var error = ReferenceAnswers.RelativeError(found.As<float>(), ReferenceAnswers.Load(entry.Logits!).As<float>());
        Assert.True(error <= LogitsLimit, $"{file}: relative L2 error {error:e2}, limit {LogitsLimit:e2}");
    }

    private static ScoreTarget ExplanationOf(ReferenceGradient entry, VisionModel model) =>
        entry.Layer is { } layer
            ? ScoreTarget.OfUnit(model, layer, entry.Unit!.Value, Enum.Parse<Reduction>(entry.Score!, ignoreCase: true))
            : ScoreTarget.OfClass(model, entry.Class);

    /// <summary>Rows and columns 0, every, 2 every ... of each plane.</summary>
    private static float[] Sampled(Tensor tensor, int every)
    {
        var (height, width) = (tensor.Dims[^2], tensor.Dims[^1]);
        var all = tensor.As<float>().ToArray();
        return [.. all.Where((_, i) => i % width % every == 0 && i / width % height % every == 0)];
    }
}
