using System.Text.Json.Nodes;
using OnnxViz.Cli.Shell;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Imaging;
using OnnxViz.Imaging.Files;
using OnnxViz.Models;
using OnnxViz.Onnx;
using OnnxViz.Saliency;

namespace OnnxViz.Cli.Verbs.Saliency;

/// <summary>From the flags of `saliency` to what the library understands.</summary>
internal static class SaliencyFlags
{
    /// <summary>Finding the places of a Gauss-Legendre rule takes its square in time.</summary>
    private const int LargestRule = 10_000;

    /// <summary>What can be said without a model.</summary>
    /// <exception cref="OnnxVizException">An impossible combination, an unknown word, a number that makes no sense.</exception>
    public static void Check(SaliencyArguments o, IReadOnlyList<MethodChoice> methods)
    {
        if (o.Methods is not null && o.Method != "gradient") throw OnnxVizException.Usage("--method and --methods do not go together: the second is a list.");
        if (methods.Count > 1 && o.Raw is not null) throw OnnxVizException.Usage("--raw holds the result of one method: name one with --method.");
        if ((o.TargetLayer is null) != (o.TargetUnit is null)) throw OnnxVizException.Usage("--target-layer and --target-unit belong together: --target-layer pool5 --target-unit 25.");
        if (o.TargetUnit is not null && o.Unit is not null) throw OnnxVizException.Usage("--unit and --target-unit do not go together: one of them says what is explained.");
        if (o.Class is not null && o.ExplainsUnits) throw OnnxVizException.Usage("--class and --layer with --unit do not go together: one of them says what is explained.");
        if (o.Unit is not null && o.Layer is null) throw OnnxVizException.Usage("--layer and --unit belong together: --layer conv5_3 --unit 25.");
        if (o.Layer is not null && o.Unit is null && !methods.Any(m => m.UsesMapLayer))
        {
            throw OnnxVizException.Usage(o.TargetLayer is null
                ? "--layer and --unit belong together: --layer conv5_3 --unit 25. Alone --layer is for class activation maps."
                : "--layer names the layer of a class activation map here, and no method asked for makes one.");
        }

        if (o.Minus is not null && o.ExplainsUnits) throw OnnxVizException.Usage("--minus names a class; of units it is --minus-unit.");
        if (o.MinusUnit is not null && !o.ExplainsUnits) throw OnnxVizException.Usage("--minus-unit belongs to --layer and --unit; of classes it is --minus.");
        if (o.Percentile is { } percentile && percentile is not (> 0 and <= 100)) throw OnnxVizException.Usage($"--percentile {percentile}: a number above 0, up to 100, is needed.");
        if (o.Colormap is { } map && ColorMap.Find(map) is null)
            throw OnnxVizException.Usage($"--colormap '{map}' is unknown. There are {string.Join(", ", ColorMap.All.Select(m => m.Name))}, each with _r behind it reversed.");
        foreach (var (option, given, used) in Uses(o))
            if (given && !methods.Any(used)) throw OnnxVizException.Usage($"--{option} belongs to {string.Join(", ", MethodChoice.All.Where(used).Select(m => m.Word))}, not to {string.Join(", ", methods.Select(m => m.Word))}.");
        if (o.Steps is < 1) throw OnnxVizException.Usage($"--steps {o.Steps}: at least one step is needed.");
        if (o.Steps > LargestRule) throw OnnxVizException.Usage($"--steps {o.Steps}: up to {LargestRule} are possible; 50 are usual, 300 exact.");
        if (o.Samples is < 1) throw OnnxVizException.Usage($"--samples {o.Samples}: at least one is needed.");
        if (o.Masks is < 1) throw OnnxVizException.Usage($"--masks {o.Masks}: at least one is needed.");
        if (o.Crops is < 1) throw OnnxVizException.Usage($"--crops {o.Crops}: at least one is needed.");
        if (o.Noise is { } noise && !(noise > 0 && double.IsFinite(noise))) throw OnnxVizException.Usage($"--noise {noise}: a positive share of the picture's range is needed, such as 0.15.");
    }

