using CommandLine;

namespace OnnxViz.Cli.Shared;

/// <summary>Verbs that are told their model by an argument of its own, or by -m.</summary>
internal abstract class ModelArgument : VerbOptions
{
    [Value(0, MetaName = "MODEL", HelpText = "An .onnx file, a prepared folder, a model of a training run (run/@3, run/@best, run/@last), or the name of a known model.")]
    public virtual string? Name { get; set; }

    [Option('m', "model", MetaValue = "MODEL", HelpText = "The same as an option.")]
    public string? Model { get; set; }

    [Option("input", MetaValue = "NAME=FILE.npy", HelpText = "What another input of the model is fed, one row for all pictures; of two inputs for pictures that which is left is looked at.")]
    public IEnumerable<string> Given { get; set; } = [];

    public override string? ModelName => Name ?? Model;

    /// <summary>The model that was named; null for none.</summary>
    /// <exception cref="OnnxVizException">Two were.</exception>
    protected string? Named => OneOf(Name, Model);

    /// <inheritdoc cref="Named"/>
    public static string? OneOf(string? argument, string? option) =>
        argument is null || option is null ? argument ?? option : throw OnnxVizException.Usage("The model was given twice: as an argument and by -m.");

    /// <exception cref="OnnxVizException">No such model, or not readable.</exception>
    protected VisionModel Load(string model) => VisionModel.Load(model, ModelCatalog.Open(), OtherInputs.Of(Given));
}
