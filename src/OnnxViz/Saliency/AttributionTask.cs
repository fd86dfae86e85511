using OnnxViz.Graphs;
using OnnxViz.Models;
using OnnxViz.Objectives;
using OnnxViz.Runtime;

namespace OnnxViz.Saliency;

/// <summary>What a method is asked.</summary>
internal sealed record AttributionTask(VisionModel Model, Tensor Input, ScoreTarget Target, SaliencyOptions Options, RuntimeOptions Runtime)
{
    /// <summary>Told the share that is done, 0 to 1.</summary>
    public IProgress<double>? Progress { get; init; }

    public CancellationToken Token { get; init; }

    /// <summary>Pictures to explain.</summary>
    public int Rows => (int)Input.Dims[0];

    /// <summary>Dimensions of an input of one picture.</summary>
    public long[] RowDims => [1, .. Input.Dims[1..]];

    public InputLayout Layout => InputLayout.Of(Model, Input.Dims);

    /// <summary>How many variants of a picture run at once.</summary>
    /// <param name="variants">How many there are.</param>
    /// <param name="hasGradient">Whether a gradient is taken, and not only a score.</param>
    public int Batch(int variants, bool hasGradient) => Model.Input.Dims![0] > 0
        // A model whose batch is fixed takes pictures one by one.
        ? 1
        : BatchPlan.For(Runtime.Device).Variants(ShapedModel.Start(Model, RowDims, Target.Layer).Activations, hasGradient, variants);

    /// <summary>The baseline as the numbers of a row.</summary>
    /// <exception cref="OnnxVizException">It has another size than the pictures.</exception>
    public float[] Baseline()
    {
        if (Options.Baseline is not { } baseline) return new float[Layout.Size];
        return baseline.Dims.AsSpan().SequenceEqual(RowDims)
            ? baseline.ToFloats()
            : throw OnnxVizException.Input($"The baseline has the shape [{Shapes.Text(baseline.Dims)}], the input [{Shapes.Text(RowDims)}]: they must be the same.");
    }

    /// <summary>Where a part of the work reports to.</summary>
    /// <param name="row">The row of the input at work.</param>
    public IProgress<double>? ProgressOf(int row) => Progress is null ? null : new Part(Progress, row, Rows);

    private sealed class Part(IProgress<double> whole, int at, int of) : IProgress<double>
    {
        public void Report(double value) => whole.Report((at + value) / of);
    }
}
