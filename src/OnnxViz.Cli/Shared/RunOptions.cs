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

    [Option("seed", Default = 0UL, MetaValue = "N", HelpText = "Where randomness starts: the same seed gives the same picture.")]
    public ulong Seed { get; set; }

    [NotInManifest]
    [Option("ort-library", MetaValue = "PATH", HelpText = "Use this ONNX Runtime library instead of the one beside the program.")]
    public string? OrtLibrary { get; set; }

    /// <summary>The same whenever it is asked.</summary>
    /// <exception cref="OnnxVizException">An unknown device, or one that does not work here.</exception>
    public RuntimeOptions Runtime() => _runtime ??= NewRuntime();

    private RuntimeOptions NewRuntime()
    {
        if (Threads is < 1 or > 1024) throw OnnxVizException.Usage($"--threads {Threads}: a number from 1 to 1024 is needed.");
        if (OrtLibrary is { } path) OnnxRuntimeChoice.Use(path);
        return new RuntimeOptions(OnnxViz.Runtime.Device.Parse(Device), Threads ?? 0);
    }
}
