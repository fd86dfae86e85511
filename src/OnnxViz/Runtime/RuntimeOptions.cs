using Microsoft.ML.OnnxRuntime;

namespace OnnxViz.Runtime;

/// <summary>How sessions are made.</summary>
/// <param name="Device">Where they run.</param>
/// <param name="Threads">Threads within an operator; 0 for the number of physical cores.</param>
public sealed record RuntimeOptions(Device Device, int Threads = 0)
{
    public static RuntimeOptions Default { get; } = new(Device.Cpu);

    /// <summary>Which of ONNX Runtime's own rewrites are applied; tests lower it to see what rounding does.</summary>
    public GraphOptimizationLevel Optimization { get; init; } = GraphOptimizationLevel.ORT_ENABLE_ALL;

    internal SessionOptions ToSessionOptions()
    {
        OrtLibrary.Start();
        var options = new SessionOptions
        {
            GraphOptimizationLevel = Optimization,
            IntraOpNumThreads = Threads,
            InterOpNumThreads = 1,
        };
        // In ONNX Runtime 1.29 it loses what a Pad before a Conv is fed by, and the graph does not load.
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
