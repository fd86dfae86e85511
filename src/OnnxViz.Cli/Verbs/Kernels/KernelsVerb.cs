using System.Text.Json.Nodes;
using CommandLine;
using CommandLine.Text;
using OnnxViz.Imaging.Sheets;
using OnnxViz.Views;

namespace OnnxViz.Cli.Verbs.Kernels;

[Verb("kernels", HelpText = "Show the weights of a convolution, one tile per output channel.")]
internal class KernelsVerb : ModelOptions
{
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

    public static IEnumerable<BoundOption> Bound => Binding.Of(new KernelOptions());

    public override int Run(Output output)
    {
        var options = this.Onto(new KernelOptions());
        if (Slice is not null && options.Strongest is not null) throw OnnxVizException.Usage("--slice and --strongest do not go together: one of them says which input channels are shown.");
        Delivery.CheckRaw(Raw);
        using var model = LoadModel(output);
        var convolution = Convolution(model);
        var name = Layer ?? model.Layers.NameOf(convolution.Outputs[0]);
        var weight = Weight(model, convolution, name);
        var units = UnitList.Parse(Unit, weight.Dims[0], name, Seed);
        var groups = (int)convolution.Int("group", 1);
        var sheet = new KernelSheet(weight, groups, model.Conventions, options);
        var strongest = options.Strongest is { } count ? units.Distinct().ToDictionary(u => u, u => sheet.Strongest(u, count)) : null;
        var slices = Slice is null ? null : UnitList.Parse(Slice, weight.Dims[1] * groups, $"the input of {name}", Seed, "--slice");
        foreach (var unit in slices is null ? [] : units)
            foreach (var channel in slices!) sheet.CheckChannel(unit, channel, name);

        // Nothing is computed, so there is no device to choose.
        var delivery = new Delivery(this, model, RuntimeOptions.Default, output) { Records = [options] };
        delivery.CheckPlaces();
        delivery.Resolved["layer"] = name;
        delivery.Resolved["unit"] = JsonText.Array(units);
        output.Say($"{name}: weight [{Shapes.Text(weight.Dims)}]");
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
                ["strongest"] = strongest is null ? null : new JsonArray([.. units.Select(u => Facts(u, strongest[u]))]),
            });
        return 0;

        Image Draw()
        {
            var title = $"{name} of {delivery.Stem}";
            if (strongest is not null) return sheet.DrawSlices(units, u => [.. strongest[u].Select(s => s.Channel)], $"{title}, unit:input channel");
            return slices is not null ? sheet.DrawSlices(units, _ => slices, $"{title}, unit:input channel") : sheet.Draw(units, title);
        }
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

    /// <summary>[K, C, kh, kw] in float32, whatever casts or dequantises it in the file.</summary>
    private static Tensor Weight(VisionModel model, Node convolution, string name)
    {
        var value = convolution.Required(1);
        var constant = value.Constant ?? ShapedModel.Start(
            model, model.Conventions.InputDims(1, model.Conventions.Height, model.Conventions.Width), value)[value].Constant;
        if (constant is null) throw OnnxVizException.Input($"The weight of '{name}' is computed from the model's input: there is nothing fixed to show.");
        if (constant.Dims.Length != 4) throw OnnxVizException.Input($"The weight of '{name}' has the shape [{Shapes.Text(constant.Dims)}]: 2-D convolutions are shown.");
        return Finite.Checked(Tensor.Of(constant.ToFloats(), constant.Dims), $"the weight of '{name}'", model.Name);
    }
}
