using OnnxViz.Options;
using OnnxViz.Saliency;
using OnnxViz.Views;

namespace OnnxViz.Cli.Verbs.Saliency;

/// <summary>From the flags of `saliency` to what the library understands.</summary>
internal static class SaliencyFlags
{
    private static IEnumerable<(SaliencyMethod Method, Option Option)> MethodOptions => SaliencyMethod.All.SelectMany(m => OptionTable.Of(m.GetType()).Select(o => (m, o)));

    /// <summary>The options of all methods, each with the methods that have it, and those of drawing.</summary>
    public static IEnumerable<BoundOption> Bound => MethodOptions.GroupBy(o => o.Option.Name)
        .Select(same => new BoundOption(same.First().Option, same.First().Option.DefaultIn(same.First().Method)) { Owner = Words(same.Select(o => o.Method)) })
        .Concat(Binding.Of(new SaliencyDrawing(), new ShownParts()));

    /// <summary>Help's list of the methods.</summary>
    public static IEnumerable<string> Listed => SaliencyMethod.All.Select(m => $"  {m.Word,-22}{m.Summary.TrimEnd('.')} ({m.Paper}).").Prepend("Methods:");

    /// <summary>--method or --methods, with their options.</summary>
    /// <exception cref="OnnxVizException">An unknown method, one twice, an option of another method, or a value that makes no sense.</exception>
    public static IReadOnlyList<SaliencyMethod> Methods(SaliencyArguments o)
    {
        var methods = Chosen(o);
        foreach (var (name, _) in o.Given())
        {
            var owners = MethodOptions.Where(m => m.Option.Name == name).Select(m => m.Method).ToList();
            if (owners.Count > 0 && !owners.Exists(owner => methods.Any(m => m.Word == owner.Word)))
                throw OnnxVizException.Usage($"--{name} belongs to {Words(owners)}, not to {Words(methods)}.");
        }

        return [.. methods.Select(method =>
        {
            var own = o.Onto(method) with { Seed = o.Seed };
            return own is LayerMethod map && o.Unit is null ? map with { Layer = o.Layer } : own;
        })];
    }

    /// <summary>Refuses flags that do not go together.</summary>
    /// <exception cref="OnnxVizException">An impossible combination.</exception>
    public static void Check(SaliencyArguments o, IReadOnlyList<SaliencyMethod> methods)
    {
        if (methods.Count > 1 && o.Raw is not null) throw OnnxVizException.Usage("--raw holds the result of one method: name one with --method.");
        if ((o.TargetLayer is null) != (o.TargetUnit is null)) throw OnnxVizException.Usage("--target-layer and --target-unit belong together: --target-layer pool5 --target-unit 25.");
        if (o.TargetUnit is not null && o.Unit is not null) throw OnnxVizException.Usage("--unit and --target-unit do not go together: one of them says what is explained.");
        if (o.Class is not null && o.ExplainsUnits) throw OnnxVizException.Usage("--class and --layer with --unit do not go together: one of them says what is explained.");
        if (o.Unit is not null && o.Layer is null) throw OnnxVizException.Usage("--layer and --unit belong together: --layer conv5_3 --unit 25.");
        if (o.Layer is not null && o.Unit is null && !methods.Any(m => m is LayerMethod))
        {
            throw OnnxVizException.Usage(o.TargetLayer is null
                ? "--layer and --unit belong together: --layer conv5_3 --unit 25. Alone --layer is for class activation maps."
                : "--layer names the layer of a class activation map here, and no method asked for makes one.");
        }

        if (BoxTarget.IsAskedBy(o.Score))
        {
            _ = BoxTarget.Indices(o.Score);
            if (o.ExplainsUnits) throw OnnxVizException.Usage($"--score {o.Score} says itself what is explained; leave {(o.Unit is null ? "--target-layer" : "--unit")} out.");
        }
        else if (o.Given().Any(g => g.Name == "iou")) throw OnnxVizException.Usage("--iou belongs to --score box:K.");
        else if ((o.TargetUnit ?? o.Unit)?.Contains('@', StringComparison.Ordinal) == true && o.Score != "mean")
            throw OnnxVizException.Usage($"--{(o.Unit is null ? "target-unit" : "unit")} {o.TargetUnit ?? o.Unit} names one position, which is the score itself; leave --score out.");
        if (o.Minus is not null && o.ExplainsUnits) throw OnnxVizException.Usage("--minus names a class; of units it is --minus-unit.");
        if (o.MinusUnit is not null && !o.ExplainsUnits) throw OnnxVizException.Usage("--minus-unit belongs to --layer and --unit; of classes it is --minus.");
    }

    private static IReadOnlyList<SaliencyMethod> Chosen(SaliencyArguments o)
    {
        if (o.Methods is null) return [SaliencyMethod.Parse(o.Method, nameof(o.Method))];
        if (o.Method != "gradient") throw OnnxVizException.Usage("--method and --methods do not go together: the second is a list.");
        if (o.Methods.Equals("all", StringComparison.OrdinalIgnoreCase)) return SaliencyMethod.All;
        var chosen = o.Methods.Split(',', StringSplitOptions.TrimEntries).Select(word => SaliencyMethod.Parse(word, nameof(o.Methods))).ToList();
        return chosen.Distinct().Count() == chosen.Count ? chosen : throw OnnxVizException.Usage($"--methods {o.Methods}: one of them is there twice.");
    }

    private static string Words(IEnumerable<SaliencyMethod> methods) => string.Join(", ", methods.Select(m => m.Word));
}
