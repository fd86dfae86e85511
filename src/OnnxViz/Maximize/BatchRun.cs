using OnnxViz.Imaging.Resample;
using OnnxViz.Optimize.Parameterizations;
using OnnxViz.Options;

namespace OnnxViz.Maximize;

/// <summary>
/// Finds the pictures of a run, batch by batch. A unit whose gradient is zero at the start is tried again: with redirected
/// gradients in the first steps (Lucid), then from other noise.
/// </summary>
internal sealed class BatchRun : IDisposable
{
    /// <summary>The noise's number of a restart differs from the first one's in the bits from this one on.</summary>
    private const int RestartShift = 48;

    private readonly VisionModel _model;
    private readonly IReadOnlyList<MaximizationGoal> _goals;
    private readonly MaximizeOptions _options;
    private readonly RuntimeOptions _runtime;
    private readonly IProgress<MaximizationProgress>? _progress;
    private readonly CancellationToken _token;
    private readonly IReadOnlyList<(int Height, int Width)> _sizes;
    private readonly ObjectiveSlots _slots;
    private Optimization? _optimization;

    public BatchRun(
        VisionModel model, IReadOnlyList<MaximizationGoal> goals, MaximizeOptions options, RuntimeOptions runtime, int size,
        IProgress<MaximizationProgress>? progress, CancellationToken token)
    {
        // One session serves all batches, here and in other parts of the same work.
        runtime = runtime with { Runs = (goals.Count + size - 1) / size };
        (_model, _goals, _options, _runtime, Size, _progress, _token) = (model, goals, options, runtime, size, progress, token);
        _sizes = options.OctaveSizes();
        _slots = SlotsOf(model, goals, options);
    }

    /// <summary>How many pictures a batch has, of which each device is to get some.</summary>
    public static int SizeFor(VisionModel model, IReadOnlyList<MaximizationGoal> goals, MaximizeOptions options, Device device, int devices) =>
        StepGraph.BatchSize(model, SlotsOf(model, goals, options).Layers, goals, options, device, devices);

    /// <summary>Pictures of a batch; the last may have fewer.</summary>
    public int Size { get; }

    /// <summary>The pictures of the batch that starts with the given goal; none after an interruption before its first step.</summary>
    public Maximization[] Find(int start)
    {
        int[] rows = [.. Enumerable.Range(start, Math.Min(Size, _goals.Count - start))];
        var (found, isSilent) = Pass(rows, _goals, start, redirectSteps: 0);
        var redirectSteps = Math.Min(_options.RedirectSteps, _options.Steps - 1);
        var restarts = _options.Init.IsRandom ? _options.Restarts : 0;
        for (var attempt = redirectSteps > 0 ? 0 : 1; attempt <= restarts && !_token.IsCancellationRequested; attempt++)
        {
            int[] silent = [.. Enumerable.Range(0, rows.Length).Where(i => isSilent[i])];
            if (silent.Length == 0 || found.Length == 0) break;
            var (again, still) = Pass([.. silent.Select(i => rows[i])], Restarted(attempt), start, redirectSteps);
            foreach (var (k, i) in silent.Index()) (found[i], isSilent[i]) = (again[k], still[k]);
        }

        return found;
    }

    public void Dispose()
    {
        _optimization?.Dispose();
        _optimization = null;
    }

    private static ObjectiveSlots SlotsOf(VisionModel model, IReadOnlyList<MaximizationGoal> goals, MaximizeOptions options) =>
        ObjectiveSlots.For(model, [.. goals.Select(g => g.Objective)], options.Height, options.Width);

    private List<MaximizationGoal> Restarted(int attempt) => [.. _goals.Select(g => g with { Noise = g.Noise + ((ulong)attempt << RestartShift) })];

    /// <summary>Through all sizes.</summary>
    /// <returns>What was found, and for each goal whether its gradient was zero at the start (after the redirected steps, if any).</returns>
    private (Maximization[] Found, bool[] IsSilent) Pass(int[] rows, IReadOnlyList<MaximizationGoal> goals, int start, int redirectSteps)
    {
        MaximizationGoal[] chosen = [.. rows.Select(row => goals[row])];
        bool[]? isSilent = null;
        Tensor? pictures = null;
        float[] objectives = [];
        var done = 0;
        for (var octave = 0; ; octave++)
        {
            // After Ctrl-C, or where nothing moves, what was found so far is only brought to its size.
            var isLast = octave == _sizes.Count - 1;
            var isOver = _token.IsCancellationRequested || isSilent?.All(s => s) == true;
            if (isOver && !isLast) continue;
            var optimization = OptimizationFor(rows.Length, _sizes[octave]);
            var p = optimization.Parameterization;
            var found = optimization.Run(
                chosen,
                pictures is null ? Tensors.Join(_options.Init.Parameters(p, _model, [.. goals.Select(g => g.Noise)], rows, _options.Param, (_options.Height, _options.Width), _options.Seed), p.Dims) : p.FromPictures(pictures),
                new CounterRandom(_options.Seed, (ulong)octave),
                octave == 0 ? redirectSteps : 0,
                (step, objective, frames) => _progress?.Report(new((octave * _options.Steps) + step, _sizes.Count * _options.Steps, start, _goals.Count, objective)
                {
                    Frames = [.. frames.Select((f, i) => new MaximizationFrame(rows[i], Resampler.Resize(f, _options.Width, _options.Height, ResampleFilter.Bicubic)))],
                }),
                isOver ? new CancellationToken(canceled: true) : _token);
            done += found.Steps;
            isSilent ??= found.IsSilent;
            if (found.Steps > 0) objectives = found.Objectives;
            if (isLast) return ([.. optimization.Look(chosen, found with { Steps = done, Objectives = objectives }, _token).Select((m, i) => m with { Active = _options.RevivesDeadUnits && done > 0 ? !isSilent[i] : null })], isSilent);
            pictures = optimization.PicturesOf(found.Parameter);
        }
    }

    private Optimization OptimizationFor(int count, (int Height, int Width) size)
    {
        if (_optimization?.Count == count && (_optimization.Parameterization.Height, _optimization.Parameterization.Width) == size) return _optimization;
        _optimization?.Dispose();
        var sized = _options with { Height = size.Height, Width = size.Width };
        return _optimization = new Optimization(_model, _slots, count, NewParameterization(_model, sized), sized, _runtime);
    }

    internal static Parameterization NewParameterization(VisionModel model, MaximizeOptions options)
    {
        int? planes = model.Conventions.HasRgb ? null : model.Conventions.Planes;
        return options.Param switch
        {
            ParameterKind.Tensor => new TensorParameterization(model, options.Height, options.Width, options.Bounds),
            ParameterKind.Pixel => new PixelParameterization(options.Height, options.Width, planes ?? 3),
            ParameterKind.Laplacian or ParameterKind.Maco when planes is not null => throw OnnxVizException.BadArgument(
                nameof(options.Param), $"{Words.Of(options.Param)} is of colour pictures, and {model.Name} takes {model.Conventions.Color}: take tensor, pixel or fourier.", Fault.Input),
            ParameterKind.Laplacian => new LaplacianParameterization(options.Height, options.Width),
            ParameterKind.Maco => new MacoParameterization(options.Height, options.Width, options.Magnitudes ?? MagnitudeSpectrum.Natural),
            _ => new FourierParameterization(options.Height, options.Width, options.Decay, planes),
        };
    }
}
