using OnnxViz.Autodiff;
using OnnxViz.Autodiff.Rules;
using OnnxViz.Graphs.Opsets;

namespace OnnxViz.Coverage;

/// <summary>
/// Says which operators of a model have a gradient, before anything runs. The model is fitted to the picture's size
/// first, for much of what exporters write folds away then, and every rule is tried on every node.
/// </summary>
internal static class GradientCoverage
{
    /// <param name="model">The network.</param>
    /// <param name="inputDims">Dimensions of the model's input for one picture: [1, C, H, W] or [1, H, W, C].</param>
    /// <param name="explained">Where gradients start: layers of the model.</param>
    /// <param name="rules">The rules.</param>
    public static CoverageReport Of(VisionModel model, long[] inputDims, IReadOnlyList<Value> explained, GradientRules rules)
    {
        var all = explained.Concat(model.Graph.Outputs).Distinct().ToArray();
        var copy = new TolerantCopy(ShapedModel.NewBuilder(model), model, inputDims, all);
        var graph = copy.Builder.Graph;
        var reached = Backpropagation.Path(graph.Nodes, [copy.Input], new HashSet<Value>());
        var needed = graph.NodesFor(explained.Select(e => copy[e])).ToHashSet();
        var judged = graph.NodesFor(all.Select(a => copy[a])).ConvertAll(node => new Judged(
            node, copy, needed.Contains(node) && IsPassed(node, reached), IsStop(node), Problem(node, copy, rules)));
        var uncovered = judged.Where(j => j.Problem is not null)
            .GroupBy(j => copy.Origin(j.Node) ?? j.Node)
            .Select(g => Uncovered(model, g.Key, g.Any(j => j.OnPath), g.First().Problem!, rules));
        return new CoverageReport(Operators(judged), [.. uncovered], copy.Folded, copy.OtherInputs);
    }

    private static List<OperatorCoverage> Operators(List<Judged> judged) => [.. judged.GroupBy(j => j.Operator)
        .Select(g => new OperatorCoverage(
            g.Key, g.Count(), g.Count(j => j.OnPath),
            g.Any(j => j.Problem is not null) ? GradientSupport.Missing : g.All(j => j.Stops) ? GradientSupport.Stops : GradientSupport.Full))
        .OrderByDescending(o => o.Support == GradientSupport.Missing).ThenByDescending(o => o.Nodes).ThenBy(o => o.Operator, StringComparer.Ordinal)];

    private static bool IsPassed(Node node, HashSet<Value> reached) =>
        node.Inputs.Where((x, i) => x is not null && reached.Contains(x) && !GradientRules.Stops(node, i)).Any();

    private static bool IsStop(Node node) => node.Inputs.Length == 0 || Enumerable.Range(0, node.Inputs.Length).All(i => GradientRules.Stops(node, i));

    /// <summary>What keeps a gradient from passing the node; null where nothing does. Rules are tried in a builder of their own.</summary>
    private static string? Problem(Node node, TolerantCopy copy, GradientRules rules)
    {
        // A table of strings, and whatever else is a constant.
        if (node.Inputs.Length == 0) return null;
        if (copy.Failure(node) is { } failure)
        {
            if (node.Domain.Length > 0 && !OpsetConversion.Rewritten.Contains(Name(node))) return "there is no gradient rule for it";
            var isKnown = rules.Operators.Contains(node.OpType) || OpsetConversion.Changes.Any(c => c.OpType == node.OpType);
            return failure.Length > 0 ? failure : isKnown ? null : "there is no gradient rule for it";
        }

        if (IsStop(node)) return null;
        if (rules.Find(node) is not { } rule) return "there is no gradient rule for it";
        // What is open is so because something before it could not be copied: that is the problem, not this.
        if (!node.Inputs.OfType<Value>().Concat(node.Outputs).All(v => v.HasStaticShape)) return null;
        try
        {
            var trial = new GraphBuilder(opset: copy.Builder.Graph.Opset);
            var seeds = Array.ConvertAll(node.Outputs, y => (Value?)trial.Input("dy", y.Type, y.StaticDims()));
            rule(new GradientContext(trial, node, seeds));
            return null;
        }
        catch (OnnxVizException e) when (e.Fault == Fault.Input)
        {
            return e.Message;
        }
    }

    private static UncoveredNode Uncovered(VisionModel model, Node node, bool onPath, string reason, GradientRules rules)
    {
        var inside = Nodes(node.Subgraphs).Where(n => !IsStop(n) && rules.Find(n) is null).Select(Name).Distinct().Order(StringComparer.Ordinal);
        var version = node.Domain.Length == 0 ? model.Graph.Opset : model.Graph.Domains.GetValueOrDefault(node.Domain);
        return new UncoveredNode(node.Name, Name(node), node.Domain, version, onPath, reason, Remedy(model, node, onPath), [.. inside]);
    }

    private static IEnumerable<Node> Nodes(IEnumerable<Graph> graphs) => graphs.SelectMany(g => g.Nodes).SelectMany(n => Nodes(n.Subgraphs).Prepend(n));

    private static string Remedy(VisionModel model, Node node, bool onPath)
    {
        if (!onPath) return "Nothing: what is explained does not depend on it.";
        var before = node.Needs().FirstOrDefault(v => model.Layers.Of(v) is not null);
        var layer = before is null ? "" : $"Explain a layer before it, such as '{model.Layers.NameOf(before)}', or e";
        var export = node switch
        {
            { Domain.Length: > 0 } => "xport the model with standard operators (of files that ONNX Runtime optimised: with less optimisation).",
            { OpType: "If" or "Loop" or "Scan" } => "xport it for one input size, or simplify it (onnxsim), so that nothing is decided while it runs.",
            _ => "xport the model with other operators.",
        };
        return layer.Length > 0 ? layer + export : $"E{export}";
    }

    private static string Name(Node node) => node.Domain.Length > 0 ? $"{node.Domain}.{node.OpType}" : node.OpType;

    private sealed record Judged(Node Node, TolerantCopy Copy, bool OnPath, bool Stops, string? Problem)
    {
        /// <summary>The row of the gradient table, or what the file calls it.</summary>
        public string Operator =>
            Node.Domain == TolerantCopy.Opaque || Node.Domain.Length > 0 ? Name(Copy.Origin(Node) ?? Node) : Activations.KeyOf(Node);
    }
}
