using System.Text.Json.Nodes;
using CommandLine;
using CommandLine.Text;
using OnnxViz.Autodiff;
using OnnxViz.Autodiff.Rules;
using OnnxViz.Coverage;

namespace OnnxViz.Cli.Verbs.Coverage;

[Verb("coverage", HelpText = "List a model's operators and whether each has a gradient; exit 3 when one on the way from the picture has none.")]
internal sealed class CoverageVerb : ModelArgument
{
    [Value(0, MetaName = "MODEL", HelpText = "An .onnx file, or the name of a known model; without one, all operators that have a gradient are listed.")]
    public override string? Name { get; set; }

    [Option("layers", MetaValue = "A,B", HelpText = "Where gradients start; by default at the class scores, or else at all outputs.")]
    public string? Layers { get; set; }

    [Option("size", MetaValue = "H|HxW", HelpText = "Size of the picture; by default the model's own.")]
    public string? Size { get; set; }

    public static IEnumerable<Example> Examples =>
    [
        Manual.Example("Can this file be explained?", new CoverageVerb { Name = "net.onnx" }),
        Manual.Example("Up to one layer, for another program", new CoverageVerb { Name = "net.onnx", Layers = "features.14", Json = true }),
        Manual.Example("All operators with a gradient", new CoverageVerb()),
    ];

    public override int Run(Output output)
    {
        if (Named is { } name) return OfModel(name, output);
        if (Layers is not null || Size is not null) throw OnnxVizException.Usage("--layers and --size need a model: onnxviz coverage net.onnx.");
        var rules = GradientRules.Default.Operators.Order(StringComparer.Ordinal).ToList();
        output.Table(["operator", "gradient", "as a ReLU under guided, deconv, redirected"], rules.Select(op => new[] { op, "full", GradientRules.IsReluLike(op) ? "yes" : "" }));
        output.Say("Other operators are ReLUs where they do what one does, as Max(x, 0) does.");
        output.Say($"Gradients stop at {string.Join(", ", GradientRules.Stopping)}.");
        output.Object(new JsonObject
        {
            ["verb"] = "coverage",
            ["operators"] = new JsonArray([.. rules.Select(op => new JsonObject { ["op"] = op, ["gradient"] = "full", ["rectifier"] = GradientRules.IsReluLike(op) })]),
            ["stops"] = JsonText.Array(GradientRules.Stopping),
        });
        return 0;
    }

    private int OfModel(string name, Output output)
    {
        using var model = Load(name);
        var (height, width) = Size is null ? (model.Conventions.Height, model.Conventions.Width) : Numbers.Size("--size", Size);
        var dims = model.Conventions.InputDims(1, height, width);
        dims[0] = ShapedModels.PicturesAtOnce(model, dims);
        var report = GradientCoverage.Of(model, dims, Explained(model), GradientRules.Default);
        output.Say($"{model.Name}: opset {model.Graph.Opset}, input {model.Input.Name} [{Shapes.Text(dims)}], {report.Operators.Sum(o => o.Nodes)} nodes, {report.Folded} more fold away");
        output.Table(
            ["operator", ">nodes", ">on the path", "gradient"],
            report.Operators.Select(o => new[] { o.Operator, $"{o.Nodes}", o.OnPath == 0 ? "" : $"{o.OnPath}", Word(o.Support) }));
        foreach (var node in report.Uncovered) output.Say(Sentence(node));
        if (report.OtherInputs.Count > 0)
            output.Say($"Inputs that are needed beside the picture: {string.Join(", ", report.OtherInputs)}. Give them by --input NAME=FILE.npy, or name a layer that does without.");
        var missing = report.Uncovered.Count(u => u.OnPath);
        output.Say(report.IsCovered
            ? "Covered: gradients reach the picture."
            : $"NOT covered: {missing} node{(missing == 1 ? "" : "s")} on the way from the picture without a gradient.");
        output.Object(ToJson(report, model, dims));
        return report.IsCovered ? 0 : Failure.ExitCodeOf(Fault.Input);
    }

    private Value[] Explained(VisionModel model)
    {
        if (Layers is not null)
            return [.. Layers.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(model.Layers.Find)];
        return ClassOutput.Find(model) is { } scores ? [scores] : [.. model.Graph.Outputs];
    }

    private static string Sentence(UncoveredNode u)
    {
        var inside = u.Inside.Count > 0 ? $" In it without a gradient: {string.Join(", ", u.Inside)}." : "";
        return $"{u.Operator} node '{u.Node}' ({(u.Domain.Length > 0 ? $"{u.Domain} {u.Version}" : $"opset {u.Version}")}{(u.OnPath ? "" : ", not on the path")}): "
            + $"{u.Reason.TrimEnd('.')}.{inside} {u.Remedy}";
    }

    private static JsonObject ToJson(CoverageReport report, VisionModel model, long[] dims) => new()
    {
        ["verb"] = "coverage",
        ["model"] = model.Name,
        ["opset"] = model.Graph.Opset,
        ["input_shape"] = JsonText.Array(dims),
        ["covered"] = report.IsCovered,
        ["folded"] = report.Folded,
        ["operators"] = new JsonArray([.. report.Operators.Select(o => new JsonObject
        {
            ["op"] = o.Operator,
            ["nodes"] = o.Nodes,
            ["on_path"] = o.OnPath,
            ["gradient"] = Word(o.Support),
        })]),
        ["missing"] = new JsonArray([.. report.Uncovered.Select(u => new JsonObject
        {
            ["op"] = u.Operator,
            ["node"] = u.Node,
            ["domain"] = u.Domain,
            ["version"] = u.Version,
            ["on_path"] = u.OnPath,
            ["reason"] = u.Reason,
            ["remedy"] = u.Remedy,
            ["inside"] = JsonText.Array(u.Inside),
        })]),
        ["other_inputs"] = JsonText.Array(report.OtherInputs),
    };

    private static string Word(GradientSupport support) => support switch
    {
        GradientSupport.Full => "full",
        GradientSupport.Stops => "stops",
        _ => "MISSING",
    };
}
