using OnnxViz.Optimize;
using OnnxViz.Optimize.Parameterizations;
using OnnxViz.Optimize.Transforms;
using OnnxViz.Options;

namespace OnnxViz.Invert;

/// <summary>Where pixels may go; what lies outside is brought back after every step.</summary>
public enum InversionBounds
{
    /// <summary>Within a ball of 160 of 255 levels about the mean colour (IJCV 2016).</summary>
    Color,

    /// <summary>Within black and white.</summary>
    Range,

    None,
}

/// <summary>How a picture is found from its code. What is null is the recipe's.</summary>
public sealed record InvertOptions
{
    [Option("recipe", "Mahendran and Vedaldi's two; the distance and the penalties asked for; Lucid's exaggeration.")]
    public InversionRecipe Recipe { get; init; } = InversionRecipe.Ijcv2016;

    [Option("data-weight", "Weight of |F(x) - F0|^2 / |F0|^2.", Form = "W", Above = 0, Default = "ijcv2016 300, 100, 20 at strides up to 4, 8, 16 and more; otherwise 1")]
    public double? DataWeight { get; init; }

    /// <summary>Runs from different noise, of which the best comes first.</summary>
    [Option("restarts", "Several random starts, the best first.", Min = 1, Max = 1000)]
    public int Restarts { get; init; } = 1;

    [Option("bounds", "ijcv2016, cvpr2015: keep pixels near the mean colour, within black and white, or nowhere.", Default = "ijcv2016 color, cvpr2015 none")]
    public InversionBounds? Bounds { get; init; }

    /// <summary>Of all phases together, which keep their proportions.</summary>
    [Option("steps", "Steps of all phases.", Min = 1, Default = "350, 400, 200, 256 in the order of the recipes")]
    public int? Steps { get; init; }

    /// <summary>Of the first phase; ijcv2016 and cvpr2015: times the paper's.</summary>
    [Option("lr", "Learning rate; for ijcv2016 and cvpr2015 times the paper's.", Form = "RATE", Above = 0, Default = "1; fourier 0.05, pixel 0.01, tensor a hundredth of black to white")]
    public double? LearningRate { get; init; }

    /// <summary>An array is in the space of the model's input, but for pixel and fourier, where it is RGB in 0..1.</summary>
    [Option("init", "Where it starts: noise, gray, a picture, or an array of [1,C,H,W] in the space of what is moved.", Form = "FILE|noise[:LO,HI]|gray")]
    public Initialization Init { get; init; } = Initialization.Default;

    [Option("param", "plain, caricature: what is moved.", Form = "tensor|pixel|fourier", Default = "plain tensor, caricature fourier")]
    public ParameterKind? Param { get; init; }

    [Option("optimizer", "plain, caricature: how it is moved.", Default = "adam")]
    public OptimizerKind? Optimizer { get; init; }

    /// <summary>Plain and caricature only: penalties on what is moved.</summary>
    [OptionGroup]
    public Regularization Regularization { get; init; } = new();

    /// <summary>p in dot(F, F0) max(0.1, cos(F, F0))^p.</summary>
    [Option("cosine-power", "caricature: more keeps closer to the picture, 0 exaggerates freely.", Form = "P", Min = 0, Max = 16, Default = "1")]
    public double? CosinePower { get; init; }

    /// <summary>The tensor takes none.</summary>
    [Option("transforms", "caricature: move both pictures about before each step.", Form = "lucid|none|SPEC", Default = "lucid")]
    public Transforms? Transforms { get; init; }

    public ulong Seed { get; init; }

    /// <summary>The options with the recipe's in place of nulls, but for what depends on the model and the layer.</summary>
    /// <exception cref="OnnxVizException">A value out of its bounds, or options that do not go together.</exception>
    public InvertOptions Resolved()
    {
        Check();
        var options = OptionTable.Filled(this, Recipe switch
        {
            InversionRecipe.Ijcv2016 => new() { Steps = 350, LearningRate = 1, Bounds = InversionBounds.Color },
            InversionRecipe.Cvpr2015 => new() { Steps = 400, LearningRate = 1, DataWeight = 1, Bounds = InversionBounds.None },
            InversionRecipe.Plain => new() { Steps = 200, Param = ParameterKind.Tensor, Optimizer = OptimizerKind.Adam, DataWeight = 1 },
            _ => new InvertOptions { Steps = 256, Param = ParameterKind.Fourier, Optimizer = OptimizerKind.Adam, DataWeight = 1, CosinePower = 1, Transforms = Transforms.Lucid },
        });
        return options.Param == ParameterKind.Tensor && options.Transforms is not null ? options with { Transforms = Transforms.None } : options;
    }

    private void Check()
    {
        OptionTable.Check(this);
        if (Restarts > 1 && !Init.IsRandom) throw OnnxVizException.BadArgument(nameof(Restarts), $"{Restarts} would all start from {Init}: only noise differs from start to start.");
        if (Param is ParameterKind.Laplacian or ParameterKind.Maco) throw OnnxVizException.BadArgument(nameof(Param), $"{Words.Of(Param)}: tensor, pixel or fourier is needed.");
        var recipe = Words.Of(Recipe);
        if (Recipe is InversionRecipe.Ijcv2016 or InversionRecipe.Cvpr2015)
        {
            // What these recipes decide by themselves cannot be asked for beside them.
            var penalty = OptionTable.Of(typeof(Regularization)).FirstOrDefault(o => !Equals(o.Get(Regularization), o.Get(new Regularization())))?.Property;
            if ((Param is not null ? nameof(Param) : Optimizer is not null ? nameof(Optimizer) : penalty) is { } name)
                throw OnnxVizException.BadArgument(name, $"does not go with the recipe {recipe}, which has its own: the data weight weighs its penalties, the recipe plain takes all of them.");
        }
        else if (Bounds is not null)
        {
            throw OnnxVizException.BadArgument(nameof(Bounds), $"belongs to the recipes ijcv2016 and cvpr2015, not to {recipe}; the parameterisation pixel keeps within black and white.");
        }

        if (Recipe != InversionRecipe.Caricature && (CosinePower is not null || Transforms is not null))
            throw OnnxVizException.BadArgument(Transforms is null ? nameof(CosinePower) : nameof(Transforms), $"belongs to the recipe caricature, not to {recipe}.");
        if (Param == ParameterKind.Tensor && Transforms is { Steps.Count: > 0 }) throw OnnxVizException.BadArgument(nameof(Transforms), "needs pictures: the parameterisation fourier or pixel.");
    }
}
