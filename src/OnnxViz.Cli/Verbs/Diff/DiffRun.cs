using OnnxViz.Datasets;
using OnnxViz.Diff;
using OnnxViz.Features;
using OnnxViz.Imaging.Files;
using OnnxViz.Maximize;
using OnnxViz.Objectives;
using OnnxViz.Optimize.Parameterizations;
using OnnxViz.Saliency;
using OnnxViz.Views;

namespace OnnxViz.Cli.Verbs.Diff;

/// <summary>Shows pictures to two versions of a network, one after the other, and keeps sums and what is drawn.</summary>
internal sealed class DiffRun : IDisposable
{
    private const int MaximizedSide = 96, ShownMaps = 6, ShownClasses = 8;

    /// <summary>A unit of less than this share of its layer's loudest is not shown: its change is next to nothing.</summary>
    private const double Audible = 0.02;

    private readonly VisionModel _before, _after;
    private readonly RuntimeOptions _runtime;
    private readonly SaliencyMethod _method;
    private readonly IReadOnlyList<PictureFile> _files;
    private readonly LayerChange[] _layers;
    private readonly FeatureMaps _mapsBefore, _mapsAfter;
    private readonly Classification? _scoresBefore, _scoresAfter;
    private readonly List<Answer> _answers = [];
    private readonly List<string> _skipped = [];
    private double[]? _sumBefore, _sumAfter;
    private List<MovedMap>? _moved = [];

    /// <param name="before">One version.</param>
    /// <param name="after">The other.</param>
    /// <param name="files">The pictures.</param>
    /// <param name="layers">Names of those that are compared; none for all.</param>
    /// <param name="method">How answers are explained.</param>
    /// <param name="runtime">Where it runs.</param>
    /// <exception cref="OnnxVizException">The two have nothing in common.</exception>
    public DiffRun(VisionModel before, VisionModel after, IReadOnlyList<PictureFile> files, IReadOnlyList<string> layers, SaliencyMethod method, RuntimeOptions runtime)
    {
        (_before, _after, _files, _method, _runtime) = (before, after, files, method, runtime);
        var (dimsBefore, dimsAfter) = (DimsOf(before), DimsOf(after));
        var pairs = LayerPair.Of(before, after, dimsBefore, dimsAfter);
        if (layers.Count > 0)
        {
            var wanted = layers.Select(before.Layers.Find).ToHashSet();
            pairs = [.. pairs.Where(p => wanted.Contains(p.Before.Value))];
        }

        if (pairs.Count == 0) throw OnnxVizException.Input($"{before.Name} and {after.Name} have no {(layers.Count > 0 ? "such layer" : "layer with weights")} in common, neither by name nor by order: they are no versions of one network.");
        _layers = [.. pairs.Select(p => new LayerChange(p))];
        _mapsBefore = new FeatureMaps(before, dimsBefore, [.. pairs.Select(p => p.Before.Value)], runtime);
        _mapsAfter = new FeatureMaps(after, dimsAfter, [.. pairs.Select(p => p.After.Value)], runtime);
        if (ClassOutput.Find(before) is not null && ClassOutput.Find(after) is not null) (_scoresBefore, _scoresAfter) = (new(runtime), new(runtime));
    }

    /// <summary>Why pictures were passed over.</summary>
    public IReadOnlyList<string> Skipped => _skipped;

    /// <summary>Why no answers were explained; null where they were.</summary>
    public string? Unexplained { get; private set; }

    /// <summary>Layers that were matched by their order, and not by their names.</summary>
    public int ByOrder => _layers.Count(l => !l.Pair.IsByName);

