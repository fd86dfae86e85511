using CommandLine;
using OnnxViz.Imaging.Files;

namespace OnnxViz.Cli.Shared;

/// <summary>The pictures that a model is shown.</summary>
internal abstract class PictureOptions : ModelOptions
{
    [NotInManifest]
    [Option('i', "image", MetaValue = "FILE...", HelpText = "Pictures, or folders of them: " + ImageFile.Formats + ".")]
    public IEnumerable<string> Image { get; set; } = [];

    [NotInManifest]
    [Option("input-tensor", MetaValue = "FILE.npy", HelpText = "Instead of pictures the model's input as it is, whatever its axes; each row is a case of its own.")]
    public string? InputTensor { get; set; }
}
