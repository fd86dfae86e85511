using OnnxViz.Maximize;
using OnnxViz.Optimize;
using OnnxViz.Optimize.Parameterizations;
using OnnxViz.Runtime;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Maximize;

/// <summary>Eight steps of maximize against the same loop in PyTorch's float64: objectives, regularisers, optimisers.</summary>
public class ReferenceMaximizationTests
{
    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var entry in ReferenceAnswers.All.Maximize) cases.Add(entry.Layer, entry.Name);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Eight_steps_lead_where_PyTorch_goes(string layer, string name)
    {
        var entry = ReferenceAnswers.All.Maximize.Single(m => m.Layer == layer && m.Name == name);
        var model = ReferenceAnswers.OpenModel(entry.Model);
        var found = ActivationMaximization.Run(model, model.Layers.Find(layer), entry.Units, OptionsOf(entry), RuntimeOptions.Default);

        float[] pictures = [.. found.SelectMany(unit => unit.Input.ToFloats())];
        var error = ReferenceAnswers.RelativeError(pictures, ReferenceAnswers.Load(entry.Expected).As<float>());
        Assert.True(error <= entry.Limit, $"{layer}, {name}: relative L2 error {error:e2}, limit {entry.Limit:e2}");
    }

    private static MaximizeOptions OptionsOf(ReferenceMaximization entry) =>
        MaximizeOptions.DefaultsFor(ParameterKind.Tensor) with
        {
            Objective = Enum.Parse<MaximizeObjective>(entry.Objective, ignoreCase: true),
            Optimizer = Enum.Parse<OptimizerKind>(entry.Optimizer, ignoreCase: true),
            LearningRate = entry.Lr,
            Steps = entry.Steps,
            Height = entry.Size,
            Width = entry.Size,
            Init = new Initialization { Array = entry.Init.ToTensor() },
            NormalizeGradient = Enum.Parse<GradientNormalization>(entry.NormalizeGradient, ignoreCase: true),
            Regularization = new Regularization
            {
                L1 = Weight(entry, "l1"),
                L2 = Weight(entry, "l2"),
                AlphaNorm = Weight(entry, "alpha-norm"),
                TotalVariation = Weight(entry, "tv"),
                Scharr = Weight(entry, "scharr"),
                Alpha = entry.Alpha,
                Beta = entry.TvBeta,
            },
        };

    private static float Weight(ReferenceMaximization entry, string regularizer) => entry.Regularizers.GetValueOrDefault(regularizer);
}
