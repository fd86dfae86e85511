using Microsoft.ML.OnnxRuntime;

namespace OnnxViz.Runtime;

/// <summary>Which of ONNX Runtime's own rewrites of a graph are applied; each level includes those before it.</summary>
public enum GraphOptimization
{
    None,

    /// <summary>What keeps the operators of the standard, such as constant folding.</summary>
    Basic,

    /// <summary>Fused operators of ONNX Runtime's own.</summary>
    Extended,

    /// <summary>Other layouts of the data in memory.</summary>
    All,
}

/// <summary>How sessions are made.</summary>
/// <param name="Device">Where they run.</param>
/// <param name="Threads">Threads within an operator; 0 for the number of physical cores.</param>
public sealed record RuntimeOptions(Device Device, int Threads = 0)
{
    /// <summary>The CPU, on all its physical cores.</summary>
    public static RuntimeOptions Default { get; } = new(Device.Cpu);

    /// <summary>Less than all gives nearly the same numbers, more slowly: sums are in another order.</summary>
    public GraphOptimization Optimization { get; init; } = GraphOptimization.All;

    /// <summary>
    /// Whether a graph of fixed shapes runs in one block of memory, laid out after its first run, beside what that run
    /// allocated piece by piece. It saves allocations, which cost nothing on a CPU; a graph with large results on the way needs half as much again.
    /// </summary>
    internal bool PlansMemory { get; init; } = Device.Kind == DeviceKind.Cuda;

    /// <summary>Bytes that a graph may take; null for what is free.</summary>
    internal long? Memory { get; init; }

    internal SessionOptions ToSessionOptions()
    {
        OrtLibrary.Start();
        var options = new SessionOptions
        {
            GraphOptimizationLevel = Optimization switch
            {
                GraphOptimization.None => GraphOptimizationLevel.ORT_DISABLE_ALL,
                GraphOptimization.Basic => GraphOptimizationLevel.ORT_ENABLE_BASIC,
                GraphOptimization.Extended => GraphOptimizationLevel.ORT_ENABLE_EXTENDED,
                _ => GraphOptimizationLevel.ORT_ENABLE_ALL,
            },
            IntraOpNumThreads = Threads > 0 ? Threads : PhysicalCores.Count,
            InterOpNumThreads = 1,
            EnableMemoryPattern = PlansMemory,
        };
        // Up to 1.31 it takes the zeros of a Pad before a MaxPool for -infinity.
        options.AddSessionConfigEntry("optimization.disable_specified_optimizers", "Pad_Fusion");
        if (Device.Kind != DeviceKind.Cuda) return options;

        using var cuda = new OrtCUDAProviderOptions();
        cuda.UpdateOptions(new Dictionary<string, string>
        {
            ["device_id"] = Device.Index.ToString(),
            // DEFAULT may pick cuDNN's slowest engines; EXHAUSTIVE no longer searches.
            ["cudnn_conv_algo_search"] = "HEURISTIC",
            // Gradients are compared with float32 elsewhere: 10-bit mantissas would not pass.
            ["use_tf32"] = "0",
        });
        options.AppendExecutionProvider_CUDA(cuda);
        return options;
    }
}
