using OnnxViz.Cli.Shell;
using OnnxViz.Cli.Verbs.Saliency;
using OnnxViz.Graphs.Emit;
using OnnxViz.Models;
using OnnxViz.Runtime;
using OnnxViz.Saliency;
using OnnxViz.Saliency.Methods;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Saliency;

/// <summary>Ctrl-C in the middle: what is finished is kept, and only that.</summary>
public sealed class SaliencyInterruptTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0.30, 1)]
    [InlineData(0.60, 2)]
    [InlineData(2.00, 4)]
    public void Finished_pictures_are_kept(double interruptedAt, int kept)
    {
        using var source = new CancellationTokenSource();
        var cat = Repository.Carried("images/chelsea.png");
        var verb = new SaliencyVerb { Image = [cat, cat], Class = "1,2" }.With(("size", "32"));
        var model = VisionModel.Load(SmallClassifier.Save(_folder["small.onnx"]), ModelCatalog.Open());
        model = model.With(verb.Onto(new ConventionOptions()).Of(model));
        var pictures = new SaliencySource(verb, model, CancellationToken.None);
        var output = new Output(new Streams(TextWriter.Null, TextWriter.Null, source.Token), verb) { Parent = new Interrupt(source, interruptedAt) };
        SaliencyMethod[] methods = [new SmoothGrad { Samples = 20 }, new GradCam()];
        var targets = SaliencyTargets.Parse(verb, model, pictures.InputDims);

        var done = new SaliencyRun(model, pictures, targets, methods, RuntimeOptions.Default).All(output).Heads;

        Assert.Equal(kept, done.Count);
        Assert.All(done, row => Assert.Equal(["smoothgrad", "grad-cam"], row.Select(r => r.Method.Word)));
        string[] subjects = ["class 1", "class 1", "class 2", "class 2"];
        Assert.Equal(subjects[..kept], done.Select(row => row[0].Subject));
    }

    private sealed class Interrupt(CancellationTokenSource source, double at) : IProgress<(double Share, string Text)>
    {
        public void Report((double Share, string Text) value)
        {
            if (value.Share >= at) source.Cancel();
        }
    }
}
