using System.Text.Json.Nodes;
using CommandLine;
using CommandLine.Text;
using OnnxViz.Imaging.Sheets;
using OnnxViz.Views;

namespace OnnxViz.Cli.Verbs.Kernels;

[Verb("kernels", HelpText = "Show the weights of a convolution, one tile per output channel.")]
internal class KernelsVerb : ModelArgument, IResults, IRandom
{
    private const string DefaultModel = "vgg16-body";

    public string? Out { get; set; }

    public string? Raw { get; set; }

    public ulong Seed { get; set; }

    [Option("layer", MetaValue = "LAYER", HelpText = "A convolution; by default the first one.")]
    public string? Layer { get; set; }

    [Option("unit", Default = "all", MetaValue = "UNITS", HelpText = "Which output channels: 25, or 0,5,8-12, or all, or random:9.")]
    public string Unit { get; set; } = "all";

    [Option("slice", MetaValue = "CHANNELS", HelpText = "A row for each unit, with the kernel's slices for these input channels: 3, or 0,5,8-12, or all.")]
    public string? Slice { get; set; }

    public static IEnumerable<Example> Examples =>
    [
        Manual.Example("The first layer of the carried classifier", new KernelsVerb { Model = "efficientnet-lite0", Out = "kernels.png" }),
        Manual.Example("What a unit takes from which maps below it", new KernelsVerb { Layer = "conv3_1", Unit = "5,40" }.With(("strongest", "12"))),
        Manual.Example("Some kernels of another layer", new KernelsVerb { Layer = "conv2_1", Unit = "0-15" }),
    ];

    public static IEnumerable<BoundOption> Bound => Binding.Of(new KernelOptions()).Concat(Conventions.Bound.Where(o => o.Option.Name == "color"));

    public override string? ModelName => Name ?? Model ?? DefaultModel;

    public override int Run(Output output)
    {
        var options = this.Onto(new KernelOptions());
        if (Slice is not null && options.Strongest is not null) throw OnnxVizException.Usage("--slice and --strongest do not go together: one of them says which input channels are shown.");
        Delivery.CheckRaw(Raw);
        if (Named is null) output.Say($"Model: {DefaultModel} (the default; -m names another).");
        using var loaded = Load(ModelName!);
        Conventions.TellName(loaded, this, output);
        // Nothing is made of pictures: of what the model expects of them the colours count alone.
        var model = loaded.With(this.Onto(new ConventionOptions()).Of(loaded));
        var convolution = Convolution(model);
        var name = Layer ?? model.Layers.NameOf(convolution.Outputs[0]);
        var weight = Weight(model, convolution, name);
        var units = UnitList.Parse(Unit, weight.Dims[0], name, Seed);
        var groups = (int)convolution.Int("group", 1);
        var sheet = weight.Dims.Length == 4 ? new KernelSheet(weight, groups, model.Conventions, options) : null;
        if (sheet is null && (Raw is null || Out is not null))
            throw OnnxVizException.Input($"'{name}' is a {weight.Dims.Length - 2}-D convolution (its weight is [{Shapes.Text(weight.Dims)}]), and kernels draws those of two dimensions: --raw FILE.npy alone writes the numbers.");
        var count = options.Strongest ?? (sheet is null or { IsColor: true } or { IsMatrix: true } or { Channels: 1 } || Slice is not null ? null : KernelOptions.Usual);
        if (sheet is { IsColor: true } && !model.IsDescribed) output.Note($"{model.Name} is no known model: its colours are taken as {model.Conventions.Color} (--color says otherwise).");
        var strongest = count is { } most && sheet is not null ? units.Distinct().ToDictionary(u => u, u => sheet.Strongest(u, most)) : null;
        var slices = Slice is null ? null : UnitList.Parse(Slice, weight.Dims[1] * groups, $"the input of {name}", Seed, "--slice");
        foreach (var unit in slices is null ? [] : units)
            foreach (var channel in slices!) sheet?.CheckChannel(unit, channel, name);

        // Nothing is computed, so there is no device to choose.
        var delivery = new Delivery(this, model, RuntimeOptions.Default, output) { Records = [options] };
        delivery.CheckPlaces();
        delivery.Resolved["layer"] = name;
        delivery.Resolved["unit"] = JsonText.Array(units);
        output.Say($"{name}: weight [{Shapes.Text(weight.Dims)}]");
        if (sheet is not null && delivery.WantsPicture) output.Say(Drawn(sheet, strongest is null ? null : Math.Min(count!.Value, sheet.Channels), slices is not null, isAsked: options.Strongest is not null));
        delivery.Write(
            () => weight,
            () => [new PictureResult($"{delivery.Stem}_{name}_kernels", name, Draw(), [])],
            $"{delivery.Stem}_{name}_kernels",
            new GridOptions(),
            new JsonObject
            {
                ["verb"] = "kernels",
                ["model"] = model.Name,
                ["layer"] = name,
                ["shape"] = JsonText.Array(weight.Dims),
                ["drawn"] = sheet is null || !delivery.WantsPicture ? null
                    : slices is not null ? "slices" : strongest is not null ? "strongest" : sheet.IsColor ? "colors" : sheet.IsMatrix ? "matrix" : "units",
                ["strongest"] = strongest is null ? null : new JsonArray([.. units.Select(u => Facts(u, strongest[u]))]),
            });
        return 0;

        Image Draw()
        {
            var title = $"{name} of {delivery.Stem}";
            // Unasked, of many units, as many in a row as make the sheet about square.
            var perRow = options.Strongest is not null ? 1 : Math.Max(1, (int)Math.Round(Math.Sqrt((double)units.Count / KernelOptions.Usual)));
            if (strongest is not null) return sheet!.DrawSlices(units, u => [.. strongest[u].Select(s => s.Channel)], $"{title}, unit:input channel", perRow);
            return slices is not null ? sheet!.DrawSlices(units, _ => slices, $"{title}, unit:input channel") : sheet!.Draw(units, title);
        }
    }

