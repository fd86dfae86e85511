using System.Text.Json.Nodes;
using OnnxViz.Maximize;
using OnnxViz.Shards;
using OnnxViz.Views;

namespace OnnxViz.Cli.Verbs.Maximize;

/// <summary>
/// The batches that the runs come in: what one process does one after the other, and several share. A picture may depend on
/// its neighbours in the batch (noise is drawn row by row, kernels are chosen by shape), so that no batch is cut.
/// </summary>
internal sealed class MaximizePieces : IDisposable
{
    private readonly IReadOnlyList<MaximizeRun> _runs;
    private readonly BatchRun[] _batches;
    private readonly (int Run, int Start)[] _pieces;
    private IProgress<MaximizationProgress>? _progress;
    private int _run;

    /// <param name="runs">At least one.</param>
    /// <param name="runtime">Where they run.</param>
    /// <param name="token">Stops within a step.</param>
    /// <exception cref="OnnxVizException">Options that do not go together, or not with the model.</exception>
    public MaximizePieces(IReadOnlyList<MaximizeRun> runs, RuntimeOptions runtime, CancellationToken token)
    {
        var progress = new Relay<MaximizationProgress>(p => _progress?.Report(p));
        _runs = runs;
        _batches = [.. runs.Select(r => ActivationMaximization.Batches(r.Model, [.. r.Targets.Select(t => t.Goal)], r.Variant.Options, runtime, progress, token))];
        _pieces = [.. runs.SelectMany((r, run) => Enumerable.Range(0, (r.Targets.Count + _batches[run].Size - 1) / _batches[run].Size).Select(i => (run, i * _batches[run].Size)))];
    }

    public WorkCut Cut => new(_pieces.Length, string.Join(',', _batches.Select(b => b.Size)));

    /// <param name="finished">The file of a target's picture where it is there already; a batch all of whose pictures are is passed over.</param>
    /// <param name="pass">Is given these files.</param>
    /// <param name="progress">Receives how much is done.</param>
    /// <param name="frames">Receives intermediate pictures.</param>
    /// <param name="deliver">Is given the pictures as they are found. Those of the batch in which it is interrupted are as far as they came.</param>
    /// <param name="token">Stops.</param>
    public void All(
        Func<MaximizeRun, int, string?> finished, Action<string> pass, WorkProgress progress, FrameFiles frames, Action<MaximizationResult> deliver, CancellationToken token)
    {
        var left = new List<int>();
        for (var piece = 0; piece < _pieces.Length; piece++)
        {
            var files = Targets(piece).Select(t => finished(_runs[_pieces[piece].Run], t)).ToList();
            if (files.Contains(null)) left.Add(piece);
            else files.ForEach(f => pass(f!));
        }

        MaximizationRelay[] relays = [.. _runs.Select((run, i) => new MaximizationRelay(progress, frames, run, i, left.Where(p => _pieces[p].Run == i).Sum(p => Targets(p).Count())))];
        foreach (var piece in left)
        {
            if (token.IsCancellationRequested) return;
            // What has not made a step is where it began: noise.
            foreach (var result in Find(piece, relays[_pieces[piece].Run].Batch(Targets(piece).Count())).Where(r => r.Steps > 0)) deliver(result with { IsPartial = token.IsCancellationRequested });
        }
    }

    /// <param name="piece">From 0.</param>
    /// <param name="report">Receives its share that is done, 0 to 1, and a text.</param>
    public Piece Part(int piece, IProgress<(double Share, string Text)> report) =>
        Pack(Find(piece, new Relay<MaximizationProgress>(p => report.Report(((double)p.Step / p.Steps, $"step {p.Step}, objective {Digits.Text(p.Objective)}")))));