    /// <param name="output">Told the progress.</param>
    /// <param name="draws">Whether there is use for pictures.</param>
    /// <exception cref="OnnxVizException">No picture could be read; numbers that are not finite.</exception>
    /// <exception cref="OperationCanceledException">Ctrl-C.</exception>
    public DiffFindings All(Output output, bool draws)
    {
        _ = output.WithProgress($"Comparing {_files.Count} {(_files.Count == 1 ? "picture" : "pictures")}", report =>
        {
            for (var i = 0; i < _files.Count; i++)
            {
                output.Cancellation.ThrowIfCancellationRequested();
                report.Report(((double)i / _files.Count, _files[i].Name));
                if (Read(i) is { } picture) Add(i, picture, draws, output.Cancellation);
            }

            return 0;
        });
        if (_skipped.Count == _files.Count) throw OnnxVizException.Input($"None of the {_files.Count} pictures could be read; the first: {_skipped[0]}");
        return new DiffFindings
        {
            Before = _before.Name,
            After = _after.Name,
            Pictures = [.. _files.Select(f => f.Name)],
            Layers = _layers,
            Answers = _answers,
            Classes = Classes(),
            Maps = _moved ?? [],
        };
    }

    /// <summary>The units that changed most, of at most two of a layer.</summary>
    public IReadOnlyList<ChangedUnit> Changed(int count) => [.. _layers
        .SelectMany(l => Enumerable.Range(0, l.Pair.Units).Where(u => l.Loudness(u) >= Audible && l.Of(u) > 0).Select(u => new ChangedUnit(l, u)).OrderByDescending(u => u.Change).Take(2))
        .OrderByDescending(u => u.Change).Take(count)];

    /// <summary>What they see.</summary>
    /// <param name="units">Which.</param>
    /// <param name="steps">Of the maximisation; 0 for none.</param>
    /// <param name="seed">Likewise.</param>
    /// <param name="output">Told the progress.</param>
    /// <exception cref="OperationCanceledException">Ctrl-C.</exception>
    public IReadOnlyList<SeenUnit> Seen(IReadOnlyList<ChangedUnit> units, int steps, ulong seed, Output output) => output.WithProgress($"Maximizing {units.Count} units of both", report =>
    {
        var seen = new List<SeenUnit>();
        foreach (var (i, unit) in units.Index())
        {
            output.Cancellation.ThrowIfCancellationRequested();
            report.Report(((double)i / units.Count, unit.Name));
            var (a, b) = unit.Layer.Strongest(unit.Unit);
            (Image, Image)? maximized = steps == 0 ? null : (Maximize(_before, unit.Layer.Pair.Before.Value, unit.Unit), Maximize(_after, unit.Layer.Pair.After.Value, unit.Unit));
            seen.Add(new(unit, maximized, (Framed(_before, Read(a)!), Framed(_after, Read(b)!))));
        }

        return seen;

        Image Maximize(VisionModel model, Value layer, int unit)
        {
            var (height, width) = model.FixedSize ?? (MaximizedSide, MaximizedSide);
            var options = MaximizeOptions.DefaultsFor(ParameterKind.Fourier) with { Height = height, Width = width, Steps = steps, Seed = seed };
            var found = ActivationMaximization.Run(model, layer, [unit], options, _runtime, null, output.Cancellation);
            output.Cancellation.ThrowIfCancellationRequested();
            return found[0].Picture;
        }
    });

    public void Dispose()
    {
        _mapsBefore.Dispose();
        _mapsAfter.Dispose();
        _scoresBefore?.Dispose();
        _scoresAfter?.Dispose();
    }

    private static long[] DimsOf(VisionModel model) => model.Conventions.InputDims(1, model.Conventions.Height, model.Conventions.Width);

    private static Image Framed(VisionModel model, Image picture) => Pictures.FromFramed(model.Conventions.Frame(picture), model.Conventions);

    private Image? Read(int picture)
    {
        try
        {
            return ImageFile.Load(_files[picture].Path);
        }
        catch (OnnxVizException e) when (e.Fault == Fault.Input)
        {
            _skipped.Add(e.Message);
            return null;
        }
    }

