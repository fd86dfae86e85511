using OnnxViz.Invert;
using OnnxViz.Models;
using OnnxViz.Optimize;
using OnnxViz.Optimize.Parameterizations;
using OnnxViz.Runtime;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Invert;

/// <summary>Eight steps of plain inversion against the same loop in PyTorch's float64: optimisers, regularisers.</summary>
public class ReferenceInversionTests
{
    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var entry in ReferenceInversion.All) cases.Add(entry.Layer, entry.Name);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Eight_steps_lead_where_PyTorch_goes(string layer, string name)
    {
        var entry = ReferenceInversion.All.Single(m => m.Layer == layer && m.Name == name);
        var model = ReferenceAnswers.OpenModel(entry.Model);
        var rows = entry.Rows.ToTensor();
        var options = new InvertOptions
        {
            Recipe = InversionRecipe.Plain,
            Optimizer = Enum.Parse<OptimizerKind>(entry.Optimizer, ignoreCase: true),
            LearningRate = entry.Lr,
            Steps = entry.Steps,
            Init = new Initialization { Array = Tensors.Rows(rows, 1, 1) },
            Regularization = new Regularization
            {
                L1 = Weight("l1"),
                L2 = Weight("l2"),
                AlphaNorm = Weight("alpha-norm"),
                TotalVariation = Weight("tv"),
                Scharr = Weight("scharr"),
            },
        };
        var found = Inversion.Run(model, Tensors.Rows(rows, 0, 1), ["pattern"], [model.Layers.Find(layer)], options, RuntimeOptions.Default)[0];

        var error = ReferenceAnswers.RelativeError(found.Input.As<float>(), ReferenceAnswers.Load(entry.Expected).As<float>());
        Assert.True(error <= entry.Limit, $"{layer}, {name}: relative L2 error {error:e2}, limit {entry.Limit:e2}");

        float Weight(string regularizer) => entry.Regularizers.GetValueOrDefault(regularizer);
    }
}
