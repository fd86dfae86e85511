using OnnxViz.Datasets;
using OnnxViz.Runs;
using OnnxViz.Shards;

namespace OnnxViz.Evolve;

/// <summary>
/// The same units in one checkpoint of a training run after the other (Zeiler and Fergus 2013, figure 4). What was found in a
/// checkpoint is kept: who is interrupted goes on, and machines that share the folder share the work.
/// </summary>
internal sealed class Evolution
{
    private readonly IReadOnlyList<Column> _columns;
    private readonly Func<RunModel, VisionModel> _open;
    private readonly string _layer;
    private readonly IReadOnlyList<int> _units;
    private readonly IPictureList _pictures;
    private readonly Func<RunModel, LabelledPictures?> _test;
    private readonly EvolveOptions _options;
    private readonly ulong _seed;
    private readonly RuntimeOptions _runtime;
    private readonly FindingsFolder _kept;

    /// <summary>Opens every checkpoint once, so that a broken one is refused before hours of work.</summary>
    /// <param name="checkpoints">Of one run.</param>
    /// <param name="open">Opens one of them, under the conventions that hold for all.</param>
    /// <param name="layer">A name as in <see cref="VisionModel.Layers"/>.</param>
    /// <param name="units">Numbers of units of the layer.</param>
    /// <param name="pictures">To be searched.</param>
    /// <param name="test">What a checkpoint is tested on, where its accuracy is not known.</param>
    /// <param name="options">How.</param>
    /// <param name="seed">Of the maximisation's noise.</param>
    /// <param name="runtime">Where it runs.</param>
    /// <param name="kept">Where findings are kept.</param>
    /// <exception cref="OnnxVizException">A checkpoint is broken, or of another architecture than the first.</exception>
    public Evolution(
        IReadOnlyList<RunModel> checkpoints, Func<RunModel, VisionModel> open, string layer, IReadOnlyList<int> units, IPictureList pictures,
        Func<RunModel, LabelledPictures?> test, EvolveOptions options, ulong seed, RuntimeOptions runtime, FindingsFolder kept)
    {
        (_open, _layer, _units, _pictures, _test, _options, _seed, _runtime, _kept) = (open, layer, units, pictures, test, options, seed, runtime, kept);
        string? first = null;
        var columns = new List<Column>();
        foreach (var checkpoint in checkpoints)
        {
            using var model = open(checkpoint);
            var c = model.Conventions;
            var value = model.Layers.Find(layer);
            var dims = LayerShape.Of(model, value, c.InputDims(1, c.Height, c.Width));
            var shape = $"{layer} [{Shapes.Text(dims)}] of pictures [{Shapes.Text(c.InputDims(1, c.Height, c.Width))}]";
            first ??= shape;
            if (shape != first)
                throw OnnxVizException.Input($"'{checkpoint.Path}' is another network than '{checkpoints[0].Path}': {shape} instead of {first}.");
            var key = Study(checkpoint, model, value).KeyOf(units);
            columns.Add(new Column(checkpoint, key, kept.Find(checkpoint.Name, key)));
        }

        _columns = columns;
    }

    /// <summary>How many checkpoints are done.</summary>
    public int Done => _columns.Count(c => c.Findings is not null);

    /// <summary>Hashes of the models, in the order of the checkpoints.</summary>
    public IReadOnlyList<string> Models => [.. _columns.Select(c => c.Key.Search.Model)];

    /// <summary>In the order of the checkpoints; only when all are done.</summary>
    public IReadOnlyList<CheckpointFindings> Findings => [.. _columns.Select(c => c.Findings ?? throw new InvalidOperationException($"{c.Checkpoint.Name} is not done."))];

    /// <summary>Does what is not done yet.</summary>
    /// <param name="shard">Of the checkpoints only these.</param>
    /// <param name="progress">Told the share of what was left that is done, 0 to 1, which never falls, and a word about it.</param>
    /// <param name="token">Ends it; what was found so far is kept.</param>
    /// <exception cref="OperationCanceledException">The token asked for it.</exception>
    /// <exception cref="OnnxVizException">A picture, the network or the machine failed.</exception>
    public void Run(Shard shard, IProgress<(double Share, string Text)> progress, CancellationToken token)
    {
        var left = _columns.Where((c, i) => c.Findings is null && shard.Has(i)).ToList();
        if (left.Count == 0) return;
        var (whole, before, told) = (left.Sum(WorkOf), 0.0, 0.0);
        foreach (var column in left)
        {
            token.ThrowIfCancellationRequested();
            var work = WorkOf(column);
            using var model = _open(column.Checkpoint);
            var study = Study(column.Checkpoint, model, model.Layers.Find(_layer));
            column.Findings = study.Find(
                column.Checkpoint.Name, _kept.SearchOf(column.Checkpoint.Name, column.Key), column.Key,
                new Relay<(double Share, string Text)>(p =>
                {
                    told = Math.Max(told, (before + (p.Share * work)) / whole);
                    progress.Report((told, p.Text.Length == 0 ? LabelOf(column.Checkpoint) : $"{LabelOf(column.Checkpoint)}, {p.Text}"));
                }),
                state => _kept.Keep(column.Checkpoint.Name, column.Key, state), token);
            _kept.Keep(column.Findings);
            before += work;
        }
    }

    /// <summary>"before training", "step 100", "epoch 3".</summary>
    public static string LabelOf(RunModel checkpoint) => checkpoint.Epoch switch
    {
        0 => "before training",
        { } epoch => $"epoch {epoch}",
        null => $"step {checkpoint.Step}",
    };

    private double WorkOf(Column column)
    {
        var (search, views) = CheckpointStudy.Cost(_kept.SearchOf(column.Checkpoint.Name, column.Key), _test(column.Checkpoint)?.Count ?? 0, _options);
        return search + views;
    }

    private CheckpointStudy Study(RunModel checkpoint, VisionModel model, Value layer) => new(model, layer, _pictures, _test(checkpoint), _options, _seed, _runtime);

    private sealed class Column(RunModel checkpoint, EvolveKey key, CheckpointFindings? findings)
    {
        public RunModel Checkpoint => checkpoint;

        public EvolveKey Key => key;

        public CheckpointFindings? Findings { get; set; } = findings;
    }
}
