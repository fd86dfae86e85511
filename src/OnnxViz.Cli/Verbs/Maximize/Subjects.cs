using System.Globalization;
using OnnxViz.Cli.Shared;
using OnnxViz.Cli.Shell;
using OnnxViz.Graphs;
using OnnxViz.Maximize;
using OnnxViz.Models;
using OnnxViz.Objectives;

namespace OnnxViz.Cli.Verbs.Maximize;

/// <summary>From --layer, --unit, --class and their like to the pictures that `maximize` is to find.</summary>
internal sealed class Subjects
{
    private readonly MaximizeOptions _options;
    private readonly VisionModel _model;
    private readonly Reduction _reduction;
    private readonly (int Y, int X)? _position;

    private Subjects(MaximizeOptions options, VisionModel model)
    {
        (_options, _model) = (options, model);
        _reduction = MaximizationFlags.ReductionOf(options);
        if (options.Position is { } position)
        {
            if (options.Objective is not null) throw OnnxVizException.Usage($"--position is an objective itself; leave --objective {options.Objective} out.");
            var numbers = Numbers.Floats("--position", position, 2);
            if (numbers.Any(n => n < 0 || n != (int)n)) throw OnnxVizException.Usage($"--position {position}: Y,X counted from 0,0 is needed, such as 7,7.");
            _position = ((int)numbers[0], (int)numbers[1]);
        }
    }

    /// <summary>Refuses what goes wrong whatever the model.</summary>
    /// <exception cref="OnnxVizException">Options that contradict each other, or nothing asked for.</exception>
    public static void Check(MaximizeOptions o)
    {
        var isLayer = MaximizationFlags.IsLayer(o);
        if (o.Class is not null && o.Layer is not null) throw OnnxVizException.Usage("--class and --layer do not go together: one of them says what is maximised.");
        if (o.Class is not null && o.Unit is not null) throw OnnxVizException.Usage("--unit belongs to --layer; --class names the unit itself.");
        if (o.Class is not null && (isLayer || o.Direction is not null))
            throw OnnxVizException.Usage($"{(isLayer ? "--objective layer" : "--direction")} belongs to --layer, not to --class.");
        if (o.Class is null && (o.Layer is null || (o.Unit is null && !isLayer && o.Direction is null)))
            throw OnnxVizException.Usage("What is to be maximised? --layer conv4_3 --unit 0,5, or --class espresso.");
        if (isLayer && (o.Unit is not null || o.Direction is not null || o.Position is not null))
            throw OnnxVizException.Usage("--objective layer takes the whole of --layer: leave --unit, --direction and --position out.");
        if (o.Direction is not null && o.Unit is not null) throw OnnxVizException.Usage("--direction and --unit do not go together: one of them says what is maximised.");
        if (o.CosinePower is { } power && (o.Direction is null || !(power is >= 0 and <= 16)))
            throw OnnxVizException.Usage($"--cosine-power {power}: a number from 0 to 16 is needed, and a --direction.");
        if (o.Copies is < 1 or > 64) throw OnnxVizException.Usage($"--copies {o.Copies}: a number from 1 to 64 is needed.");
        if (o.Diversity is not null && o.Copies is null or 1) throw OnnxVizException.Usage("--diversity keeps --copies apart: say how many, such as --copies 4.");
        if (o.Interpolate is < 2 or > 64) throw OnnxVizException.Usage($"--interpolate {o.Interpolate}: a number of pictures from 2 to 64 is needed.");
        if (o.Interpolate is not null && o.Copies is not null) throw OnnxVizException.Usage("--interpolate and --copies do not go together.");
    }

    /// <summary>In the order given.</summary>
    /// <exception cref="OnnxVizException">A unit, class or layer that does not exist; a text or a file that says something else.</exception>
    public static IReadOnlyList<Subject> Of(MaximizeOptions options, VisionModel model)
    {
        Check(options);
        var subjects = new Subjects(options, model);
        var named = options.Class is null ? subjects.OfLayer(model.Layers.Find(options.Layer!)) : subjects.OfClasses();
        if (options.Interpolate is { } steps) named = Interpolated(named, steps);
        if (options.Copies is { } copies) named = [.. named.SelectMany((s, i) => Copies(s, copies, i))];
        return [.. options.Plus.Aggregate(named, (all, text) => [.. all.Select(s => s.Plus(subjects.Term(text)))])];
    }

