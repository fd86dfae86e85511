using CommandLine;
using CommandLine.Text;

namespace OnnxViz.Cli.Verbs.Doctor;

[Verb("doctor", HelpText = "Tell what can be made of a model, and why; without one, what this machine can do.")]
internal sealed class DoctorVerb : ModelArgument
{
    [Value(0, MetaName = "MODEL", HelpText = "An .onnx file, a prepared folder, a model of a training run, or the name of a known model; without one, the machine is examined.")]
    public override string? Name { get; set; }

    [Option("ort-library", MetaValue = "PATH", HelpText = "Examine, or use, this ONNX Runtime library instead of the one beside the program.")]
    public string? OrtLibraryPath { get; set; }

    public static IEnumerable<Example> Examples =>
    [
        Manual.Example("What this machine can do", new DoctorVerb()),
        Manual.Example("What can be asked of this file, and what to try first", new DoctorVerb { Name = "net.onnx" }),
    ];

    public override int Run(Output output)
    {
        if (Named is not { } name)
            return Given.Any() ? throw OnnxVizException.Usage("--input needs a model: onnxviz doctor net.onnx.") : new Machine(OrtLibraryPath).Tell(output);
        if (OrtLibraryPath is { } path) OnnxRuntimeChoice.Use(path);
        VisionModel model;
        try
        {
            model = Load(name);
        }
        catch (OnnxVizException e) when (e.Fault == Fault.Input && e.Argument is null && UnseenModel.Of(name, e.Message) is { } unseen)
        {
            unseen.Tell(output);
            return 0;
        }

        using (model) new ModelReport(model, [.. Given], output.Cancellation).Tell(output);
        return 0;
    }
}
