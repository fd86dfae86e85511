using OnnxViz.Graphs;
using OnnxViz.Models;
using OnnxViz.Runtime;

namespace OnnxViz.Saliency;

/// <summary>The loop of the methods that run the network many times for one picture.</summary>
internal static class PerPicture
{
    /// <param name="task">The pictures.</param>
    /// <param name="attribute">From a row of the input, what is explained in it and its score to the attribution, as a row of the input.</param>
    public static SaliencyResult Explain(AttributionTask task, Func<int, long, float, float[]> attribute)
    {
        var (scores, units) = Scores(task);
        var attributions = new float[task.Rows][];
        for (var row = 0; row < task.Rows; row++)
        {
            task.Token.ThrowIfCancellationRequested();
            attributions[row] = attribute(row, units[row], scores[row]);
        }

        return new SaliencyResult(Tensors.Join(attributions, task.Input.Dims[1..]), scores, units);
    }

    /// <summary>What is explained in each picture - the unit asked for or its highest class - and its score.</summary>
    private static (float[] Scores, long[] Units) Scores(AttributionTask task)
    {
        var forward = ShapedModel.Start(task.Model, task.Input.Dims, task.Target.Layer);
        var (score, unit) = task.Target.Emit(forward.Builder, forward.Units(task.Target.Layer));
        forward.Builder.Output("score", score.Value);
        forward.Builder.Output("unit", unit);
        using var session = new Session(forward.Builder.Build(), task.Runtime);
        var results = session.Run(new Dictionary<string, Tensor> { [forward.Input.Name] = task.Input }, task.Token);
        return (results["score"].ToFloats(), results["unit"].ToLongs());
    }
}
