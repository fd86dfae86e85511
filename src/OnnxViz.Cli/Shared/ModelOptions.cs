using CommandLine;
using OnnxViz.Cli.Shell;
using OnnxViz.Models;

namespace OnnxViz.Cli.Shared;

/// <summary>The network, what it expects of pictures, and where results go.</summary>
internal abstract class ModelOptions : RunOptions, IConventions
{
    [NotInManifest]
    [Option('m', "model", MetaValue = "MODEL", HelpText = "An .onnx file, a prepared folder, or the name of a known model (`onnxviz models` lists them).")]
    public virtual string? Model { get; set; }

    [NotInManifest]
    [Option('o', "out", MetaValue = "FILE|DIR", HelpText = "A .png file (several results make one sheet), or a folder for one file per result.")]
    public string? Out { get; set; }

    [NotInManifest]
    [Option("raw", MetaValue = "FILE.npy", HelpText = "Write the unscaled float32 result; then a picture is made only if -o asks for one.")]
    public string? Raw { get; set; }

    [NotInManifest]
    [Option("size", MetaValue = "H|HxW", HelpText = "Size of the picture that the model sees: a plain resize instead of resize and crop.")]
    public string? Size { get; set; }

    [NotInManifest]
    [Option("mean", MetaValue = "A,B,C", HelpText = IConventions.MeanHelp)]
    public string? Mean { get; set; }

    [NotInManifest]
    [Option("std", MetaValue = "A,B,C", HelpText = IConventions.StdHelp)]
    public string? Std { get; set; }

    [NotInManifest]
    [Option("range", MetaValue = "LO,HI", HelpText = IConventions.RangeHelp)]
    public string? Range { get; set; }

    [NotInManifest]
    [Option("color", MetaValue = "rgb|bgr", HelpText = IConventions.ColorHelp)]
    public string? Color { get; set; }

    [NotInManifest]
    [Option("layout", MetaValue = "nchw|nhwc", HelpText = IConventions.LayoutHelp)]
    public string? Layout { get; set; }

    protected const string PreparedHelp = "A folder that `onnxviz prepare` made from this model: its gradient graphs are used, those it lacks are compiled.";

    /// <summary>Whether results are made of gradients: of a quantised model it is told how these pass its rounding.</summary>
    public virtual bool UsesGradients => false;

    /// <summary>What is taken when no model is named.</summary>
    protected virtual string DefaultModel => "vgg16-body";

    /// <summary>The model under the conventions that it is known for, or that were asked for.</summary>
    /// <param name="output">Told what was assumed.</param>
    /// <param name="prepared">--prepared, of the verbs that take gradients.</param>
    /// <exception cref="OnnxVizException">No such model, not readable, or options that do not fit it.</exception>
    public VisionModel LoadModel(Output output, string? prepared = null)
    {
        if (Model is null) output.Say($"Model: {DefaultModel} (the default; -m names another).");
        var model = VisionModel.Load(Model ?? DefaultModel, ModelCatalog.Open());
        if (prepared is not null) model = model.WithPrepared(prepared);
        var conventions = ConventionOptions.Apply(this, model);
        if (!model.IsDescribed) output.Note(ConventionOptions.Describe(model.Name, conventions));
        return model.With(conventions);
    }
}
