using CommandLine;
using CommandLine.Text;
using OnnxViz.Autodiff;
using OnnxViz.Check;

namespace OnnxViz.Cli.Verbs.CheckGrad;

[Verb("check-grad", HelpText = "Check a model's compiled gradients against finite differences; exit 3 when one is wrong, for that depends on the file. Kinks are no errors.")]
internal class CheckGradVerb : PictureOptions, IRandom
{
    private const int MostPictures = 256;

    private const int NoisePoints = 2;

    [Value(0, MetaName = "MODEL", HelpText = "An .onnx file, or the name of a known model; efficientnet-lite0 by default.")]
    public string? Name { get; set; }

    public ulong Seed { get; set; }

    [Option("layers", MetaValue = "A,B|all", HelpText = "Layers whose gradients are checked; by default the class score and some layers over the depth.")]
    public string? Layers { get; set; }

    [Option("points", MetaValue = "N", HelpText = "Inputs at which to check; by default the given ones, or else 2 of noise. More than are given: again, disturbed.")]
    public int? Points { get; set; }

    [Option("directions", Default = 2, MetaValue = "N", HelpText = "Random directions at each input, beside that of the gradient itself.")]
    public int Directions { get; set; } = 2;

    [Option("tolerance", Default = 1e-3, MetaValue = "X", HelpText = "How far gradient and differences may lie apart, relative to the derivative's size.")]
    public double Tolerance { get; set; } = 1e-3;

    [Option("every-node", HelpText = "Check every node by itself, not one of those that differ in nothing but their numbers.")]
    public bool EveryNode { get; set; }

    public static IEnumerable<Example> Examples =>
    [
        Manual.Example("Is the gradient of this file right?", new CheckGradVerb { Name = "net.onnx" }),
        Manual.Example("At a picture, for two layers", new CheckGradVerb { Name = "net.onnx", Image = ["cat.png"], Layers = "features.14,features.28" }),
        Manual.Example("For a build server", new CheckGradVerb { Name = "net.onnx", EveryNode = true, Json = true }),
    ];

    protected override string DefaultModel => "efficientnet-lite0";

    public override int Run(Output output)
    {
        Model = ModelArgument.OneOf(Name, Model);
        if (Points is < 1 or > 1000) throw OnnxVizException.Usage($"--points {Points}: a number from 1 to 1000 is needed.");
        if (Directions is < 0 or > 1000) throw OnnxVizException.Usage($"--directions {Directions}: a number from 0 to 1000 is needed.");
        if (!(Tolerance is > 0 and < 1)) throw OnnxVizException.Usage($"--tolerance {Tolerance}: a number between 0 and 1 is needed.");
        var runtime = Runtime();
        using var model = LoadModel(output);
        var inputs = Inputs(model, output.Cancellation);
        long[] dims = [1, .. inputs.Dims[1..]];
        var layers = Layers is null
            ? CheckedLayer.Default(model, dims)
            : CheckedLayer.Named(model, dims, Layers.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        if (layers.Count == 0) throw OnnxVizException.Input($"Nothing in {model.Name} depends on the picture in a differentiable way.");

        var options = new GradientCheckOptions { Directions = Directions, Tolerance = Tolerance, Seed = Seed, EveryNode = EveryNode };
        var check = new GradientVerification(model, layers, GradientRules.Default, options, runtime);
        var report = output.WithProgress("Checking", progress => check.Check(inputs, progress, output.Cancellation));
        GradientTables.Print(report, model.Name, Shapes.Text(dims), (int)inputs.Dims[0], output);
        output.Object(GradientTables.ToJson(report, model.Name, dims, (int)inputs.Dims[0], runtime.Device.ToString()));
        return report.IsWrong ? Failure.ExitCodeOf(Fault.Input) : 0;
    }

    private Tensor Inputs(VisionModel model, CancellationToken cancellation)
    {
        if (InputTensor is null && !Image.Any()) return CheckedInputs.Noise(model.Conventions, Points ?? NoisePoints, Seed);
        using var pictures = PictureStream.Open(this, model, cancellation);
        if (pictures.Count > MostPictures) throw OnnxVizException.Usage($"{pictures.Text} are more than the {MostPictures} around which gradients can be checked.");
        var given = pictures.LoadAll(cancellation);
        return CheckedInputs.Around(given, Points ?? (int)given.Dims[0], Seed);
    }
}
