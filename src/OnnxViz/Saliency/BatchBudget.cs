using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Models;
using OnnxViz.Runtime;

namespace OnnxViz.Saliency;

/// <summary>How many variants of a picture run at once. It depends on model and device kind only, so that results do not on the machine.</summary>
internal static class BatchBudget
{
    private const double CpuBytes = 512e6;

    private const double GpuBytes = 4e9;

    /// <summary>More win no time.</summary>
    private const int MostOnCpu = 16;

    private const int MostOnGpu = 128;

    /// <param name="task">Model and size of the picture.</param>
    /// <param name="hasGradient">Whether activations have to be kept for the way back.</param>
    public static int Rows(SaliencyTask task, bool hasGradient)
    {
        // A model whose batch is fixed takes pictures one by one.
        if (task.Model.Input.Dims![0] > 0) return 1;
        var onGpu = task.Runtime.Device.Kind == DeviceKind.Cuda;
        var forward = ShapedModel.Start(task.Model, task.RowDims, task.Target.Layer);
        var sizes = forward.Builder.Graph.Nodes.SelectMany(n => n.Outputs).Where(v => v.HasStaticShape).Select(v => (double)sizeof(float) * Shapes.Count(v.Dims)).ToList();
        // Forward alone, ONNX Runtime lets go of what is used up.
        var bytes = hasGradient ? 2 * sizes.Sum() : 4 * sizes.DefaultIfEmpty(1).Max();
        return Math.Clamp((int)((onGpu ? GpuBytes : CpuBytes) / Math.Max(bytes, 1)), 1, onGpu ? MostOnGpu : MostOnCpu);
    }

    /// <summary>A batch of at most so many that the last one is not nearly empty.</summary>
    public static int Even(int count, int most)
    {
        var runs = (count + most - 1) / most;
        return (count + runs - 1) / runs;
    }
}