    private void Add(int number, Image picture, bool draws, CancellationToken token)
    {
        var (inputBefore, inputAfter) = (_before.ToTensor([_before.Conventions.Frame(picture)]), _after.ToTensor([_after.Conventions.Frame(picture)]));
        var (mapsBefore, mapsAfter) = (_mapsBefore.Of(inputBefore, token), _mapsAfter.Of(inputAfter, token));
        foreach (var (i, layer) in _layers.Index())
        {
            layer.Add(
                number, Finite.Checked(mapsBefore[i].Maps, $"'{layer.Pair.Before.Name}'", _before.Name), Finite.Checked(mapsAfter[i].Maps, $"'{layer.Pair.After.Name}'", _after.Name));
        }

        if (_scoresBefore is null || _scoresAfter is null) return;
        var (scoresBefore, scoresAfter) = (_scoresBefore.Scores(_before, inputBefore, token), _scoresAfter.Scores(_after, inputAfter, token));
        var (before, after) = (Numbers(_before, scoresBefore), Numbers(_after, scoresAfter));
        if (before.Length == after.Length)
        {
            Sum(ref _sumBefore, before);
            Sum(ref _sumAfter, after);
        }

        var answer = new Answer(_files[number].Name, Top(_before, before), Top(_after, after));
        _answers.Add(answer);
        if (before.Length == after.Length) Explain(number, picture, answer, inputBefore, inputAfter, draws, token);
        else Unexplained = $"they have {before.Length} and {after.Length} classes";
    }

    /// <summary>Probabilities, or the scores where there are none.</summary>
    private static float[] Numbers(VisionModel model, Tensor scores)
    {
        var row = Tensors.Row(scores, 0);
        return [.. Classification.Top(row, row.Length, Probabilities.Of(model, ClassOutput.Of(model), scores)).OrderBy(p => p.Class).Select(p => p.Probability ?? p.Score)];
    }

    private (int Class, string Name, float Number) Top(VisionModel model, float[] numbers)
    {
        var top = Array.IndexOf(numbers, numbers.Max());
        return (top, NameOf(model, top), numbers[top]);
    }

    /// <summary>A version that was stored without names of its classes has those of the other.</summary>
    private string NameOf(VisionModel model, int number) => model.Labels is null && _before.Labels is not null ? _before.NameOfClass(number) : model.NameOfClass(number);

    private static void Sum(ref double[]? sum, float[] numbers)
    {
        sum ??= new double[numbers.Length];
        for (var i = 0; i < numbers.Length; i++) sum[i] += numbers[i];
    }

    private IReadOnlyList<(int Class, string Name, double Before, double After)> Classes() => _sumBefore is null || _sumAfter is null || _sumBefore.Length != _sumAfter.Length ? []
        : [.. _sumBefore.Zip(_sumAfter).Select((s, i) => (Class: i, Before: s.First / _answers.Count, After: s.Second / _answers.Count))
            .OrderByDescending(c => Math.Abs(c.After - c.Before)).Take(ShownClasses).Where(c => c.Before != c.After).Select(c => (c.Class, NameOf(_before, c.Class), c.Before, c.After))];

    private void Explain(int number, Image picture, Answer answer, Tensor inputBefore, Tensor inputAfter, bool draws, CancellationToken token)
    {
        if (_moved is null) return;
        try
        {
            var (before, after) = (Explained(_before, inputBefore), Explained(_after, inputAfter));
            var (mapBefore, mapAfter) = (before.Map(), after.Map());
            if (mapBefore.Length != mapAfter.Length) throw OnnxVizException.Input("they look at pictures of different sizes");
            var move = MapMove.Between(mapBefore, mapAfter, before.Layout.Width);
            _moved.Add(new(_files[number].Name, answer.Before.Name, move, draws && IsAmongFarthest(move) ? (before.Shown, before.Overlay(), after.Overlay()) : null));
            _moved.Sort((a, b) => b.Move.Moved.CompareTo(a.Move.Moved));
            for (var i = ShownMaps; i < _moved.Count; i++) if (_moved[i].Shown is not null) _moved[i] = _moved[i] with { Shown = null };
        }
        catch (OnnxVizException e) when (e.Fault != Fault.Machine)
        {
            (Unexplained, _moved) = (e.Message, null);
        }

        Explained Explained(VisionModel model, Tensor input) => Views.Explained.Of(
            model.Explain(input, _method, ScoreTarget.OfClass(model, answer.Before.Class), _runtime, null, token), 0, model, _method, _files[number].Name, Framed(model, picture), answer.Before.Name);
    }

    private bool IsAmongFarthest(MapMove move) => _moved!.Count < ShownMaps || _moved[ShownMaps - 1].Move.Moved < move.Moved;
}
