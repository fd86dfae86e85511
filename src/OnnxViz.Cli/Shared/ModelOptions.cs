using CommandLine;
using OnnxViz.Cli.Shell;
using OnnxViz.Models;

namespace OnnxViz.Cli.Shared;

/// <summary>The network, what it expects of pictures, and where results go.</summary>
internal abstract class ModelOptions : RunOptions, IConventions
{
    [Option('m', "model", MetaValue = "MODEL", HelpText = "An .onnx file, a prepared folder, or the name of a known model (`onnxviz models` lists them).")]
    public virtual string? Model { get; set; }

    [Option('o', "out", MetaValue = "FILE|DIR", HelpText = "A .png file (several results make one sheet), or a folder for one file per result.")]
    public string? Out { get; set; }

    [Option("raw", MetaValue = "FILE.npy", HelpText = "Write the unscaled float32 result; then a picture is made only if -o asks for one.")]
    public string? Raw { get; set; }

    [Option("size", MetaValue = "H|HxW", HelpText = "Size of the picture that the model sees: a plain resize instead of resize and crop.")]
    public string? Size { get; set; }

    [Option("mean", MetaValue = "A,B,C", HelpText = IConventions.MeanHelp)]
    public string? Mean { get; set; }

    [Option("std", MetaValue = "A,B,C", HelpText = IConventions.StdHelp)]
    public string? Std { get; set; }

    [Option("range", MetaValue = "LO,HI", HelpText = IConventions.RangeHelp)]
    public string? Range { get; set; }

    [Option("color", MetaValue = "rgb|bgr", HelpText = IConventions.ColorHelp)]
    public string? Color { get; set; }

    [Option("layout", MetaValue = "nchw|nhwc", HelpText = IConventions.LayoutHelp)]
    public string? Layout { get; set; }

    protected const string PreparedHelp = "A folder that `onnxviz prepare` made from this model: its gradient graphs are used, those it lacks are compiled.";

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
