using OnnxViz.Cli.Shell;
using OnnxViz.Cli.Verbs.Maximize;
using OnnxViz.Invert;
using OnnxViz.Optimize;
using OnnxViz.Optimize.Parameterizations;

namespace OnnxViz.Cli.Verbs.Invert;

/// <summary>From the flags of `invert` to what the library understands.</summary>
internal static class InversionFlags
{
    private const int MostRestarts = 1000;

    /// <exception cref="OnnxVizException">An unknown word, a number that makes no sense, or options that do not go together.</exception>
    public static InversionOptions Parse(InvertOptions o)
    {
        var recipe = Choice.Of(
            "--recipe", o.Recipe, ("ijcv2016", InversionRecipe.Ijcv2016), ("cvpr2015", InversionRecipe.Cvpr2015), ("plain", InversionRecipe.Plain),
            ("caricature", InversionRecipe.Caricature));
        CheckTogether(o, recipe);
        Positive("--data-weight", o.DataWeight);
        Positive("--lr", o.LearningRate);
        if (o.Steps is < 1) throw OnnxVizException.Usage($"--steps {o.Steps}: at least one step is needed.");
        if (o.Restarts is < 1 or > MostRestarts) throw OnnxVizException.Usage($"--restarts {o.Restarts}: a number from 1 to {MostRestarts} is needed.");
        if (o.CosinePower is { } power && !(power is >= 0 and <= 16)) throw OnnxVizException.Usage($"--cosine-power {power}: a number from 0 to 16 is needed.");
        var init = MaximizationFlags.Init(o.Init);
        if (o.Restarts > 1 && !init.IsRandom)
            throw OnnxVizException.Usage($"--restarts {o.Restarts} would all start from --init {o.Init}: only noise differs from start to start.");
        return new InversionOptions
        {
            Recipe = recipe,
            DataWeight = o.DataWeight,
            Steps = o.Steps,
            LearningRate = o.LearningRate,
            Seed = o.Seed,
            Restarts = o.Restarts,
            Bounds = o.Bounds is { } bounds
                ? Choice.Of("--bounds", bounds, ("color", InversionBounds.Color), ("range", InversionBounds.Range), ("none", InversionBounds.None))
                : null,
            Init = init,
            Param = o.Param is { } param
                ? Choice.Of("--param", param, ("tensor", ParameterKind.Tensor), ("pixel", ParameterKind.Pixel), ("fourier", ParameterKind.Fourier))
                : null,
            Transforms = o.Transforms is { } transforms ? TransformSpec.Parse(transforms) : null,
            Optimizer = MaximizationFlags.Optimizer(o.Optimizer ?? "adam"),
            Regularization = new Regularization(
                L1: MaximizationFlags.Weight("--l1", o.L1) ?? 0,
                L2: MaximizationFlags.Weight("--l2", o.L2) ?? 0,
                AlphaNorm: MaximizationFlags.Weight("--alpha-norm", o.AlphaNorm) ?? 0,
                TotalVariation: MaximizationFlags.Weight("--tv", o.TotalVariation) ?? 0,
                Scharr: MaximizationFlags.Weight("--scharr", o.Scharr) ?? 0)
            {
                Alpha = MaximizationFlags.Weight("--alpha", o.Alpha) ?? 6,
                Beta = MaximizationFlags.Weight("--tv-beta", o.TotalVariationBeta) ?? 2,
            },
            CosinePower = o.CosinePower,
        };
    }

    /// <summary>What a recipe has decided by itself is not asked for beside it.</summary>
    private static void CheckTogether(InvertOptions o, InversionRecipe recipe)
    {
        var isPaper = recipe is InversionRecipe.Ijcv2016 or InversionRecipe.Cvpr2015;
        var free = new (string Name, bool IsGiven)[]
        {
            ("--param", o.Param is not null), ("--optimizer", o.Optimizer is not null), ("--l1", o.L1 is not null), ("--l2", o.L2 is not null),
            ("--alpha-norm", o.AlphaNorm is not null), ("--alpha", o.Alpha is not null), ("--tv", o.TotalVariation is not null),
            ("--tv-beta", o.TotalVariationBeta is not null), ("--scharr", o.Scharr is not null),
        };
        if (isPaper && free.FirstOrDefault(f => f.IsGiven).Name is { } name)
        {
            throw OnnxVizException.Usage(
                $"{name} does not go with --recipe {o.Recipe}, which has its own: --data-weight weighs its penalties, --recipe plain takes all of them.");
        }

        if (!isPaper && o.Bounds is not null) throw OnnxVizException.Usage($"--bounds belongs to the recipes ijcv2016 and cvpr2015, not to {o.Recipe}; --param pixel keeps within black and white.");
        if (recipe != InversionRecipe.Caricature && (o.CosinePower is not null || o.Transforms is not null))
            throw OnnxVizException.Usage($"{(o.Transforms is null ? "--cosine-power" : "--transforms")} belongs to --recipe caricature, not to {o.Recipe}.");
        if (o.Param == "tensor" && o.Transforms is not null) throw OnnxVizException.Usage("--transforms needs pictures: --param fourier or pixel.");
    }

    private static void Positive(string option, double? value)
    {
        if (value is { } number && !(number > 0 && double.IsFinite(number))) throw OnnxVizException.Usage($"{option} {number}: a positive number is needed.");
    }
}