    /// <param name="o">The flags, checked.</param>
    /// <param name="model">The network.</param>
    /// <param name="inputDims">Of the pictures.</param>
    /// <exception cref="OnnxVizException">No such layer, or a baseline that cannot be read or does not fit.</exception>
    public static SaliencyOptions Parse(SaliencyArguments o, VisionModel model, long[] inputDims)
    {
        var defaults = SaliencyOptions.Default;
        var layout = InputLayout.Of(model, inputDims);
        (int, int)? window = o.Window is { } w ? Numbers.Size("--window", w) : null;
        if (window is var (height, width) && (height > layout.Height || width > layout.Width))
            throw OnnxVizException.Usage($"--window {o.Window} is larger than the picture that the model sees, {layout.Height}x{layout.Width}.");
        return new SaliencyOptions
        {
            MapLayer = o.Layer is { } layer && o.Unit is null ? model.Layers.Find(layer) : null,
            Baseline = o.Baseline is { } baseline ? Baseline(baseline, model, layout) : null,
            Steps = o.Steps ?? defaults.Steps,
            Quadrature = o.Quadrature is { } q
                ? Choice.Of("--quadrature", q, ("gauss-legendre", Quadrature.GaussLegendre), ("midpoint", Quadrature.Midpoint))
                : defaults.Quadrature,
            Samples = o.Samples ?? defaults.Samples,
            Noise = o.Noise ?? defaults.Noise,
            Window = window,
            Stride = o.Stride is { } stride ? Numbers.Size("--stride", stride) : null,
            Masks = o.Masks ?? defaults.Masks,
            Crops = o.Crops ?? 0,
            Seed = o.Seed,
        };
    }

    /// <summary>The numbers behind what was left out, as far as the methods read them.</summary>
    public static void Resolve(IDictionary<string, JsonNode?> resolved, SaliencyArguments o, SaliencyOptions options, IReadOnlyList<MethodChoice> methods)
    {
        if (methods.Any(m => m.Method == SaliencyMethod.IntegratedGradients))
        {
            resolved["steps"] = options.Steps;
            resolved["quadrature"] = options.Quadrature == Quadrature.Midpoint ? "midpoint" : "gauss-legendre";
        }

        if (methods.Any(m => m.HasBaseline)) resolved["baseline"] = IsFile(o.Baseline) ? Path.GetFileName(o.Baseline) : o.Baseline?.ToLowerInvariant() ?? "zero";
        if (methods.Any(m => m.IsNoisy)) (resolved["samples"], resolved["noise"]) = (options.Samples, options.Noise);
        if (methods.Any(m => m.Method == SaliencyMethod.Rise)) resolved["masks"] = options.Masks;
    }

    /// <summary>Whether --baseline names a file.</summary>
    public static bool IsFile(string? baseline) => baseline is not null && !IsWord(baseline, "zero") && !IsWord(baseline, "black");

    private static IEnumerable<(string Option, bool Given, Func<MethodChoice, bool> Used)> Uses(SaliencyArguments o)
    {
        yield return ("crops", o.Crops is not null, m => m.HasCrops);
        yield return ("steps", o.Steps is not null, m => m.Method == SaliencyMethod.IntegratedGradients);
        yield return ("quadrature", o.Quadrature is not null, m => m.Method == SaliencyMethod.IntegratedGradients);
        yield return ("baseline", o.Baseline is not null, m => m.HasBaseline);
        yield return ("samples", o.Samples is not null, m => m.IsNoisy);
        yield return ("noise", o.Noise is not null, m => m.IsNoisy);
        yield return ("window", o.Window is not null, m => m.Method == SaliencyMethod.Occlusion);
        yield return ("stride", o.Stride is not null, m => m.Method == SaliencyMethod.Occlusion);
        yield return ("masks", o.Masks is not null, m => m.Method == SaliencyMethod.Rise);
    }

    /// <summary>[1, ...] in the model's layout; null for zeros.</summary>
    private static Tensor? Baseline(string text, VisionModel model, InputLayout layout)
    {
        if (IsWord(text, "zero")) return null;
        if (IsWord(text, "black")) return model.Conventions.ToTensor(new Image(layout.Width, layout.Height));
        if (!text.EndsWith(".npy", StringComparison.OrdinalIgnoreCase))
            return model.Conventions.ToTensor((model.Conventions with { Height = layout.Height, Width = layout.Width }).Frame(ImageFile.Load(text)));
        var tensor = NpyFile.Load(text);
        var wanted = model.Conventions.InputDims(1, layout.Height, layout.Width);
        if (tensor.Type != ElementType.Float) throw OnnxVizException.Input($"--baseline '{text}' holds {tensor}: float32 is needed.");
        if (tensor.Dims.Length == 3) tensor = tensor.Reshaped([1, .. tensor.Dims]);
        if (!tensor.Dims.AsSpan().SequenceEqual(wanted))
            throw OnnxVizException.Input($"--baseline '{text}' has the shape [{Shapes.Text(tensor.Dims)}]; the model's input is [{Shapes.Text(wanted)}].");
        return Finite.Checked(tensor, $"--baseline '{text}'", model.Name);
    }

    private static bool IsWord(string text, string word) => text.Equals(word, StringComparison.OrdinalIgnoreCase);
}
