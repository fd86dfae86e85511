using OnnxViz.Doctor;

namespace OnnxViz.Cli.Verbs.Doctor;

/// <summary>What the program makes of a model, in words.</summary>
/// <param name="model">As it was loaded.</param>
/// <param name="given">--input, as it was given.</param>
/// <param name="token">Ends the examination.</param>
internal sealed class ModelReport(VisionModel model, IReadOnlyList<string> given, CancellationToken token)
{
    private readonly Examination _found = ModelExamination.Of(model, RuntimeOptions.Default, token);

    public void Tell(Output output)
    {
        var commands = FirstCommands.Of(_found, given);
        output.Table(["what", "this model"],
        [
            ["model", Model()],
            .. InputWords.Rows(_found, given),
            .. AnswerWords.Rows(_found),
            .. LayerWords.Rows(_found),
            .. Numbers(),
        ]);
        output.Say("");
        output.Table(["what", "works", "how, or why not"], _found.Abilities.Select(Row));
        output.Say("");
        output.Say(commands.Count == 1 ? "To try:" : $"{commands.Count} commands to try:");
        foreach (var command in commands) output.Say($"  {command}");
        output.Object(ModelFacts.Of(_found, given, commands));
    }

    private string Model()
    {
        var (file, cost) = (model.File, _found.Cost);
        string[] parts =
        [
            $"opset {model.Graph.Opset}", FileWords.Count(model.Graph.Nodes.Count, "node"), FileWords.Count(cost.Parameters, "parameter"),
            .. cost.Macs > 0 ? [cost.Macs < 1e8 ? $"{cost.Macs / 1e6:0.##} M MACs" : $"{cost.Macs / 1e9:0.##} G MACs"] : Array.Empty<string>(), FileWords.Size(file.Length),
        ];
        return $"{model.Name}: {string.Join(", ", parts)}{FileWords.Producer(file)}";
    }

    private IEnumerable<string[]> Numbers()
    {
        if (model.IsQuantized) yield return ["numbers", "quantised: gradients pass the rounding as if it were not there"];
        if (model.HadHalves) yield return ["numbers", "of half precision in the file; computed as float32"];
        if (_found.Classes is { AreFinite: false }) yield return ["numbers", "the scores of a picture of noise are not finite: weights are damaged, or the picture's conventions wrong"];
        var stops = _found.Coverage?.Uncovered.Where(u => u.OnPath).GroupBy(u => u.Operator).Select(g => $"{g.Key} ({(g.Count() == 1 ? $"node '{g.First().Node}'" : $"{g.Count()} nodes")})").ToList() ?? [];
        if (stops.Count > 0) yield return ["no gradient", $"of {string.Join(", ", stops)}, on the way from the input"];
        if (_found.Cost.Forward is { } forward)
        {
            var back = _found.Cost.WithGradient is { } gradient ? $", {FileWords.Size(gradient)} with its gradient" : "";
            yield return ["memory", $"at least {FileWords.Size(forward)} for what one {model.Conventions.Kind} becomes in it{back}"];
        }
    }

    private string[] Row(Ability ability) => [ability.Feature, ability.Obstacle is null ? "yes" : "no", How(ability)];

    private string How(Ability ability)
    {
        var methods = string.Join(", ", ability.Methods);
        // It stands above already.
        if (ability.Obstacle is not null && ability.Obstacle == _found.NoClasses && ability.Feature != "saliency") return "there are no classes";
        if (ability.Obstacle is { } why) return methods.Length > 0 ? $"{methods}: {why}" : why;
        return ability.Feature switch
        {
            "predict" when _found.Detector is { IsSure: true } => "the boxes of a picture",
            "predict" when _found.Classes is null => "the strongest units of the output",
            "predict" => $"{FileWords.Count(_found.Classes!.Count, "score")}{(model.Conventions.TakesPictures ? "" : " of --input-tensor FILE.npy")}",
            "saliency" => $"{(_found.Classes is not null ? "" : _found.Detector is { IsSure: true } ? "of boxes, --score box:K, and of units: " : "of units, --layer LAYER --unit N: ")}{methods}",
            "segment" => "what a class is about, cut out",
            "activations" => "the maps of a layer",
            "top" => "the pictures of a folder that units answer to most",
            "kernels" => "the weights of a convolution",
            "maximize" => $"what a unit{(_found.Classes is null ? "" : " or class")} looks for{Bounds()}",
            "invert" => $"a picture from a layer's code{Bounds()}",
            "deconv" => $"what units saw{Bounds()}, {(_found.Pools == 0 ? "without switches: there is no max-pool" : $"through the switches of {FileWords.Count(_found.Pools, "max-pool")}")}",
            "prepare" => $"gradients as files for any ONNX Runtime{Bounds()}",
            _ => "",
        };
    }

    /// <summary>Where there are layers behind an operator without a gradient.</summary>
    private string Bounds() => _found.Start.All(s => s.NoGradient is null) ? "" : $", up to {_found.Start.Last(s => s.NoGradient is null).Layer.Name}";
}
