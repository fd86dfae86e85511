using System.Globalization;
using OnnxViz.Maximize;
using OnnxViz.Objectives;

namespace OnnxViz.Cli.Verbs.Maximize;

/// <summary>From --layer, --unit, --class and their like to the pictures that `maximize` is to find.</summary>
internal sealed class Targets
{
    private readonly MaximizeVerb _verb;
    private readonly VisionModel _model;
    private readonly MaximizeOptions _options;
    private readonly MapPosition? _position;

    private Targets(MaximizeVerb verb, MaximizeOptions options, VisionModel model)
    {
        (_verb, _options, _model) = (verb, options, model);
        if (verb.Position is { } position)
        {
            var numbers = Numbers.Floats("--position", position, 2);
            if (numbers.Any(n => n < 0 || n != (int)n)) throw OnnxVizException.Usage($"--position {position}: Y,X counted from 0,0 is needed, such as 7,7.");
            _position = new MapPosition((int)numbers[0], (int)numbers[1]);
        }
    }

    private bool IsLayer => _options.Objective == MaximizeObjective.Layer;

    /// <summary>Refuses what goes wrong whatever the model.</summary>
    /// <exception cref="OnnxVizException">Options that contradict each other, or nothing asked for.</exception>
    public static void Check(MaximizeVerb v, MaximizeOptions o)
    {
        var isLayer = o.Objective == MaximizeObjective.Layer;
        if (v.Class is not null && v.Layer is not null) throw OnnxVizException.Usage("--class and --layer do not go together: one of them says what is maximised.");
        if (v.Class is not null && v.Unit is not null) throw OnnxVizException.Usage("--unit belongs to --layer; --class names the unit itself.");
        if (v.Class is not null && (isLayer || v.Direction is not null))
            throw OnnxVizException.Usage($"{(isLayer ? "--objective layer" : "--direction")} belongs to --layer, not to --class.");
        if (v.Class is null && (v.Layer is null || (v.Unit is null && !isLayer && v.Direction is null)))
            throw OnnxVizException.Usage("What is to be maximised? --layer conv4_3 --unit 0,5, or --class espresso.");
        if (isLayer && (v.Unit is not null || v.Direction is not null || v.Position is not null))
            throw OnnxVizException.Usage("--objective layer takes the whole of --layer: leave --unit, --direction and --position out.");
        if (v.Position is not null && v.Given().Any(g => g.Name == "objective")) throw OnnxVizException.Usage("--position is an objective itself; leave --objective out.");
        if (v.Unit?.Contains('@', StringComparison.Ordinal) == true && (v.Position is not null || v.Given().Any(g => g.Name == "objective")))
            throw OnnxVizException.Usage($"--unit {v.Unit} names a position, which is an objective itself; leave {(v.Position is null ? "--objective" : "--position")} out.");
        if (v.Direction is not null && v.Unit is not null) throw OnnxVizException.Usage("--direction and --unit do not go together: one of them says what is maximised.");
        if (v.CosinePower is { } power && (v.Direction is null || !(power is >= 0 and <= 16)))
            throw OnnxVizException.Usage($"--cosine-power {power}: a number from 0 to 16 is needed, and a --direction.");
        if (v.Copies is < 1 or > 64) throw OnnxVizException.Usage($"--copies {v.Copies}: a number from 1 to 64 is needed.");
        if (o.Diversity > 0 && v.Copies is null or 1) throw OnnxVizException.Usage("--diversity keeps --copies apart: say how many, such as --copies 4.");
        if (v.Interpolate is < 2 or > 64) throw OnnxVizException.Usage($"--interpolate {v.Interpolate}: a number of pictures from 2 to 64 is needed.");
        if (v.Interpolate is not null && v.Copies is not null) throw OnnxVizException.Usage("--interpolate and --copies do not go together.");
    }

    /// <summary>In the order given.</summary>
    /// <exception cref="OnnxVizException">A unit, class or layer that does not exist; a text or a file that says something else.</exception>
    public static IReadOnlyList<Target> Of(MaximizeVerb verb, MaximizeOptions options, VisionModel model)
    {
        var targets = new Targets(verb, options, model);
        var named = verb.Class is null ? targets.OfLayer(model.Layers.Find(verb.Layer!)) : targets.OfClasses();
        if (verb.Interpolate is { } steps) named = Interpolated(named, steps);
        if (verb.Copies is { } copies) named = [.. named.SelectMany((s, i) => Copies(s, copies, i))];
        return [.. verb.Plus.Aggregate(named, (all, text) => [.. all.Select(s => s.Plus(targets.Term(text)))])];
    }

