using OnnxViz.Datasets;
using OnnxViz.Deconv;
using OnnxViz.Imaging.Files;
using OnnxViz.Maximize;
using OnnxViz.Optimize.Parameterizations;
using OnnxViz.Optimize.Transforms;
using OnnxViz.Options;
using OnnxViz.Top;
using OnnxViz.Training.Loop;

namespace OnnxViz.Evolve;

/// <summary>
/// Looks at units of one network: their strongest pictures in one pass over all pictures, the projection of the strongest one's
/// activation, and what they respond to most strongly, from the same noise whatever the weights are.
/// </summary>
/// <param name="model">The network.</param>
/// <param name="layer">A value of its graph.</param>
/// <param name="pictures">Pictures of any size.</param>
/// <param name="test">What the network is tested on, too; null for nothing.</param>
/// <param name="options">How.</param>
/// <param name="seed">Of the noise.</param>
/// <param name="runtime">Where it runs.</param>
internal sealed class CheckpointStudy(VisionModel model, Value layer, IPictureList pictures, LabelledPictures? test, EvolveOptions options, ulong seed, RuntimeOptions runtime)
{
    /// <summary>Pictures smaller than this are moved about by a few pixels only: Lucid's transforms are made for some hundred.</summary>
    private const int SmallSide = 96;

    /// <summary>Runs there and back, beside a run of one picture forward.</summary>
    private const double ThereAndBack = 3;

    private static readonly Transforms ForSmall = Transforms.Parse("pad:2,jitter:2,scale:0.95..1.05,rotate:-5..5,jitter:1");

    private PictureConventions Conventions => model.Conventions;

    /// <summary>Null where nothing is maximised.</summary>
    private MaximizeOptions? How
    {
        get
        {
            if (options.Steps == 0) return null;
            // One position, as the strongest picture has one. The mean of a map of such a size is as large for gray as for a pattern.
            var how = MaximizeOptions.DefaultsFor(ParameterKind.Fourier) with { Objective = MaximizeObjective.Center, Height = Conventions.Height, Width = Conventions.Width, Steps = options.Steps, Seed = seed };
            return Math.Min(how.Height, how.Width) < SmallSide ? how with { Transforms = ForSmall, LearningRate = 0.05, Decay = 1.5 } : how;
        }
    }

    /// <summary>What findings of these units would depend on.</summary>
    public EvolveKey KeyOf(IReadOnlyList<int> units) =>
        new(TopKey.Of(model, layer, units, options.Search.Top, pictures, options.Pictures), How is { } how ? $"{string.Join(' ', OptionTable.ToTexts(how))} seed {how.Seed}" : "", test?.Fingerprint ?? "");

    /// <summary>What is left of the search, in pictures that go forward, and the rest of the work in the same measure.</summary>
    /// <param name="start">Where the search begins.</param>
    /// <param name="test">How many pictures the network is tested on.</param>
    /// <param name="options">How.</param>
    public static (double Search, double Views) Cost(TopState start, int test, EvolveOptions options)
    {
        // A step of few pictures costs more than its share: each node has a price of its own.
        var rows = start.Key.Units.Count + 16;
        return (start.Key.Files - start.Done, (ThereAndBack * rows * (1 + options.Steps)) + test);
    }

    /// <param name="checkpoint">Its name in the run.</param>
    /// <param name="start">Where the search begins.</param>
    /// <param name="key">Of the findings.</param>
    /// <param name="progress">Told the share that is done, 0 to 1, and a word about it.</param>
    /// <param name="keep">Given the state of the search now and then, and when it is interrupted.</param>
    /// <param name="token">Ends it.</param>
    /// <exception cref="OperationCanceledException">The token asked for it.</exception>
    /// <exception cref="OnnxVizException">No picture can be read; NaN or infinite activations.</exception>
    public CheckpointFindings Find(
        string checkpoint, TopState start, EvolveKey key, IProgress<(double Share, string Text)> progress, Action<TopState> keep, CancellationToken token)
    {
        var (search, views) = Cost(start, test?.Count ?? 0, options);
        var whole = search + views;
        var batch = TopPictures.BatchSize(model, layer, options.Search, runtime.Device);
        var state = TopPictures.Search(
            model, layer, pictures, start, model.Input.Dims![0] > 0 ? batch : Math.Min(batch, key.Search.Files), runtime,
            new Relay<TopState>(s => progress.Report(((s.Done - start.Done) / whole, $"{s.Done} of {s.Key.Files} pictures"))), keep, token);
        if (!state.IsComplete)
        {
            if (state.Done > start.Done) keep(state);
            throw new OperationCanceledException(token);
        }

        if (state.Found[0].Count == 0)
            throw OnnxVizException.Input($"None of the {key.Search.Files} pictures could be read; the first: {state.Skipped[0].Reason}");
        var units = key.Search.Units;
        var projections = Projections(units, state, token);
        var maximized = How is not { } how ? null : Maximized(how, units, new Relay<MaximizationProgress>(p => progress.Report(
            ((search + (views * (p.Done + ((double)p.Step / p.Steps)) / p.Units)) / whole, $"maximisation, step {p.Step}"))), token);
        var kernels = UnitKernels.Of(model, layer, units);
        var accuracy = test is null ? (double?)null : ModelAccuracy.Of(model, test, runtime, null, token).Accuracy;
        progress.Report((1, ""));
        return new CheckpointFindings(CheckpointFindings.CurrentVersion, key, checkpoint, state.Skipped, accuracy,
            [.. units.Select((unit, i) => new UnitFindings(
                unit, state.Found[i], PngWriter.Encode(projections[i]), maximized is null ? null : PngWriter.Encode(maximized[i].Picture),
                maximized?[i].Objective, maximized?[i].Active, kernels?[i]))]);
    }

    private List<Image> Projections(IReadOnlyList<int> units, TopState state, CancellationToken token)
    {
        var dims = Conventions.InputDims(1, Conventions.Height, Conventions.Width);
        var fields = LayerFields.Of(model, layer, dims);
        var targets = units.Select((u, i) => new DeconvTarget(() => Conventions.ToTensor(Conventions.Frame(pictures.Load(state.Found[i][0].File))), u, state.Found[i][0].Position)).ToList();
        var drawn = new List<Image>();
        foreach (var projection in Deconvnet.Stream(model, layer, dims, targets, runtime, token))
        {
            var i = drawn.Count;
            Finite.Checked(projection, $"a projection of '{model.Layers.NameOf(layer)}' {units[i]}", model.Name);
            drawn.Add(Pictures.FromProjection(projection.As<float>(), Conventions, Conventions.Width, Conventions.Height, fields.Box(state.Found[i][0].Position)));
        }

        token.ThrowIfCancellationRequested();
        return drawn;
    }

    private IReadOnlyList<Maximization> Maximized(MaximizeOptions how, IReadOnlyList<int> units, IProgress<MaximizationProgress> progress, CancellationToken token)
    {
        var found = ActivationMaximization.Run(model, layer, units, how, runtime, progress, token);
        token.ThrowIfCancellationRequested();
        return found;
    }
}
