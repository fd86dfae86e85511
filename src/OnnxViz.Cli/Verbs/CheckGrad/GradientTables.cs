using System.Text.Json.Nodes;
using OnnxViz.Check;

namespace OnnxViz.Cli.Verbs.CheckGrad;

/// <summary>What a check of gradients found, for people and as JSON.</summary>
internal static class GradientTables
{
    /// <summary>Nodes at fault that are listed.</summary>
    private const int MostBlamed = 20;

    public static void Print(GradientReport report, string model, string dims, int points, Output output)
    {
        output.Say($"{model}: {points} input{(points == 1 ? "" : "s")} of [{dims}], {report.Decisions:N0} decisions of ReLUs, clips and pools held");
        output.Table(
            ["layer", "op", ">compared", ">kinks", ">unclear", ">wrong", ">worst error", "verdict"],
            report.Layers.Select(l => new[]
            {
                l.Layer, l.Op, $"{l.Directions.Count}", Some(l.Count(Verdict.Kink)), Some(l.Count(Verdict.Unresolved)), Some(l.Count(Verdict.Wrong)), Text(l.Error), Word(l.Verdict),
            }));
        output.Say("");
        output.Table(
            ["operator", ">nodes", ">checked", ">kinks", ">worst error", "verdict", "worst node"],
            report.Operators.Select(o => new[]
            {
                o.Operator, $"{o.Nodes}", $"{o.Checked.Count}", o.Kinks == 0 ? "" : $"{o.Kinks:0.0%}", IsConvention(o) ? "" : Text(o.Error), IsConvention(o) ? "convention" : Word(o.Verdict),
                o.Checked.Count > 0 ? o.Checked[0].Node : "",
            }));
        output.Say("");
        var blamed = report.Blamed.ToList();
        if (blamed.Count > 0)
        {
            output.Table(
                ["node at fault", "operator", ">error", "note"], blamed.Take(MostBlamed).Select(n => new[] { n.Node, n.Operator, Text(n.Error), n.Note }));
            output.Say("");
        }

        output.Say(Verdicts(report, blamed));
    }

    public static JsonObject ToJson(GradientReport report, string model, long[] dims, int points, string device) => new()
    {
        ["verb"] = "check-grad",
        ["model"] = model,
        ["device"] = device,
        ["input_shape"] = JsonText.Array(dims),
        ["points"] = points,
        ["verdict"] = report.IsWrong ? "wrong" : Word(report.Layers.Max(l => l.Verdict)),
        ["layers"] = new JsonArray([.. report.Layers.Select(l => new JsonObject
        {
            ["name"] = l.Layer,
            ["op"] = l.Op,
            ["verdict"] = Word(l.Verdict),
            ["worst_error"] = Number(l.Error),
            ["directions"] = new JsonArray([.. l.Directions.Select(ToJson)]),
        })]),
        ["operators"] = new JsonArray([.. report.Operators.Select(o => new JsonObject
        {
            ["op"] = o.Operator,
            ["nodes"] = o.Nodes,
            ["checked"] = o.Checked.Count,
            ["kinks"] = o.Kinks,
            ["worst_error"] = Number(o.Error),
            ["verdict"] = IsConvention(o) ? "convention" : Word(o.Verdict),
            ["checks"] = new JsonArray([.. o.Checked.Select(ToJson)]),
        })]),
    };

    private static JsonObject ToJson(DirectionResult d) => new()
    {
        ["input"] = d.Point,
        ["direction"] = d.Direction,
        ["differences"] = Number(d.Derivative),
        ["gradient"] = Number(d.Product),
        ["error"] = Number(d.Error),
        ["flips"] = d.Flips,
        ["verdict"] = Word(d.Verdict),
    };

    private static JsonObject ToJson(NodeResult n) => new()
    {
        ["node"] = n.Node,
        ["verdict"] = Word(n.Verdict),
        ["error"] = Number(n.Error),
        ["outputs"] = n.Outputs,
        ["kinks"] = n.Kinks,
        ["note"] = n.Note,
    };

    private static string Verdicts(GradientReport report, List<NodeResult> blamed)
    {
        var (compared, agreed) = (report.Layers.Sum(l => l.Directions.Count), report.Layers.Sum(l => l.Count(Verdict.Agrees)));
        var (kinks, unclear) = (report.Layers.Sum(l => l.Count(Verdict.Kink)), report.Layers.Sum(l => l.Count(Verdict.Unresolved)));
        if (report.IsWrong)
        {
            return $"WRONG: {report.Layers.Sum(l => l.Count(Verdict.Wrong))} of {compared} derivatives differ. "
                + (blamed.Count > 0
                    ? $"To blame: {string.Join(", ", blamed.Select(b => b.Operator).Distinct())}."
                    : "No operator is wrong by itself: it is how they are put together.");
        }

        var operators = report.Operators.All(o => o.Verdict == Verdict.Agrees) ? "every operator agrees by itself" : "no operator is wrong by itself";
        var rest = (kinks > 0 ? $", {kinks} lie on a kink" : "") + (unclear > 0 ? $", {unclear} cannot be told from rounding" : "");
        return agreed == 0
            ? $"Nothing wrong was found, but nothing could be confirmed: of {compared} derivatives none agrees{rest}."
            : $"Right: {agreed} of {compared} derivatives agree to {report.Layers.Max(l => l.Error ?? 0):0.0e+0}{rest}; {operators}.";
    }

    private static bool IsConvention(OperatorResult o) => o.Checked.Count > 0 && o.Checked.All(c => c.Outputs == 0 && c.Verdict == Verdict.Agrees);

    private static string Some(int count) => count == 0 ? "" : $"{count}";

    private static string Text(double? error) => error is null ? "" : $"{error:0.0e+0}";

    private static JsonValue? Number(double? number) => number is { } n && double.IsFinite(n) ? JsonValue.Create(n) : null;

    private static string Word(Verdict verdict) => verdict switch
    {
        Verdict.Agrees => "agrees",
        Verdict.Kink => "kink",
        Verdict.Unresolved => "unclear",
        _ => "WRONG",
    };
}