    private IReadOnlyList<Target> OfClasses()
    {
        var scores = ClassOutput.Of(_model);
        return [.. ClassName.Several(_verb.Class!, _model).Select(name =>
        {
            var id = ClassName.Resolve(name, _model) ?? throw OnnxVizException.Usage("--class top needs a picture; name the class that is to be maximised.");
            return New(ClassName.Of(_model, id), Unit(scores, new UnitPlace(id, null)), isWhole: true);
        })];
    }

    private IReadOnlyList<Target> OfLayer(Value layer)
    {
        if (IsLayer) return [New(_verb.Layer!, Objective.WholeLayer(layer), isWhole: true)];
        if (_verb.Direction is { } file)
        {
            var rows = DirectionFile.Load(file);
            return [.. rows.Select((d, i) => New(rows.Count == 1 ? "direction" : $"direction {i}", Objective.Of(
                new DirectionTerm(layer, d, _verb.CosinePower ?? 0, _options.Reduction) { Position = _position })) is var s ? s with { Goal = s.Goal with { Noise = (ulong)i } } : s)];
        }

        var c = _model.Conventions;
        var dims = LayerShape.Of(_model, layer, c.InputDims(1, c.Height, c.Width));
        return [.. UnitList.Parts(_verb.Unit!, dims.Length - 2).SelectMany(part => UnitSum.Is(part)
            ? [New(part.Replace(" ", "", StringComparison.Ordinal), Sum(part, layer, dims))]
            : UnitList.Places(part, dims, _verb.Layer!, _verb.Seed).Select(u => New($"{u}", Unit(layer, u))))];
    }

    private Objective Sum(string part, Value layer, long[] dims) => UnitSum.Parse("--unit", part)
        .SelectMany(s => UnitList.Places(s.Unit, dims, _verb.Layer!, _verb.Seed).Select(u => Unit(layer, u) * s.Weight))
        .Aggregate((a, b) => a + b);

    /// <summary>--plus "0.5*conv5_3:43".</summary>
    private Objective Term(string text)
    {
        var (weight, term) = UnitSum.Weighted("--plus", text);
        var colon = term.LastIndexOf(':');
        if (colon < 1 || !int.TryParse(term[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var unit))
            throw OnnxVizException.Usage($"--plus {text}: WEIGHT*LAYER:UNIT is needed, such as 0.5*conv5_3:43.");
        return Objective.Unit(_model.Layers.Find(term[..colon]), unit, _options.Reduction) * weight;
    }

    private Objective Unit(Value layer, UnitPlace place) => Objective.Of(new UnitTerm(layer, place.Unit, _options.Reduction) { Position = place.Position ?? _position });

    private Target New(string text, Objective objective, bool isWhole = false) =>
        new(isWhole ? text : $"{_verb.Layer} {text}", text, new MaximizationGoal(objective));

    /// <summary>From the first of two to the second, all from one noise, so that neighbours look alike.</summary>
    private static IReadOnlyList<Target> Interpolated(IReadOnlyList<Target> ends, int count)
    {
        if (ends is not [var from, var to]) throw OnnxVizException.Usage($"--interpolate goes from one to another: two units are needed, not {ends.Count}.");
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var share = i / (count - 1f);
            var text = i == 0 ? from.Short : i == count - 1 ? to.Short : string.Create(CultureInfo.InvariantCulture, $"{1 - share:0.##}*{from.Short}+{share:0.##}*{to.Short}");
            var label = from.Label == from.Short ? text : from.Label[..^from.Short.Length] + text;
            var objective = i == 0 ? from.Goal.Objective : i == count - 1 ? to.Goal.Objective : (from.Goal.Objective * (1 - share)) + (to.Goal.Objective * share);
            return new Target(label, text, from.Goal with { Objective = objective, Group = 0 });
        })];
    }

    private static IEnumerable<Target> Copies(Target target, int count, int group) => Enumerable.Range(0, count).Select(i => new Target(
        $"{target.Label} #{i + 1}", $"{target.Short} #{i + 1}", target.Goal with { Noise = target.Goal.Noise + ((ulong)i << 40), Group = group }));
}
