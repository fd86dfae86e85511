using OnnxViz.Autodiff;
using OnnxViz.Graphs;
using OnnxViz.Imaging.Files;
using OnnxViz.Models;
using OnnxViz.Objectives;
using OnnxViz.Onnx;
using OnnxViz.Options;
using OnnxViz.Saliency;
using OnnxViz.Saliency.Methods;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Saliency;

/// <summary>What a method says of itself, and methods that others define.</summary>
[Collection(Registering.Name)]
public sealed class SaliencyMethodTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_method_of_the_library_is_found()
    {
        Assert.Equal(19, SaliencyMethod.All.Count);
        Assert.Equal(SaliencyMethod.All.Count, SaliencyMethod.All.Select(m => m.Word).Distinct().Count());
        Assert.All(SaliencyMethod.All, m => Assert.Equal(m, SaliencyMethod.Parse(m.Word.ToUpperInvariant())));
        Assert.All(SaliencyMethod.All, m => Assert.Matches("^.{10,75}[.]$", m.Summary));
        Assert.Equal("grad-cam++ Chattopadhay et al. 2018", $"{new GradCamPlusPlus()} {new GradCamPlusPlus().Paper}");
    }

    [Fact]
    public void Options_written_as_text_are_read_back()
    {
        var method = new Occlusion { Window = new(8, 12), Stride = new(4, 4), Baseline = Baseline.Black };
        var json = OptionTable.ToJson(method);
        Assert.Equal("""{"window":"8x12","stride":"4","baseline":"black"}""", json.ToJsonString());
        Assert.Equal(method, OptionTable.With(new Occlusion(), json.Select(o => (o.Key, o.Value!.ToString()))));
    }

    [Theory]
    [InlineData("window", "0", "Window 0: H or HxW in pixels, such as 224 or 224x320, up to 16384, is needed.")]
    [InlineData("window", "3x4x5x6", "Window 3x4x5x6: H or HxW in pixels, such as 224 or 224x320, up to 16384, is needed.")]
    [InlineData("window", "64", "Window 64: the window is empty or larger than the picture that the model sees, 4x4.")]
    public void Nonsense_is_refused_in_the_words_of_the_library(string option, string text, string says)
    {
        var model = ToyModels.OneConvolution(_folder);
        var refused = Assert.Throws<OnnxVizException>(() => model.Explain(ToyModels.Ramp, OptionTable.With(new Occlusion(), [(option, text)])));
        Assert.Equal(says, refused.Message);
    }

    [Fact]
    public void Values_that_code_set_are_checked()
    {
        var model = ToyModels.OneConvolution(_folder);
        Assert.Equal("Samples", Assert.Throws<OnnxVizException>(() => model.Explain(ToyModels.Ramp, new VarGrad { Samples = 0 })).Argument);
        Assert.Contains("[1,2]", Assert.Throws<OnnxVizException>(() => model.Explain(ToyModels.Ramp, new Rise { Baseline = Baseline.Of(Tensor.Of([1f, 2], 1, 2)) })).Message);
    }

    [Fact]
    public void A_method_of_ones_own_explains()
    {
        var model = ToyModels.OneConvolution(_folder);
        double[] Of(SaliencyMethod method) => ToyModels.Explain(model, ToyModels.Ramp, ScoreTarget.OfClass(model, 0), method);
        Near.Each("twice", [.. Of(new Gradient()).Select(g => 2 * g)], Of(new ScaledGradient()), 1e-6);
        Near.Each("thrice", [.. Of(new Gradient()).Select(g => 3 * g)], Of(new ScaledGradient { Gain = 3 }), 1e-6);
    }

    [Fact]
    public void A_registered_method_is_one_of_the_programs()
    {
        var model = SmallClassifier.Save(_folder["small.onnx"]);
        string[] run = ["saliency", "-m", model, "-i", Repository.Carried("images/chelsea.png"), "--size", "32", "--quiet", "--raw", _folder["raw.npy"], "--method"];
        using (SaliencyMethod.Register(new ScaledGradient()))
        {
            Assert.Contains("scaled-gradient: factor of the gradient (2).", CliRun.Of("saliency", "--help").Out);
            Assert.Contains("The gradient, enlarged (Nobody 2026).", CliRun.Of("saliency", "--help").Out);
            Assert.Throws<ArgumentException>(() => SaliencyMethod.Register(new ScaledGradient()));
            var done = CliRun.Of([.. run, "scaled-gradient", "--gain", "4"]);
            Assert.True(done.Exit == 0, done.Error);
            var found = NpyFile.Load(_folder["raw.npy"]).ToDoubles();
            Assert.Equal(0, CliRun.Of([.. run, "gradient"]).Exit);
            Near.Each("fourfold", [.. NpyFile.Load(_folder["raw.npy"]).ToDoubles().Select(g => 4 * g)], found, 1e-5);
            Assert.Contains("--gain 0: a number above 0 is needed.", CliRun.Of([.. run, "scaled-gradient", "--gain", "0"]).Error);
            Assert.Contains("--gain belongs to scaled-gradient", CliRun.Of([.. run, "gradient", "--gain", "1"]).Error);
        }

        Assert.Equal(2, CliRun.Of([.. run, "scaled-gradient"]).Exit);
    }

    [Fact]
    public void Whoever_uses_the_library_gets_map_and_overlay()
    {
        var model = VisionModel.Load(SmallClassifier.Save(_folder["small.onnx"]), ModelCatalog.Open());
        model = model.With(model.Conventions with { Height = 32, Width = 32 });
        var cat = ImageFile.Load(Repository.Carried("images/chelsea.png"));
        foreach (var method in new SaliencyMethod[] { new Gradient(), new GradCam(), new ScaledGradient() })
        {
            var explained = model.Explain(cat, method, ScoreTarget.OfClass(model, 3));
            Assert.Equal("class 3", explained.Subject);
            Assert.Equal(32 * 32, explained.Map().Length);
            Assert.Equal((32, 32), (explained.Overlay().Width, explained.Overlay().Height));
            Assert.NotEqual(explained.Shown.Pixels, explained.Overlay().Pixels);
            Assert.True(explained.Sheet().Width > 3 * 32);
        }
    }

    [Fact]
    public void README_lists_the_methods()
    {
        var readme = File.ReadAllLines(Path.Combine(Repository.Root, "README.md"));
        var rows = readme.SkipWhile(line => !line.StartsWith("| method |", StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.StartsWith('|'));
        Assert.Equal(SaliencyMethod.All.Select(Row), rows);

        static string Row(SaliencyMethod m) => $"| `{m.Word}` | {m.Summary} | {m.Paper} | {string.Join(", ", OptionTable.Of(m.GetType()).Select(o => Named(o, m)))} |";
        static string Named(Option o, SaliencyMethod m) => o.DefaultIn(m) is { } usual ? $"`--{o.Name}` ({usual})" : $"`--{o.Name}`";
    }

    private sealed record ScaledGradient() : SaliencyMethod("scaled-gradient", "The gradient, enlarged.", new("Nobody", 2026))
    {
        public override SaliencyFamily Family => SaliencyFamily.Gradient;

        public override SaliencyLook Look => SaliencyLook.Absolute;

        [Option("gain", "Factor of the gradient.", Above = 0)]
        public double Gain { get; init; } = 2;

        public override SaliencyResult Explain(SaliencyTask task)
        {
            using var pass = new ForwardPass(task, GradientRules.Default, 1);
            return task.ForEachRow((row, unit, _) =>
            {
                float[] found = [];
                pass.Run(
                    unit, 1, (_, image) => Tensors.Row(task.Input, row).CopyTo(image),
                    (_, _, gradient) => found = Array.ConvertAll(gradient.ToArray(), g => (float)(Gain * g)), task.ProgressOf(row));
                return found;
            });
        }
    }
}

/// <summary>Tests that register something run while no others do.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Registering
{
    public const string Name = "registering";
}
