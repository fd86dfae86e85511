using OnnxViz.Cli.Shared;
using OnnxViz.Cli.Shell;
using OnnxViz.Cli.Verbs.Saliency;
using OnnxViz.Graphs.Emit;
using OnnxViz.Models;
using OnnxViz.Runtime;
using OnnxViz.Saliency;
using OnnxViz.Saliency.Methods;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using OnnxViz.Views;
using Xunit;

namespace OnnxViz.Tests.Saliency;

/// <summary>Ctrl-C in the middle: what is finished is kept, and only that.</summary>
public sealed class SaliencyInterruptTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(9, 4)]
    public void Finished_pictures_are_kept(int interruptedAt, int kept)
    {
        var done = Run(["smoothgrad", "grad-cam"], word => word.StartsWith("smoothgrad", StringComparison.Ordinal), interruptedAt);

        Assert.Equal(kept, done.Count);
        Assert.All(done, row => Assert.Equal(["smoothgrad", "grad-cam"], row.Select(r => r.Method.Word)));
        string[] subjects = ["class 1", "class 1", "class 2", "class 2"];
        Assert.Equal(subjects[..kept], done.Select(row => row[0].Subject));
    }

    [Fact]
    public void Where_no_picture_is_finished_the_methods_are_that_were() =>
        Assert.Equal(["smoothgrad", "grad-cam"], Assert.Single(Run(["smoothgrad", "grad-cam", "gradient"], word => word.StartsWith("grad-cam", StringComparison.Ordinal), 1)).Select(m => m.Method.Word));

    /// <summary>Two pictures, two classes, interrupted where the progress tells of a method for the n-th picture.</summary>
    private List<List<Explained>> Run(string[] words, Predicate<string> isMethod, int interruptedAt)
    {
        using var source = new CancellationTokenSource();
        var cat = Repository.Carried("images/chelsea.png");
        var verb = new SaliencyVerb { Image = [cat, cat], Class = "1,2" }.With(("size", "32"));
        var model = VisionModel.Load(SmallClassifier.Save(_folder["small.onnx"]), ModelCatalog.Open());
        model = model.With(verb.Onto(new ConventionOptions()).Of(model));
        using var pictures = PictureStream.Open(verb, model, CancellationToken.None);
        var output = new Output(new Streams(TextWriter.Null, TextWriter.Null, source.Token), verb) { Parent = new Interrupt(source, isMethod, interruptedAt) };
        SaliencyMethod[] methods = [.. words.Select(w => SaliencyMethod.Parse(w)).Select(m => m is SmoothGrad smooth ? smooth with { Samples = 20 } : m)];
        var targets = SaliencyTargets.Parse(verb, model, pictures.InputDims);
        var done = new List<List<Explained>>();
        int[] both = [0, 1];
        new PictureLoop(pictures, output).Guarded(() => new SaliencyRun(model, pictures, targets, methods, RuntimeOptions.Default)
            .All([both, both], (_, piece) => done.AddRange(piece.Rows.Select(r => r.Methods)), output));
        return done;
    }

    /// <summary>A method begins anew with another picture: what was told of it before was of another method.</summary>
    private sealed class Interrupt(CancellationTokenSource source, Predicate<string> isMethod, int at) : IProgress<(double Share, string Text)>
    {
        private bool _was;
        private int _times;

        public void Report((double Share, string Text) value)
        {
            var isIt = isMethod(value.Text);
            if (isIt && !_was && ++_times == at) source.Cancel();
            _was = isIt;
        }
    }
}
