using System.Diagnostics.CodeAnalysis;
using OnnxViz.Cli.Shell;
using OnnxViz.Graphs;
using OnnxViz.Imaging.Files;
using OnnxViz.Maximize;
using OnnxViz.Objectives;
using OnnxViz.Onnx;
using OnnxViz.Optimize;
using OnnxViz.Optimize.Parameterizations;

namespace OnnxViz.Cli.Verbs.Maximize;

/// <summary>From the flags of `maximize` to what the library understands.</summary>
internal static class MaximizationFlags
{
    private const string WholeLayer = "layer";

    /// <param name="o">The flags.</param>
    /// <param name="height">Of the picture to find.</param>
    /// <param name="width">Of the picture to find.</param>
    /// <exception cref="OnnxVizException">An unknown word or a number that makes no sense.</exception>
    public static MaximizationOptions Parse(MaximizeOptions o, int height, int width)
    {
        var param = Param(o);
        var defaults = MaximizationOptions.DefaultsFor(param, o.Class is not null);
        if (param != ParameterKind.Maco && (o.Magnitude ?? o.RawAlpha) is not null)
            throw OnnxVizException.Usage($"{(o.Magnitude is null ? "--raw-alpha" : "--magnitude")} belongs to --param maco.");
        if (o.Steps is < 1) throw OnnxVizException.Usage($"--steps {o.Steps}: at least one step is needed.");
        if (o.LearningRate is { } rate && !(rate > 0 && double.IsFinite(rate))) throw OnnxVizException.Usage($"--lr {rate}: a positive number is needed.");
        if (o.Decay is { } decay && !(Math.Abs(decay) <= 4)) throw OnnxVizException.Usage($"--decay {decay}: a number up to 4 is needed; 1 is Lucid's.");
        if (o.Blur is { } blur && !(blur is > 0 and <= 100)) throw OnnxVizException.Usage($"--blur {blur}: a number of pixels above 0, up to 100, is needed.");
        if (o.BlurEvery is { } every && (every < 1 || o.Blur is null)) throw OnnxVizException.Usage($"--blur-every {every}: a number of steps is needed, and --blur.");
        if (o.Octaves is < 1 or > 16) throw OnnxVizException.Usage($"--octaves {o.Octaves}: a number from 1 to 16 is needed.");
        if (o.OctaveScale is { } && o.OctaveScale is not (> 1 and <= 8)) throw OnnxVizException.Usage($"--octave-scale {o.OctaveScale}: a number above 1, up to 8, is needed; 1.4 is usual.");
        return defaults with
        {
            Objective = ReductionOf(o),
            Optimizer = o.Optimizer is { } optimizer ? Optimizer(optimizer) : defaults.Optimizer,
            Magnitudes = o.Magnitude is { } magnitude ? Magnitude.Load(magnitude) : defaults.Magnitudes,
            LearningRate = o.LearningRate ?? defaults.LearningRate,
            Steps = o.Steps ?? defaults.Steps,
            Octaves = new Octaves(o.Octaves ?? defaults.Octaves.Count, o.OctaveScale ?? defaults.Octaves.Scale),
            FramesEvery = FrameFiles.Every(o, (o.Steps ?? defaults.Steps) * (o.Octaves ?? defaults.Octaves.Count)),
            Blur = o.Blur ?? defaults.Blur,
            BlurEvery = o.BlurEvery ?? defaults.BlurEvery,
            Bounds = o.Bounds || defaults.Bounds,
            Decay = o.Decay ?? defaults.Decay,
            Height = height,
            Width = width,
            Seed = o.Seed,
            Init = Init(o.Init ?? "noise"),
            NormalizeGradient = Choice.Of(
                "--normalize-gradient", o.NormalizeGradient ?? "none", ("none", GradientNormalization.None), ("rms", GradientNormalization.Rms),
                ("l2", GradientNormalization.L2), ("objective", GradientNormalization.Objective)),
            Transforms = o.Transforms is { } transforms ? TransformSpec.Parse(transforms) : defaults.Transforms,
            RedirectSteps = Count("--redirect-steps", o.RedirectSteps) ?? defaults.RedirectSteps,
            Restarts = Count("--restarts", o.Restarts) ?? defaults.Restarts,
            Diversity = Weight("--diversity", o.Diversity) ?? 0,
            Regularization = defaults.Regularization with
            {
                L1 = Weight("--l1", o.L1) ?? defaults.Regularization.L1,
                L2 = Weight("--l2", o.L2) ?? defaults.Regularization.L2,
                AlphaNorm = Weight("--alpha-norm", o.AlphaNorm) ?? defaults.Regularization.AlphaNorm,
                Alpha = Weight("--alpha", o.Alpha) ?? defaults.Regularization.Alpha,
                TotalVariation = Weight("--tv", o.TotalVariation) ?? defaults.Regularization.TotalVariation,
                Beta = Weight("--tv-beta", o.TotalVariationBeta) ?? defaults.Regularization.Beta,
                Boundary = Weight("--boundary", o.Boundary) ?? defaults.Regularization.Boundary,
                Scharr = Weight("--scharr", o.Scharr) ?? defaults.Regularization.Scharr,
            },
        };
    }

