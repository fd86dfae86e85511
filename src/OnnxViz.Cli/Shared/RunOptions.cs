using CommandLine;

namespace OnnxViz.Cli.Shared;

/// <summary>Where graphs run.</summary>
internal abstract class RunOptions : VerbOptions
{
    private RuntimeOptions? _runtime;

    [NotInManifest]
    [Option("device", Default = "auto", MetaValue = "auto|cpu|cuda[:N]", HelpText = "Where to compute; auto takes CUDA where it works.")]
    public string Device { get; set; } = "auto";

    [Option("threads", MetaValue = "N", HelpText = "Threads on the CPU; by default as many as there are physical cores.")]
    public int? Threads { get; set; }

    [Option("exact", HelpText = "Run graphs as they were compiled, in no form that is quicker and equal but for rounding.")]
    public bool Exact { get; set; }

    [NotInManifest]
    [Option("winograd", Default = "auto", MetaValue = "auto|none|SIZES", HelpText = "Convolutions that run by Winograd's minimal filtering: those of long runs that were measured to be quicker so on this machine, none, or those of these sizes (256x512@28x28,..).")]
    public string Winograd { get; set; } = "auto";

    [Option("seed", Default = 0UL, MetaValue = "N", HelpText = "Where randomness starts: the same seed gives the same picture.")]
    public ulong Seed { get; set; }

    [NotInManifest]
    [Option("ort-library", MetaValue = "PATH", HelpText = "Use this ONNX Runtime library instead of the one beside the program.")]
    public string? OrtLibrary { get; set; }

    /// <summary>The same whenever it is asked.</summary>
    /// <exception cref="OnnxVizException">An unknown device, or one that does not work here.</exception>
    public RuntimeOptions Runtime() => _runtime ??= NewRuntime();

    /// <summary>Parts are joined as from the device that they were made on, which need not be here.</summary>
    private Device DeviceHere() => this is not IShared { Joined: { } parts } ? OnnxViz.Runtime.Device.Parse(Device)
        : parts.First.Command["device"]?.GetValue<string>() == "cuda" ? OnnxViz.Runtime.Device.Cuda
        : OnnxViz.Runtime.Device.Cpu;

    private RuntimeOptions NewRuntime()
    {
        if (Threads is < 1 or > 1024) throw OnnxVizException.Usage($"--threads {Threads}: a number from 1 to 1024 is needed.");
        if (OrtLibrary is { } path) OnnxRuntimeChoice.Use(path);
        return new RuntimeOptions(DeviceHere(), Threads ?? 0) { Exact = Exact, Winograd = new WinogradChoice(Winograd switch { "auto" => null, "none" => [], _ => WinogradSizes() }) };
    }

    private string[] WinogradSizes()
    {
        var sizes = Winograd.Split(',', StringSplitOptions.TrimEntries);
        return Array.TrueForAll(sizes, WinogradChoice.IsKey)
            ? sizes
            : throw OnnxVizException.Usage($"--winograd {Winograd}: auto, none, or sizes such as 256x512@28x28 (channels, channels, height, width) are needed, with commas between them.");
    }
}
