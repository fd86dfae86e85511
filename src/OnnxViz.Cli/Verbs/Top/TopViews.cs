using OnnxViz.Datasets;
using OnnxViz.Deconv;
using OnnxViz.Maximize;
using OnnxViz.Optimize.Parameterizations;
using OnnxViz.Top;
using OnnxViz.Views;

namespace OnnxViz.Cli.Verbs.Top;

/// <summary>Makes what is shown of units whose strongest pictures are known.</summary>
internal sealed class TopViews(VisionModel model, Value layer, IPictureList pictures, LayerFields fields, RuntimeOptions runtime, Output output)
{
    private const int MaximizedSide = 96;

    /// <summary>For each unit the picture that it responds to most strongly.</summary>
    /// <exception cref="OperationCanceledException">Ctrl-C.</exception>
    public IReadOnlyList<Image> Maximize(IReadOnlyList<int> units, int steps, ulong seed)
    {
        var (height, width) = model.FixedSize ?? (MaximizedSide, MaximizedSide);
        var options = MaximizeOptions.DefaultsFor(ParameterKind.Fourier) with { Height = height, Width = width, Steps = steps, Seed = seed };
        var found = output.WithProgress($"Maximizing {units.Count} units", report => ActivationMaximization.Run(
            model, layer, units, options, runtime, new Relay<MaximizationProgress>(p => report.Report(((p.Done + ((double)p.Step / p.Steps)) / p.Units, $"step {p.Step}"))), output.Cancellation));
        output.Cancellation.ThrowIfCancellationRequested();
        return [.. found.Select(m => m.Picture)];
    }

    /// <summary>For each unit its pictures with their projections, one unit at a time.</summary>
    /// <param name="found">The units.</param>
    /// <param name="projects">Whether there are projections; otherwise they are null.</param>
    /// <exception cref="OperationCanceledException">Ctrl-C.</exception>
    public IEnumerable<IReadOnlyList<Projection>> Project(IReadOnlyList<TopUnit> found, bool projects)
    {
        var frames = new FrameCache(model.Conventions, pictures);
        var c = model.Conventions;
        var targets = found.SelectMany(u => u.Entries.Select(e => new DeconvTarget(() => frames.Input(e.File), u.Unit, e.Position))).ToList();
        using var projections = Deconvnet.Stream(
            model, layer, c.InputDims(1, c.Height, c.Width), projects ? targets : [], runtime, output.Cancellation).GetEnumerator();
        foreach (var unit in found)
        {
            var views = new List<Projection>();
            foreach (var entry in unit.Entries)
            {
                if (projects && !projections.MoveNext()) throw new OperationCanceledException(output.Cancellation);
                output.Cancellation.ThrowIfCancellationRequested();
                views.Add(new Projection(
                    frames[entry.File], unit.Unit, entry.Activation, fields.At(entry.Position), fields.Box(entry.Position), fields.Size,
                    projects ? Finite.Checked(projections.Current, $"a projection of '{model.Layers.NameOf(layer)}' {unit.Unit}", model.Name) : null));
            }

            yield return views;
        }
    }
}
