using CommandLine;
using OnnxViz.Cli.Results;
using OnnxViz.Visualize;

namespace OnnxViz.Cli.Parsing;

/// <summary>The network, what it expects of pictures, and where results go.</summary>
internal abstract class ModelOptions : RunOptions
{
    [Option('m', "model", MetaValue = "MODEL", HelpText = "An .onnx file, or the name of a known model (`onnxviz models` lists them).")]
    public virtual string? Model { get; set; }

    [Option('o', "out", MetaValue = "FILE|DIR", HelpText = "A .png file (several results make one sheet), or a folder for one file per result.")]
    public string? Out { get; set; }

    [Option("raw", MetaValue = "FILE.npy", HelpText = "Write the unscaled float32 result; then a picture is made only if -o asks for one.")]
    public string? Raw { get; set; }

    [Option("size", MetaValue = "H|HxW", HelpText = "Size of the picture that the model sees: a plain resize instead of resize and crop.")]
    public string? Size { get; set; }

    [Option("mean", MetaValue = "A,B,C", HelpText = "Subtracted from each channel, in units of --range.")]
    public string? Mean { get; set; }

    [Option("std", MetaValue = "A,B,C", HelpText = "What each channel is divided by, in units of --range.")]
    public string? Std { get; set; }

    [Option("range", MetaValue = "LO,HI", HelpText = "What black and white become before mean and std: 0,1 or 0,255 or -1,1.")]
    public string? Range { get; set; }

    [Option("color", MetaValue = "rgb|bgr", HelpText = "Order of the model's colour channels.")]
    public string? Color { get; set; }

    [Option("layout", MetaValue = "nchw|nhwc", HelpText = "Order of the model's input axes.")]
    public string? Layout { get; set; }

    /// <summary>What is taken when no model is named.</summary>
    protected virtual string DefaultModel => "vgg16-body";

    /// <summary>The model under the conventions that it is known for, or that were asked for.</summary>
    /// <exception cref="OnnxVizException">No such model, not readable, or options that do not fit it.</exception>
    public VisionModel LoadModel(Output output)
    {
        if (Model is null) output.Say($"Model: {DefaultModel} (the default; -m names another).");
        var model = VisionModel.Load(Model ?? DefaultModel, ModelCatalog.Open());
        var conventions = ConventionOptions.Apply(this, model);
        if (!model.IsDescribed) output.Note(ConventionOptions.Describe(model.Name, conventions));
        return model.With(conventions);
    }
}
