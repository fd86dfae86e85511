using OnnxViz.Models.Batches;
using OnnxViz.Objectives;

namespace OnnxViz.Saliency;

/// <summary>What a method is asked.</summary>
/// <param name="Model">The network.</param>
/// <param name="Input">[N, C, H, W] or [N, H, W, C]: N pictures, each to be explained by itself.</param>
/// <param name="Target">The score that is explained.</param>
/// <param name="Runtime">Where graphs run.</param>
public sealed record SaliencyTask(VisionModel Model, Tensor Input, ScoreTarget Target, RuntimeOptions Runtime)
{
    /// <summary>Told the share that is done, 0 to 1.</summary>
    public IProgress<double>? Progress { get; init; }

    public CancellationToken Token { get; init; }

    /// <summary>N.</summary>
    public int Rows => (int)Input.Dims[0];

    /// <summary>Dimensions of an input of one picture.</summary>
    public long[] RowDims => [1, .. Input.Dims[1..]];

    public InputLayout Layout => InputLayout.Of(Model.Conventions.Axes, Input.Dims);

    /// <summary>How many variants of a picture run at once.</summary>
    /// <param name="variants">How many there are.</param>
    /// <param name="hasGradient">Whether a gradient is taken, and not only a score.</param>
    public int Batch(int variants, bool hasGradient)
    {
        var one = ShapedModel.Start(Model, RowDims, Target.Layer);
        // A model that declares a number of pictures, but takes any, takes them one by one.
        return Model.Input.Dims![0] > 0 && one.Rows is null ? 1 : BatchPlan.For(Runtime.Device).Variants(one, hasGradient, variants);
    }

    /// <summary>Where a part of the work reports to.</summary>
    /// <param name="row">The row of the input at work.</param>
    public IProgress<double>? ProgressOf(int row) => Progress is null ? null : new Part(Progress, row, Rows);

    /// <summary>The loop of methods that run the network many times for one picture.</summary>
    /// <param name="attribute">From the number of a row of the input, the unit explained in it and that unit's score to the attribution, of the size of a row.</param>
    public SaliencyResult ForEachRow(Func<int, long, float, float[]> attribute)
    {
        ArgumentNullException.ThrowIfNull(attribute);
        var (scores, units) = Scores();
        var attributions = new float[Rows][];
        for (var row = 0; row < Rows; row++)
        {
            Token.ThrowIfCancellationRequested();
            attributions[row] = attribute(row, units[row], scores[row]);
        }

        return new SaliencyResult(Tensors.Join(attributions, Input.Dims[1..]), scores, units);
    }

    /// <summary>What is explained in each picture - the unit asked for or its highest class - and its score.</summary>
    private (float[] Scores, long[] Units) Scores()
    {
        var forward = ShapedModel.Start(Model, Input.Dims, Target.Layer);
        var (score, unit) = Target.Emit(forward.Builder, forward.Units(Target.Layer));
        forward.Builder.Output("score", score.Value);
        forward.Builder.Output("unit", unit);
        using var session = new Session(forward.Builder.Build(), Runtime);
        var results = session.Run(new Dictionary<string, Tensor> { [forward.Input.Name] = Input }, Token);
        return (results["score"].ToFloats(), results["unit"].ToLongs());
    }

    private sealed class Part(IProgress<double> whole, int at, int of) : IProgress<double>
    {
        public void Report(double value) => whole.Report((at + value) / of);
    }
}
