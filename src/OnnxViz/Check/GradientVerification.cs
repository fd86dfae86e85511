using OnnxViz.Autodiff;
using OnnxViz.Autodiff.Rules;

namespace OnnxViz.Check;

/// <summary>
/// Checks a network's compiled gradients against differences of the network itself, in two ways. From the picture to
/// whole layers, along random directions and along the gradient, where what switches is held (<see cref="FrozenCopy"/>).
/// And operator by operator, each node by itself on the inputs that it has in the network, which says who is to blame.
/// </summary>
internal sealed class GradientVerification
{
    private readonly VisionModel _model;
    private readonly IReadOnlyList<CheckedLayer> _layers;
    private readonly GradientRules _rules;
    private readonly GradientCheckOptions _options;
    private readonly RuntimeOptions _runtime;

    /// <param name="model">The network.</param>
    /// <param name="layers">Where gradients start.</param>
    /// <param name="rules">What is checked; the default rules, for the others are no derivatives on purpose.</param>
    /// <param name="options">How much and how closely.</param>
    /// <param name="runtime">Where it runs.</param>
    public GradientVerification(VisionModel model, IReadOnlyList<CheckedLayer> layers, GradientRules rules, GradientCheckOptions options, RuntimeOptions runtime) =>
        (_model, _layers, _rules, _options, _runtime) = (model, layers, rules, options, runtime);

    /// <param name="points">The inputs at which gradients are checked, [N, ...] in the model's layout.</param>
    /// <param name="progress">Is told the share done and what is being done.</param>
    /// <param name="cancellation">Stops within a run.</param>
    /// <exception cref="OnnxVizException">An operator has no rule, or ONNX Runtime fails.</exception>
    public GradientReport Check(Tensor points, IProgress<(double Share, string Text)>? progress = null, CancellationToken cancellation = default)
    {
        Tensor[] rows = [.. Enumerable.Range(0, (int)points.Dims[0]).Select(i => Tensors.Rows(points, i, 1))];
        var nodes = new NetworkNodes(_model, rows[0].Dims, [.. _layers.Select(l => l.Value)]);
        var layers = CheckLayers(rows, out var decisions, progress, cancellation);
        var isWrong = layers.Exists(l => l.Verdict == Verdict.Wrong);
        var check = new NodeCheck(_rules, _options.Tolerance, _options.Seed, _runtime, cancellation);
        var results = nodes.Check(
            check, rows[0], isWrong || _options.EveryNode, _runtime, (share, node) => Report(progress, 0.5 + (share / 2), node, cancellation), cancellation);
        var operators = nodes.Probes.GroupBy(p => p.Key)
            .Select(g => new OperatorResult(
                g.Key, g.Count(), [.. results.Where(r => r.Operator == g.Key).OrderByDescending(r => r.Verdict).ThenByDescending(r => r.Error)]))
            .OrderByDescending(o => o.Verdict).ThenByDescending(o => o.Error ?? 0).ThenBy(o => o.Operator, StringComparer.Ordinal);
        return new GradientReport(layers, [.. operators], decisions);
    }

    private static void Report(IProgress<(double Share, string Text)>? progress, double share, string text, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        progress?.Report((share, text));
    }

    private List<LayerResult> CheckLayers(Tensor[] rows, out long decisions, IProgress<(double, string)>? progress, CancellationToken cancellation)
    {
        using var network = new FrozenNetwork(_model, rows[0].Dims, [.. _layers.Select(l => l.Value)], _runtime, cancellation);
        var points = new List<CheckedPoint>();
        foreach (var (i, row) in rows.Index())
        {
            Report(progress, 0.1 * i / rows.Length, "forward", cancellation);
            points.Add(CheckedPoint.Of(i, row, network.At(row), _layers, new CounterRandom(_options.Seed, 0x706f696e_00000000 + (ulong)i)));
        }

        decisions = points[0].Pattern.Count;
        using (var gradients = new LayerGradients(_model, rows[0].Dims, _layers, _rules, _runtime, cancellation))
        {
            foreach (var point in points)
            {
                Report(progress, 0.1 + (0.1 * point.Number / rows.Length), "gradients", cancellation);
                point.Gradients = gradients.At(point);
            }
        }

        var results = _layers.Select(_ => new List<DirectionResult>()).ToArray();
        var directional = new DirectionalCheck(network, _options.Tolerance);
        foreach (var point in points)
        {
            var directions = point.Directions(_options.Directions).ToArray();
            foreach (var (k, (name, vector, only)) in directions.Index())
            {
                Report(progress, 0.2 + (0.3 * (point.Number + ((double)k / directions.Length)) / rows.Length), $"input {point.Number + 1}, {name}", cancellation);
                foreach (var (layer, result) in directional.Compare(point, name, vector, only)) results[layer].Add(result);
            }
        }

        return [.. _layers.Select((l, i) => new LayerResult(l.Name, l.Value.Producer?.OpType ?? "", results[i]))];
    }
}
