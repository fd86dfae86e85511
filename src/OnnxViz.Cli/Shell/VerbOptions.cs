using CommandLine;

namespace OnnxViz.Cli.Shell;

/// <summary>What every verb understands. A verb is its options together with what it does.</summary>
internal abstract class VerbOptions
{
    [NotInManifest]
    [Option("json", HelpText = "Print one JSON object and nothing else.")]
    public bool Json { get; set; }

    [NotInManifest]
    [Option("quiet", HelpText = "Print nothing but errors.")]
    public bool Quiet { get; set; }

    [NotInManifest]
    [Option("verbose", HelpText = "Show where an error came from.")]
    public bool Verbose { get; set; }

    [NotInManifest]
    [Option("profile", HelpText = "Show where time and memory went, and write a trace for ui.perfetto.dev beside -o.")]
    public bool Profile { get; set; }

    [NotInManifest]
    [Option("isolate", HelpText = "Work in a process of its own, so that a model that crashes ONNX Runtime is an error as any other. By itself where the model came by `pull --untrusted`.")]
    public bool Isolate { get; set; }

    /// <summary>Arguments that belong to no option: an error, which the parser by itself would not see.</summary>
    [Value(9, Hidden = true)]
    public IEnumerable<string> Rest { get; set; } = [];

    /// <summary>The command line without the program, as it was typed.</summary>
    public IReadOnlyList<string> Typed { get; set; } = [];

    /// <summary>Which of its results are made; null for all.</summary>
    public OnlyThese? Only { get; set; }

    /// <summary>What a manifest says that another version of the model expects of pictures, for one that nobody described; names as of <see cref="PictureConventions.Texts"/>.</summary>
    public IReadOnlyDictionary<string, string>? Expected { get; set; }

    /// <summary>The model that the verb works on, as the user calls it; null where there is none.</summary>
    public virtual string? ModelName => null;

    /// <summary>All models that the verb works on.</summary>
    public virtual IEnumerable<string> ModelNames => ModelName is { } name ? [name] : [];

    /// <returns>The exit code.</returns>
    /// <exception cref="OnnxVizException">Anything that the user can meet.</exception>
    public abstract int Run(Output output);
}

/// <summary>Marks an option that says how to run or where files are, and not what comes out; or that manifests tell elsewhere.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NotInManifestAttribute : Attribute
{
    /// <summary>It names what results are made of, which manifests tell by name and hash.</summary>
    public bool IsInput { get; init; }
}