    /// <summary>What the pieces of all parts hold.</summary>
    /// <param name="parts">Of these runs.</param>
    /// <param name="runs">As they would be done here.</param>
    /// <param name="keepsRaw">Whether there is use for <see cref="MaximizationResult.Input"/> and what goes with it.</param>
    /// <exception cref="OnnxVizException">A piece is missing, damaged or of something else.</exception>
    public static IReadOnlyList<MaximizationResult> Joined(PartSet parts, IReadOnlyList<MaximizeRun> runs, bool keepsRaw)
    {
        var found = InOrder([.. parts.Pieces().SelectMany(p => Unpack(p, runs, keepsRaw))]);
        return found.Count == runs.Sum(r => r.Targets.Count) ? found : throw OnnxVizException.Input($"The parts hold {found.Count} pictures of {runs.Sum(r => r.Targets.Count)}.");
    }

    private IEnumerable<int> Targets(int piece) => _pieces[piece] is var (run, start) ? Enumerable.Range(start, Math.Min(_batches[run].Size, _runs[run].Targets.Count - start)) : [];

    public void Dispose()
    {
        foreach (var batches in _batches) batches.Dispose();
    }

    /// <summary>Target by target, and of each one recipe after the other.</summary>
    private static IReadOnlyList<MaximizationResult> InOrder(List<MaximizationResult> found) => [.. found.OrderBy(r => r.Index)];

    private MaximizationResult[] Find(int piece, IProgress<MaximizationProgress> progress)
    {
        var (run, start) = _pieces[piece];
        // Sessions of a run that is over.
        if (run != _run) _batches[_run].Dispose();
        (_run, _progress) = (run, progress);
        return [.. _batches[run].Find(start).Select((m, i) => MaximizationResult.Of(_runs[run], start + i, m))];
    }

    private static Piece Pack(MaximizationResult[] results)
    {
        if (results.Length == 0) return new Piece(new JsonArray(), new Dictionary<string, Tensor>());
        var picture = results[0].Picture;
        var arrays = new Dictionary<string, Tensor>
        {
            ["picture"] = Tensor.Of(results.SelectMany(r => r.Picture.Pixels).ToArray(), results.Length, picture.Height, picture.Width, 3),
            ["input"] = Tensors.Stack([.. results.Select(r => r.Input!)]),
        };
        if (results[0].Alpha is { } alpha) arrays["alpha"] = Tensors.Join([.. results.Select(r => r.Alpha!.ToFloats())], alpha.Dims);
        return new Piece(new JsonArray([.. results.Select(r => new JsonObject
        {
            ["subject"] = r.Target.Label, ["recipe"] = r.Recipe, ["index"] = r.Index, ["objective"] = r.Objective, ["steps"] = r.Steps, ["active"] = r.Active,
        })]), arrays);
    }

    private static IEnumerable<MaximizationResult> Unpack(Piece piece, IReadOnlyList<MaximizeRun> runs, bool keepsRaw)
    {
        foreach (var (row, facts) in piece.Facts.AsArray().Index())
        {
            var (pixels, recipe, index) = (piece.Arrays["picture"], facts!["recipe"]?.GetValue<string>(), facts["index"]!.GetValue<int>());
            var picture = new Image((int)pixels.Dims[2], (int)pixels.Dims[1]);
            pixels.Bytes.AsSpan(row * picture.Pixels.Length, picture.Pixels.Length).CopyTo(picture.Pixels);
            var target = runs.FirstOrDefault(r => r.Variant.Recipe == recipe)?.Targets.ElementAtOrDefault(index);
            if (target?.Label != facts["subject"]!.GetValue<string>()) throw OnnxVizException.Input($"The parts hold a picture of {facts["subject"]} {recipe}, which was not asked for.");
            yield return new MaximizationResult(recipe, index, target, picture, facts["objective"]!.GetValue<float>(), facts["steps"]!.GetValue<int>(), facts["active"]?.GetValue<bool>())
            {
                Input = keepsRaw ? Tensors.Rows(piece.Arrays["input"], row, 1) : null,
                Alpha = keepsRaw && piece.Arrays.TryGetValue("alpha", out var alpha) ? Tensor.Of(Tensors.Row(alpha, row), alpha.Dims[1..]) : null,
            };
        }
    }
}