    /// <summary>Whether the whole layer is asked for.</summary>
    public static bool IsLayer(MaximizeOptions o) => o.Objective is { } objective && IsWord(objective, WholeLayer);

    /// <summary>How the map of a unit becomes a number.</summary>
    public static Reduction ReductionOf(MaximizeOptions o) => Choice.Of(
        "--objective", o.Objective ?? "mean", ("mean", Reduction.Mean), ("center", Reduction.Center), ("max", Reduction.Max), ("rms", Reduction.Rms),
        ("target", Reduction.Target), (WholeLayer, Reduction.Mean));

    /// <exception cref="OnnxVizException">An unknown word.</exception>
    public static ParameterKind Param(MaximizeOptions o) => Choice.Of(
        "--param", o.Param ?? "fourier", ("tensor", ParameterKind.Tensor), ("pixel", ParameterKind.Pixel), ("fourier", ParameterKind.Fourier),
        ("laplacian", ParameterKind.Laplacian), ("maco", ParameterKind.Maco));

    /// <exception cref="OnnxVizException">An unknown word.</exception>
    public static OptimizerKind Optimizer(string word) => Choice.Of(
        "--optimizer", word, ("adam", OptimizerKind.Adam), ("nadam", OptimizerKind.NAdam), ("sgd", OptimizerKind.Sgd),
        ("momentum", OptimizerKind.Momentum), ("rmsprop", OptimizerKind.RmsProp));

    /// <summary>Files that decide about the result.</summary>
    public static IEnumerable<string> Files(MaximizeOptions o) =>
        [
        .. IsFile(o.Init) ? [o.Init] : Array.Empty<string>(),
        .. o.Direction is { } direction ? [direction] : Array.Empty<string>(),
        .. o.Magnitude is { } magnitude ? Magnitude.Files(magnitude) : [],
    ];

    /// <summary>Whether --init names a file.</summary>
    public static bool IsFile([NotNullWhen(true)] string? init) => init is not null && !IsWord(init, "noise") && !IsWord(init, "gray") && !init.StartsWith("noise:", StringComparison.OrdinalIgnoreCase);

    /// <exception cref="OnnxVizException">No such file, not readable, or bounds that make no sense.</exception>
    public static Initialization Init(string text)
    {
        if (IsWord(text, "noise")) return Initialization.Default;
        if (IsWord(text, "gray")) return Initialization.Gray;
        if (!IsFile(text))
        {
            var bounds = Numbers.Floats("--init noise:", text[6..], 2);
            return bounds[0] <= bounds[1]
                ? Initialization.Noise(bounds[0], bounds[1])
                : throw OnnxVizException.Usage($"--init {text}: the lower bound comes first.");
        }

        return text.EndsWith(".npy", StringComparison.OrdinalIgnoreCase)
            ? new Initialization { Array = Load(text) }
            : new Initialization { Picture = ImageFile.Load(text) };
    }

    private static Tensor Load(string file)
    {
        var tensor = NpyFile.Load(file);
        return tensor.Type == ElementType.Float ? tensor : throw OnnxVizException.Input($"--init '{file}' holds {tensor}: float32 is needed.");
    }

    private static int? Count(string option, int? value) => value is null or (>= 0 and <= 1000)
        ? value
        : throw OnnxVizException.Usage($"{option} {value}: a number from 0 to 1000 is needed.");

    public static float? Weight(string option, float? value) => value is null or (>= 0 and < float.PositiveInfinity)
        ? value
        : throw OnnxVizException.Usage($"{option} {value}: a number from 0 on is needed.");

    private static bool IsWord(string text, string word) => text.Equals(word, StringComparison.OrdinalIgnoreCase);
}
