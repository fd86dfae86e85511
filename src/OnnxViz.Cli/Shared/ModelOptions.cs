using CommandLine;

namespace OnnxViz.Cli.Shared;

/// <summary>The network, and what it expects of pictures.</summary>
internal abstract class ModelOptions : RunOptions
{
    public static IEnumerable<BoundOption> BoundConventions => Conventions.Bound;

    [NotInManifest(IsInput = true)]
    [Option('m', "model", MetaValue = "MODEL", HelpText = "An .onnx file, a prepared folder, a model of a training run (run/@3, run/@best, run/@last), or the name of a known model (`onnxviz models` lists them).")]
    public string? Model { get; set; }

    [NotInManifest(IsInput = true)]
    [Option("input", MetaValue = "NAME=FILE.npy", HelpText = "What another input of the model is fed, one row for all pictures or, with saliency and predict, one for each; of two inputs for pictures that which is left is looked at.")]
    public IEnumerable<string> Given { get; set; } = [];

    protected const string PreparedHelp = "A folder that `onnxviz prepare` made from this model: its gradient graphs are used, those it lacks are compiled.";

    /// <summary>Whether results are made of gradients: of a quantised model it is told how these pass its rounding.</summary>
    public virtual bool UsesGradients => false;

    public override string? ModelName => Model ?? DefaultModel;

    /// <summary>Whether each picture has its row of --input.</summary>
    protected virtual bool TakesRows => false;

    /// <summary>What is taken when no model is named.</summary>
    protected virtual string DefaultModel => "vgg16-body";

    /// <summary>The model under the conventions that it is known for, or that were asked for.</summary>
    /// <param name="output">Told what was assumed.</param>
    /// <param name="prepared">--prepared, of the verbs that take gradients.</param>
    /// <exception cref="OnnxVizException">No such model, not readable, or options that do not fit it.</exception>
    public VisionModel LoadModel(Output output, string? prepared = null)
    {
        if (Model is null) output.Say($"Model: {DefaultModel} (the default; -m names another).");
        var model = VisionModel.Load(Model ?? DefaultModel, ModelCatalog.Open(), OtherInputs.Of(Given));
        if (model.GivenRows > 1 && !TakesRows)
            throw OnnxVizException.Usage($"--input: {Manual.NameOf(this)} takes one row for all pictures, not {model.GivenRows}.");
        if (prepared is not null) model = model.WithPrepared(prepared);
        return model.Under(this, output);
    }
}
