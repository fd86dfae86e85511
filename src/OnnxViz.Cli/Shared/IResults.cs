using CommandLine;

namespace OnnxViz.Cli.Shared;

/// <summary>A verb whose results are pictures, and the numbers behind them.</summary>
internal interface IResults
{
    [NotInManifest]
    [Option('o', "out", MetaValue = "FILE|DIR", HelpText = "A .png file (several results make one sheet), or a folder for one file per result.")]
    string? Out { get; set; }

    [NotInManifest]
    [Option("raw", MetaValue = "FILE.npy", HelpText = "Write the unscaled float32 result; then a picture is made only if -o asks for one.")]
    string? Raw { get; set; }

    /// <summary>With all its options.</summary>
    VerbOptions Verb => (VerbOptions)this;
}
