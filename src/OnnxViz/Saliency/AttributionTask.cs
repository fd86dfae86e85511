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