    /// <summary>What the tiles are.</summary>
    private static string Drawn(KernelSheet sheet, int? strongest, bool hasSlices, bool isAsked)
    {
        const string Signs = "red weighs for, blue against";
        if (hasSlices) return $"Drawn: a row for each unit, its slices for these input channels; {Signs}, on one scale for a unit.";
        if (strongest is { } count)
        {
            var which = count == sheet.Channels ? $"all {count} input channels" : $"the {count} of {sheet.Channels} input channels that a unit weighs most";
            return $"Drawn: the slices for {which}; {Signs}, on one scale for a unit{(isAsked ? "" : " (--strongest N and --slice A,B show others)")}.";
        }

        if (sheet.IsColor) return "Drawn: each unit's weights as the colours that it takes in, from its smallest weight to its largest.";
        return sheet.IsMatrix
            ? $"Drawn: one matrix, a row for each unit, its {sheet.Channels} input channels across; {Signs}."
            : $"Drawn: the weights of each unit for its one input channel; {Signs}.";
    }

    private static JsonObject Facts(int unit, IReadOnlyList<(int Channel, double Norm)> strongest) => new()
    {
        ["unit"] = unit,
        ["channels"] = new JsonArray([.. strongest.Select(s => new JsonObject { ["channel"] = s.Channel, ["norm"] = s.Norm })]),
    };

    private Node Convolution(VisionModel model)
    {
        if (Layer is null)
        {
            return model.Graph.Nodes.Find(n => n.OpType == "Conv")
                ?? throw OnnxVizException.Input($"{model.Name} has no convolution.");
        }

        var value = model.Layers.Find(Layer);
        return value.Producer is { OpType: "Conv" } node
            ? node
            : throw OnnxVizException.Input($"'{Layer}' of {model.Name} is {(value.Producer is { } n ? $"a {n.OpType}" : "an input")}: kernels are the weights of a Conv.");
    }

    /// <summary>[K, C, kh, kw], of other convolutions with another number of axes, in float32, whatever casts or dequantises it in the file.</summary>
    private static Tensor Weight(VisionModel model, Node convolution, string name)
    {
        var value = convolution.Required(1);
        var constant = value.Constant ?? ShapedModel.Start(
            model, model.Conventions.InputDims(1, model.Conventions.Height, model.Conventions.Width), value)[value].Constant;
        if (constant is null) throw OnnxVizException.Input($"The weight of '{name}' is computed from the model's input: there is nothing fixed to show.");
        return Finite.Checked(Tensor.Of(constant.ToFloats(), constant.Dims), $"the weight of '{name}'", model.Name);
    }
}
