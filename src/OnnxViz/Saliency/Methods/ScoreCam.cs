namespace OnnxViz.Saliency.Methods;

/// <summary>
/// w = softmax over the channels of the scores of the picture seen through each map, which is stretched over the picture
/// and scaled to 0..1. As in pytorch-grad-cam, stretching aligns the centres of the corners.
/// </summary>
public sealed record ScoreCam() : LayerMethod("score-cam", "relu(sum of w A), w = softmax of the scores of the picture seen through A.", new("Wang et al.", 2020))
{
    public override bool RunsOften => true;

    [BaselineOption]
    public Baseline Baseline { get; init; } = Baseline.Zero;

    public override SaliencyResult Explain(SaliencyTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        var layer = LayerActivations.Of(task, LayerOf(task));
        var (channels, grid) = ((int)layer.Maps.Dims[1], task.Layout.GridOf(layer.Maps.Dims));
        var positions = grid.Depth * grid.Height * grid.Width;
        var (layout, baseline) = (task.Layout, Baseline.RowOf(task));
        using var pass = new ForwardPass(task, rules: null, channels);
        var rows = new List<float[]>();
        for (var row = 0; row < task.Rows; row++)
        {
            var picture = Tensors.Row(task.Input, row).ToArray();
            var maps = Tensors.Row(layer.Maps, row).ToArray();
            var scores = new double[channels];
            pass.Run(
                layer.Units[row], channels,
                (channel, image) => Mask.Apply(Scaled(Mask.StretchCorners(maps.AsSpan(channel * positions, positions), grid, layout)), picture, baseline, layout, image),
                (channel, score, _) => scores[channel] = score,
                task.ProgressOf(row));
            rows.Add(layer.Weighted(row, Softmax(scores)));
        }

        return layer.Result(rows);
    }

    /// <summary>To 0..1; zeros where the map is the same everywhere.</summary>
    private static float[] Scaled(float[] map)
    {
        var (low, high) = (map.Min(), map.Max());
        return high > low ? Array.ConvertAll(map, v => (v - low) / (high - low)) : new float[map.Length];
    }

    private static double[] Softmax(double[] scores)
    {
        var highest = scores.Max();
        var exponentials = Array.ConvertAll(scores, s => Math.Exp(s - highest));
        var sum = exponentials.Sum();
        return Array.ConvertAll(exponentials, e => e / sum);
    }
}
