using System.Text;
using Microsoft.ML.OnnxRuntime;
using OnnxViz.Caching;
using OnnxViz.Runtime.Hardware;

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
    private const string PlanKind = "plans";

    /// <summary>The CPU, on all its physical cores.</summary>
    public static RuntimeOptions Default { get; } = new(Device.Cpu);

    /// <summary>Less than all gives nearly the same numbers, more slowly: sums are in another order.</summary>
    public GraphOptimization Optimization { get; init; } = GraphOptimization.All;

    /// <summary>Whether graphs run as they were compiled, in none of the other forms that are equal but for rounding and quicker; on a GPU in float32 unless asked otherwise, its steps not recorded.</summary>
    public bool Exact { get; init; }

    /// <summary>How often a graph is going to run: what makes it quicker may be found out by trying where that is often.</summary>
    internal int Runs { get; init; } = 1;

    /// <summary>Ends trying what is quicker, and loading between its stages.</summary>
    internal CancellationToken Token { get; init; }

    /// <summary>Which convolutions run by Winograd's minimal filtering.</summary>
    internal WinogradChoice Winograd { get; init; } = new();

    /// <summary>Whether graphs get other forms: they count on what ONNX Runtime does with them.</summary>
    internal bool Rewrites => !Exact && Device.Kind == DeviceKind.Cpu && Optimization == GraphOptimization.All;

    /// <summary>
    /// Whether a graph of fixed shapes runs in one block of memory, laid out after its first run, beside what that run
    /// allocated piece by piece. It saves allocations, which cost nothing on a CPU; a graph with large results on the way needs half as much again.
    /// </summary>
    internal bool PlansMemory { get; init; } = Device.Kind == DeviceKind.Cuda;

    /// <summary>Bytes that a graph may take; null for what is free.</summary>
    internal long? Memory { get; init; }

    /// <summary>Bytes that a graph may take now.</summary>
    internal long FreeMemory() => Memory ?? (Device.Kind == DeviceKind.Cpu ? OnnxViz.Runtime.Memory.FreeMemory.OfCpu() : DeviceMemory.Of(Device));

    /// <summary>Devices that share the work with <see cref="Device"/> where it can be split.</summary>
    public IReadOnlyList<Device> Further { get; init; } = [];

    /// <summary>Null for what the work takes by itself: TF32 on a GPU where pictures are made, else float32. On the CPU TF32 is float32.</summary>
    public Precision? Precision { get; init; }

    /// <summary>Whether graphs take the forms that suit CUDA: where they run on it, or where that is tried out without one.</summary>
    internal bool TakesCudaForms { get => field || (Device.Kind == DeviceKind.Cuda && !Exact); init; }

    /// <summary>Whether other ways to run a step than the first are tried on a GPU.</summary>
    internal bool TriesPlans { get => field && !Exact; init; } = true;

    /// <summary>Whether steps are recorded on a GPU.</summary>
    internal bool Captures { get => field && !Exact; init; } = true;

    /// <summary>How convolutions run on a GPU.</summary>
    internal StepPlan Plan { get; init; } = StepPlan.First;

    /// <summary>Further options of the CUDA provider.</summary>
    internal IReadOnlyDictionary<string, string> CudaOptions { get; init; } = new Dictionary<string, string>();

    /// <summary>Makes the queues that recorded steps run in; null for CUDA's. Where it is given, steps are run as on a GPU.</summary>
    internal Func<ICopyQueue>? Queue { get; init; }

    /// <summary>Remembers which way to run a step is the quickest.</summary>
    internal QuickestChoice Plans { get; init; } = new(
        key => CacheFolder.Default.Read(PlanKind, key) is { } text ? Encoding.UTF8.GetString(text) : null,
        (key, plan) => CacheFolder.Default.Write(PlanKind, key, Encoding.UTF8.GetBytes(plan)));

    /// <summary>What is found out while steps run.</summary>
    internal StepNotes Notes { get; init; } = new();

    /// <summary>What plans depend on beside graph and versions.</summary>
    internal string DeviceName => Device.Kind == DeviceKind.Cpu ? "cpu" : DeviceMemory.NameOf(Device.Index);

    /// <summary>What is told of a run on a GPU: its precision, and how its steps were run. Null on the CPU.</summary>
    internal string? Manner => Device.Kind == DeviceKind.Cpu
        ? null
        : string.Join("; ", Notes.Plans.Prepend((Precision ?? Runtime.Precision.Float32).ToString().ToLowerInvariant()));

    /// <summary>Why steps could not be recorded on a GPU; null where they were, or need not be.</summary>
    internal string? CaptureFault => Notes.CaptureFault;

    /// <summary>Each device by itself.</summary>
    internal IReadOnlyList<RuntimeOptions> Apart => [.. Further.Prepend(Device).Select(d => this with { Device = d, Further = [] })];

    /// <summary>The same with a precision, where nothing else was asked for.</summary>
    internal RuntimeOptions Or(Precision precision) => Exact ? this : this with { Precision = Precision ?? precision };

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
            ["cudnn_conv_algo_search"] = Plan.Search,
            ["prefer_nhwc"] = Plan.ChannelsLast ? "1" : "0",
            ["use_tf32"] = Precision == Runtime.Precision.Tf32 ? "1" : "0",
        }.Concat(CudaOptions).ToDictionary());
        options.AppendExecutionProvider_CUDA(cuda);
        return options;
    }
}