    private IReadOnlyList<Subject> OfClasses()
    {
        var scores = ClassOutput.Of(_model);
        return [.. ClassName.Several(_options.Class!, _model).Select(name =>
        {
            var id = ClassName.Resolve(name, _model) ?? throw OnnxVizException.Usage("--class top needs a picture; name the class that is to be maximised.");
            return New(ClassName.Of(_model, id), Unit(scores, id), isWhole: true);
        })];
    }

    private IReadOnlyList<Subject> OfLayer(Value layer)
    {
        if (MaximizationFlags.IsLayer(_options)) return [New(_options.Layer!, Objective.WholeLayer(layer), isWhole: true)];
        if (_options.Direction is { } file)
        {
            var rows = DirectionFile.Load(file);
            return [.. rows.Select((d, i) => New(rows.Count == 1 ? "direction" : $"direction {i}", Objective.Of(
                new DirectionTerm(layer, d, _options.CosinePower ?? 0, _reduction) { Position = _position })) is var s ? s with { Goal = s.Goal with { Noise = (ulong)i } } : s)];
        }

        var c = _model.Conventions;
        var count = LayerShape.Of(_model, layer, c.InputDims(1, c.Height, c.Width))[1];
        return [.. _options.Unit!.Split(',', StringSplitOptions.TrimEntries).SelectMany(part => UnitSum.Is(part)
            ? [New(part.Replace(" ", "", StringComparison.Ordinal), Sum(part, layer, count))]
            : UnitList.Parse(part, count, _options.Layer!, _options.Seed).Select(u => New($"{u}", Unit(layer, u))))];
    }

    private Objective Sum(string part, Value layer, long count) => UnitSum.Parse("--unit", part)
        .SelectMany(s => UnitList.Parse(s.Unit, count, _options.Layer!, _options.Seed).Select(u => Unit(layer, u) * s.Weight))
        .Aggregate((a, b) => a + b);

    /// <summary>--plus "0.5*conv5_3:43".</summary>
    private Objective Term(string text)
    {
        var (weight, term) = UnitSum.Weighted("--plus", text);
        var colon = term.LastIndexOf(':');
        if (colon < 1 || !int.TryParse(term[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var unit))
            throw OnnxVizException.Usage($"--plus {text}: WEIGHT*LAYER:UNIT is needed, such as 0.5*conv5_3:43.");
        return Objective.Unit(_model.Layers.Find(term[..colon]), unit, _reduction) * weight;
    }

    private Objective Unit(Value layer, int unit) => Objective.Of(new UnitTerm(layer, unit, _reduction) { Position = _position });

    private Subject New(string text, Objective objective, bool isWhole = false) =>
        new(isWhole ? text : $"{_options.Layer} {text}", text, new MaximizationGoal(objective));

    /// <summary>From the first of two to the second, all from one noise, so that neighbours look alike.</summary>
    private static IReadOnlyList<Subject> Interpolated(IReadOnlyList<Subject> ends, int count)
    {
        if (ends is not [var from, var to]) throw OnnxVizException.Usage($"--interpolate goes from one to another: two units are needed, not {ends.Count}.");
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var share = i / (count - 1f);
            var text = i == 0 ? from.Short : i == count - 1 ? to.Short : string.Create(CultureInfo.InvariantCulture, $"{1 - share:0.##}*{from.Short}+{share:0.##}*{to.Short}");
            var label = from.Label == from.Short ? text : from.Label[..^from.Short.Length] + text;
            var objective = i == 0 ? from.Goal.Objective : i == count - 1 ? to.Goal.Objective : (from.Goal.Objective * (1 - share)) + (to.Goal.Objective * share);
            return new Subject(label, text, from.Goal with { Objective = objective, Group = 0 });
        })];
    }

    private static IEnumerable<Subject> Copies(Subject subject, int count, int group) => Enumerable.Range(0, count).Select(i => new Subject(
        $"{subject.Label} #{i + 1}", $"{subject.Short} #{i + 1}", subject.Goal with { Noise = subject.Goal.Noise + ((ulong)i << 40), Group = group }));
}
