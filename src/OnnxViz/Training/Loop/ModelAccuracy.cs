using OnnxViz.Datasets;
using OnnxViz.Objectives;

namespace OnnxViz.Training.Loop;

/// <summary>How well a model file classifies labelled pictures.</summary>
/// <param name="Loss">Mean cross-entropy.</param>
/// <param name="Accuracy">Share whose class has the largest score, 0 to 1; of equal scores the first counts.</param>
internal sealed record ModelAccuracy(double Loss, double Accuracy)
{
    private const int BatchOnCpu = 64, BatchOnCuda = 256;

    /// <param name="model">A classifier; it is run as every verb runs it.</param>
    /// <param name="pictures">All of them are shown to it.</param>
    /// <param name="runtime">Where it runs.</param>
    /// <param name="progress">Told the share that is done, 0 to 1.</param>
    /// <param name="token">Ends it.</param>
    /// <exception cref="OnnxVizException">The model gives no scores for these classes, or NaN.</exception>
    /// <exception cref="OperationCanceledException">The token asked for it.</exception>
    public static ModelAccuracy Of(VisionModel model, LabelledPictures pictures, RuntimeOptions runtime, Action<double>? progress = null, CancellationToken token = default)
    {
        var c = model.Conventions;
        var output = ClassOutput.Of(model);
        var forward = ShapedModel.Start(model, c.InputDims(Shapes.Unknown, c.Height, c.Width), output);
        forward.Builder.Output("scores", ScoreTarget.ClassScores(forward.Builder, forward.Units(output)));
        using var session = new Session(forward.Builder.Build(), runtime);
        var batches = new Batches(pictures, new PictureRows(pictures, c), runtime.Device.Kind == DeviceKind.Cuda ? BatchOnCuda : BatchOnCpu, runtime.Threads);
        var (done, loss, correct) = (0, 0.0, 0);
        foreach (var batch in batches.All(token))
        {
            var scores = session.Run(new Dictionary<string, Tensor> { [forward.Input.Name] = batch.Input }, token)["scores"];
            for (var row = 0; row < batch.Count; row++, done++)
            {
                var (rowLoss, best) = Judge(Tensors.Row(scores, row), batch.Labels[row]);
                if (!double.IsFinite(rowLoss)) throw OnnxVizException.Input($"The scores of {model.Name} for {pictures.NameOf(done)} are NaN or infinite.");
                loss += rowLoss;
                if (best == batch.Labels[row]) correct++;
            }

            progress?.Invoke((double)done / pictures.Count);
        }

        return new ModelAccuracy(loss / pictures.Count, (double)correct / pictures.Count);
    }

    /// <summary>Cross-entropy of one row of scores, and the class with the largest one.</summary>
    private static (double Loss, int Best) Judge(ReadOnlySpan<float> scores, int label)
    {
        var best = 0;
        for (var k = 1; k < scores.Length; k++)
            if (scores[k] > scores[best]) best = k;
        var sum = 0.0;
        foreach (var score in scores) sum += Math.Exp((double)score - scores[best]);
        return (scores[best] - (double)scores[label] + Math.Log(sum), best);
    }
}
