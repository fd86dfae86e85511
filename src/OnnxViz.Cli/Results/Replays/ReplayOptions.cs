using CommandLine;

namespace OnnxViz.Cli.Results.Replays;

/// <summary>What verbs understand that make pictures again.</summary>
internal abstract class ReplayOptions : VerbOptions
{
    [Option('m', "model", MetaValue = "MODEL", HelpText = "Take this model instead of the one that manifests name: what became of its explanations?")]
    public string? Model { get; set; }

    [Option("root", MetaValue = "DIR", HelpText = "Where models and pictures are looked for; by default in the repository that a picture lies in, or its folder, and in the current folder.")]
    public string? Root { get; set; }

    [Option("device", MetaValue = "auto|cpu|cuda[:N]", HelpText = "Where to compute; by default where it was, as far as there is such a device here.")]
    public string? Device { get; set; }

    [Option("threads", MetaValue = "N", HelpText = "Threads on the CPU; by default as many as there were, up to the number of processors.")]
    public int? Threads { get; set; }

    [Option("tolerance", Default = Usual, MetaValue = "LEVELS", HelpText = "How far the worst 8x8 pixels may be off, as a root mean square error in levels of 255. The default passes another processor's rounding; at 0 no pixel may differ.")]
    public double Tolerance { get; set; } = Usual;

    /// <summary>As of pictures that `compare` takes for the same.</summary>
    private const double Usual = 2.5;

    public override string? ModelName => Model;

    /// <exception cref="OnnxVizException">Numbers that make no sense; no such folder.</exception>
    protected ReplayChoice Choice()
    {
        if (!(Tolerance >= 0) || !double.IsFinite(Tolerance)) throw OnnxVizException.Usage($"--tolerance {Tolerance}: a number from 0 on is needed, in levels of 255.");
        if (Threads is < 1 or > 1024) throw OnnxVizException.Usage($"--threads {Threads}: a number from 1 to 1024 is needed.");
        if (Root is not null && !Directory.Exists(Root)) throw OnnxVizException.Input($"--root: there is no folder '{Root}'.");
        if (Device is not null) _ = OnnxViz.Runtime.Device.ParseAll(Device);
        return new ReplayChoice { Model = Model, Root = Root, Device = Device, Threads = Threads };
    }
}
