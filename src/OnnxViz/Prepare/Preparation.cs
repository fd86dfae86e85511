using OnnxViz.Autodiff;
using OnnxViz.Graphs.Opsets;
using OnnxViz.Onnx;

namespace OnnxViz.Prepare;

/// <summary>
/// Compiles gradient graphs once, into a folder that ONNX Runtime runs in any language: model.json, weights.bin,
/// forward.onnx and a gradient.LAYER.RULE.onnx for every layer and rule.
/// </summary>
internal sealed class Preparation
{
    private const string Forward = "forward.onnx", Weights = "weights.bin", GradientStart = "gradient.", GraphEnd = ".onnx";

    private readonly VisionModel _model;
    private readonly PreparationOptions _options;
    private readonly long[] _inputDims;

    private Preparation(VisionModel model, PreparationOptions options)
    {
        (_model, _options) = (model, options);
        var declared = model.Input.Dims!;
        var axes = model.Conventions.Axes;
        _inputDims = axes.Dims(
            options.Batch ?? (declared[0] > 0 ? declared[0] : Held(model, options) ?? declared[0]), model.Conventions.Channels, axes.Length(declared, 'd'),
            options.Size?.Height ?? axes.Length(declared, 'h'), options.Size?.Width ?? axes.Length(declared, axes.IsSignal() ? 't' : 'w'));
        if (options.Batch is { } batch && declared[0] > 0 && batch != declared[0])
            throw OnnxVizException.BadArgument(nameof(options.Batch), $"{batch}: {model.Name} takes {declared[0]} pictures at a time (its input is [{Shapes.Text(declared)}]).");
    }

    /// <param name="model">The network.</param>
    /// <param name="options">What to prepare.</param>
    /// <param name="folder">Does not exist, is empty, or was prepared before.</param>
    /// <param name="progress">The share done and what is being made.</param>
    /// <param name="token">Stops between two graphs; nothing is left behind.</param>
    /// <exception cref="OnnxVizException">No gradient; open sizes that an operator does not take; not writable; foreign files in the folder.</exception>
    public static PreparationResult Run(
        VisionModel model, PreparationOptions options, string folder, IProgress<(double Share, string Text)>? progress = null, CancellationToken token = default)
    {
        // A folder may be prepared from itself: its files stay open.
        using var target = new FolderReplacement(folder, model.Prepared is null ? model.File.Paths : []);
        try
        {
            var result = new Preparation(model, options).Write(target.Temporary, progress, token);
            token.ThrowIfCancellationRequested();
            result.Index.Save(target.Temporary);
            target.Commit();
            return result;
        }
        catch (OnnxVizException e) when (e.Fault == Fault.Machine)
        {
            // Which name the folder had on its way is of no interest.
            throw OnnxVizException.Machine(e.Message.Replace(target.Temporary, folder, StringComparison.Ordinal), e);
        }
    }

    /// <summary>How many pictures a graph is for that is open but for what its reshapes hold.</summary>
    private static int? Held(VisionModel model, PreparationOptions options)
    {
        var c = model.Conventions;
        return ShapedModel.RowsOf(model, c.InputDims(1, options.Size?.Height ?? c.Height, options.Size?.Width ?? c.Width), [.. options.Layers]);
    }

