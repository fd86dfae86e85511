using CommandLine;

namespace OnnxViz.Cli.Shared;

/// <summary>Where graphs run.</summary>
internal abstract class RunOptions : VerbOptions
{
    private RuntimeOptions? _runtime;

    [NotInManifest]
    [Option("device", Default = "auto", MetaValue = "auto|cpu|cuda[:N]", HelpText = "Where to compute; auto takes CUDA where it works, cuda:0,1 lets two GPUs share units (maximize) or pictures (saliency).")]
    public string Device { get; set; } = "auto";

    [Option("threads", MetaValue = "N", HelpText = "Threads on the CPU; by default as many as there are physical cores.")]
    public int? Threads { get; set; }

    [Option("exact", HelpText = "Run graphs as they were compiled, in no form that is quicker and equal but for rounding.")]
    public bool Exact { get; set; }

    [NotInManifest]
    [Option("winograd", Default = "auto", MetaValue = "auto|none|SIZES", HelpText = "Convolutions that run by Winograd's minimal filtering: those of long runs that were measured to be quicker so on this machine, none, or those of these sizes (256x512@28x28,..).")]
    public string Winograd { get; set; } = "auto";

    [NotInManifest]
    [Option("precision", MetaValue = "float32|tf32", HelpText = "Of convolutions on a GPU: by default tf32 where pictures are optimised, else float32. The CPU computes in float32.")]
    public string? Precision { get; set; }

    [NotInManifest]
    [Option("ort-library", MetaValue = "PATH", HelpText = "Use this ONNX Runtime library instead of the one beside the program.")]
    public string? OrtLibrary { get; set; }

    /// <summary>The same whenever it is asked.</summary>
    /// <exception cref="OnnxVizException">An unknown device, or one that does not work here.</exception>
    public RuntimeOptions Runtime() => _runtime ??= NewRuntime();

    /// <summary>What is taken on a GPU unless another is asked for.</summary>
    protected virtual Precision PrecisionOnGpu => OnnxViz.Runtime.Precision.Float32;

    /// <summary>Whether several devices can share the work.</summary>
    protected virtual bool TakesSeveralDevices => false;

    /// <summary>Parts are joined as from the device that they were made on, which need not be here.</summary>
    private IReadOnlyList<Device> DevicesHere() => this is not IShared { Joined: { } parts } ? OnnxViz.Runtime.Device.ParseAll(Device)
        : [parts.First.Command["device"]?.GetValue<string>() == "cuda" ? OnnxViz.Runtime.Device.Cuda : OnnxViz.Runtime.Device.Cpu];

    private RuntimeOptions NewRuntime()
    {
        if (Threads is < 1 or > 1024) throw OnnxVizException.Usage($"--threads {Threads}: a number from 1 to 1024 is needed.");
        if (OrtLibrary is { } path) OnnxRuntimeChoice.Use(path);
        if (Exact && Winograd != "auto") throw OnnxVizException.Usage($"--exact --winograd {Winograd}: --exact leaves Winograd out; give one of them.");
        Precision? precision = Precision is null ? null : OnnxViz.Options.Words.Choose(nameof(Precision), Precision, ("float32", OnnxViz.Runtime.Precision.Float32), ("tf32", OnnxViz.Runtime.Precision.Tf32));
        var devices = DevicesHere();
        if (devices.Count > 1 && !TakesSeveralDevices) throw OnnxVizException.Usage($"--device {Device}: {Manual.NameOf(this)} runs on one device; name one of them.");
        var otherwise = Exact ? OnnxViz.Runtime.Precision.Float32 : PrecisionOnGpu;
        return new RuntimeOptions(devices[0], Threads ?? 0)
        {
            Further = [.. devices.Skip(1)],
            Precision = precision ?? (devices[0].Kind == DeviceKind.Cuda ? otherwise : null),
            Exact = Exact,
            Winograd = new WinogradChoice(Winograd switch { "auto" => null, "none" => [], _ => WinogradSizes() }),
        };
    }

    private string[] WinogradSizes()
    {
        var sizes = Winograd.Split(',', StringSplitOptions.TrimEntries);
        return Array.TrueForAll(sizes, WinogradChoice.IsKey)
            ? sizes
            : throw OnnxVizException.Usage($"--winograd {Winograd}: auto, none, or sizes such as 256x512@28x28 (channels, channels, height, width) are needed, with commas between them.");
    }
}
