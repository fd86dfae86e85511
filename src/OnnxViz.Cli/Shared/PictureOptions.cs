using CommandLine;
using OnnxViz.Imaging.Files;

namespace OnnxViz.Cli.Shared;

/// <summary>The pictures that a model is shown.</summary>
internal abstract class PictureOptions : ModelOptions
{
    internal const string TensorHelp = "Instead of pictures the model's input as it is, whatever its axes; each row is a case of its own.";

    [NotInManifest(IsInput = true)]
    [NamesPictures]
    [Option('i', "image", MetaValue = "FILE...", HelpText = "Pictures, folders of them (with those below), or patterns in quotes ('photos/**/*.jpg'): " + ImageFile.Formats + ".")]
    public IEnumerable<string> Image { get; set; } = [];

    [NotInManifest(IsInput = true)]
    [Option("input-tensor", MetaValue = "FILE.npy", HelpText = TensorHelp)]
    public string? InputTensor { get; set; }
}

/// <summary>The pictures that a model is shown, and pictures that are made of them.</summary>
internal abstract class DrawnPictureOptions : PictureOptions, IResumed, IResults, IRandom
{
    public string? Out { get; set; }

    public string? Raw { get; set; }

    public ulong Seed { get; set; }

    [NotInManifest]
    [Option("skip-existing", HelpText = IResumed.Help)]
    public bool SkipExisting { get; set; }
}