    private PreparationResult Write(string folder, IProgress<(double Share, string Text)>? progress, CancellationToken token)
    {
        using var weights = new WeightsFile(Path.Combine(folder, Weights));
        var forward = PreparedLayers.Follow(_model, _inputDims, NewBuilder);
        var (outputs, layers) = PreparedLayers.Expose(_model, forward);
        var forwardFile = Save(forward.Builder, folder, Forward, weights);

        var gradients = new List<PreparedGradient>();
        var leftOut = new List<(string, string, string)>();
        var names = new FreeNames(StringComparer.OrdinalIgnoreCase);
        var (count, done) = ((double)_options.Layers.Count * _options.Rules.Count, 1);
        foreach (var layer in _options.Layers)
        {
            var name = _model.Layers.NameOf(layer);
            var stem = FileStem(name, names);
            foreach (var rules in _options.Rules)
            {
                token.ThrowIfCancellationRequested();
                progress?.Report((done++ / (count + 1), $"{name}, {rules.Name}"));
                try
                {
                    var (graph, shape) = Gradient(layer, name, rules);
                    gradients.Add(new PreparedGradient(name, layer.Name, rules.Name, shape, Save(graph, folder, $"{GradientStart}{stem}.{rules.Name}{GraphEnd}", weights)));
                }
                catch (OnnxVizException e) when (_options.LeavesOut && e.Fault == Fault.Input)
                {
                    leftOut.Add((name, rules.Name, e.Message));
                }
            }
        }

        var index = new PreparedIndex(
            PreparedIndex.CurrentFormat, PreparedIndex.CurrentProgram, Source(), forward.Builder.Graph.Opset,
            Preprocessing.Of(_model.Conventions, forward.Input.Name, _inputDims), _model.IsDescribed, _model.Labels,
            weights.Length > 0 ? new PreparedFile(Weights, weights.Length, weights.Sha256) : null,
            forwardFile, outputs, layers, gradients);
        return new PreparationResult(index, leftOut);
    }

    /// <exception cref="OnnxVizException">There is none, or only for pictures of one size.</exception>
    private (GraphBuilder Graph, long[] Shape) Gradient(Value layer, string name, GradientRules rules)
    {
        try
        {
            return Gradient(layer, rules, _inputDims);
        }
        catch (OnnxVizException e) when (e.Fault == Fault.Input && !Shapes.IsStatic(_inputDims))
        {
            var (c, batch) = (_model.Conventions, _inputDims[0] < 0 ? 1 : _inputDims[0]);
            // Either the open sizes are in the way, or there is no gradient at all: then that is what has to be said.
            _ = Gradient(layer, rules, c.InputDims(batch, c.Height, c.Width));
            var isBatch = Succeeds(() => Gradient(layer, rules, c.InputDims(_inputDims[0], c.Height, c.Width))) is false;
            var isSize = _inputDims.Skip(1).Any(d => d < 0);
            throw OnnxVizException.Input(
                $"The gradient of '{name}' by the rule {rules.Name} cannot be made for {(isSize ? "pictures of any size" : "any number of pictures")} ({e.Message}); "
                + $"it can be for {(isBatch ? "1 picture" : "pictures")}{(isSize ? $" of {c.Height}x{c.Width}" : " at a time")}.",
                e, argument: isSize ? nameof(_options.Size) : nameof(_options.Batch));
        }

        static bool Succeeds(Func<object> action)
        {
            try
            {
                return action() is not null;
            }
            catch (OnnxVizException e) when (e.Fault == Fault.Input)
            {
                return false;
            }
        }
    }

    private (GraphBuilder Graph, long[] Shape) Gradient(Value layer, GradientRules rules, long[] inputDims) => GradientGraph.Of(_model, layer, rules, inputDims);

    private GraphBuilder NewBuilder() => GradientGraph.NewBuilder(_model);

    private PreparedSource Source() => _model.Prepared?.Index.Source
        ?? new PreparedSource(Path.GetFileName(_model.File.Path), _model.Sha256, _model.File.ExternalSha256, _model.Graph.Opset, _model.Input.Name);

    private static PreparedFile Save(GraphBuilder builder, string folder, string file, WeightsFile weights)
    {
        var path = Path.Combine(folder, file);
        OnnxFile.Save(PadAxes.Named(builder.Build()), path, weights);
        using var saved = OpenFile.At(path);
        return new PreparedFile(file, saved.Length, saved.Sha256());
    }

    /// <summary>An alias as it is, of other names what an alias could not have as underscores; another one for each layer.</summary>
    private static string FileStem(string layer, FreeNames taken) =>
        taken.Take(FileNames.Short(string.Concat(layer.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'))));
}
