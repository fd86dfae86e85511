using System.Text.Json.Nodes;
using OnnxViz.Cli.Shell;
using OnnxViz.Maximize;
using OnnxViz.Optimize.Parameterizations;

namespace OnnxViz.Cli.Verbs.Maximize;

/// <summary>Flags of `maximize` with everything spelled out that was left to defaults and recipes.</summary>
internal static class ResolvedOptions
{
    /// <summary>Flags that mean the same and need no recipe.</summary>
    /// <param name="flags">As given, or with a recipe's options.</param>
    /// <param name="options">What they mean.</param>
    public static MaximizeOptions Of(MaximizeOptions flags, MaximizationOptions options)
    {
        var (o, r) = (flags.Copy(), options.Regularization);
        (o.Recipe, o.PrintOptions, o.Json) = (null, false, false);
        o.Objective = flags.Position is null ? flags.Objective ?? "mean" : null;
        o.Param ??= "fourier";
        o.Optimizer = options.Optimizer.ToString().ToLowerInvariant();
        o.Init ??= "noise";
        o.NormalizeGradient ??= "none";
        o.Transforms = options.Transforms.ToString();
        (o.LearningRate, o.Steps, o.RedirectSteps, o.Restarts) = (options.LearningRate, options.Steps, options.RedirectSteps, options.Restarts);
        (o.Octaves, o.OctaveScale) = (options.Octaves.Count, options.Octaves.Count > 1 ? options.Octaves.Scale : flags.OctaveScale);
        if (options.Param == ParameterKind.Fourier) o.Decay = options.Decay;
        (o.L1, o.L2, o.AlphaNorm, o.TotalVariation, o.Scharr) = (r.L1, r.L2, r.AlphaNorm, r.TotalVariation, r.Scharr);
        o.Boundary = r.Boundary;
        if (options.Blur > 0) (o.Blur, o.BlurEvery) = (options.Blur, options.BlurEvery);
        if (r.AlphaNorm > 0) o.Alpha = r.Alpha;
        if (r.TotalVariation > 0) o.TotalVariationBeta = r.Beta;
        o.Background ??= "white";
        o.Labels ??= "below";
        return o;
    }

    /// <summary>The same as an object: options by their long names.</summary>
    public static JsonObject ToJson(MaximizeOptions resolved)
    {
        var json = new JsonObject();
        foreach (var (option, property) in Manual.Options(resolved.GetType()))
        {
            // What stands at its default is of no matter, but for the numbers that were resolved.
            if (property.GetValue(resolved) is { } value && !Equals(value, option.Default) && Manual.Json(value) is { } node) json[option.LongName] = node;
        }

        return json;
    }
}
