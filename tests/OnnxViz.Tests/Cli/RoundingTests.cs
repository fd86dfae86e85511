using OnnxViz.Cli;
using OnnxViz.Cli.Shared;
using OnnxViz.Cli.Shell;
using OnnxViz.Cli.Verbs.Invert;
using OnnxViz.Cli.Verbs.Maximize;
using OnnxViz.Cli.Verbs.Saliency;
using OnnxViz.Imaging;
using OnnxViz.Imaging.Compare;
using OnnxViz.Invert;
using OnnxViz.Maximize;
using OnnxViz.Models;
using OnnxViz.Objectives;
using OnnxViz.Runtime;
using OnnxViz.Saliency;
using OnnxViz.Tests.Support.Networks;
using OnnxViz.Views;
using Xunit;
using Xunit.Abstractions;

namespace OnnxViz.Tests.Cli;

/// <summary>The pictures that are snapshots stay put however the arithmetic is rounded, with twice the room that a snapshot needs.</summary>
public class RoundingTests(ITestOutputHelper output)
{
    private const double Margin = 2;

    [Theory]
    [InlineData("fourier")]
    [InlineData("pixel")]
    [InlineData("tensor")]
    [InlineData("class")]
    [InlineData("laplacian")]
    [InlineData("maco")]
    [InlineData("octaves")]
    public void Maximized_pictures_stay_put(string name)
    {
        var verb = Parsed<MaximizeVerb>(RoundingCases.Maximize[name]);
        var model = ModelOf(verb);
        var options = Variant.Of(verb)[0].Options with { Height = model.Conventions.Height, Width = model.Conventions.Width };
        var layer = verb.Layer is null ? ClassOutput.Of(model) : model.Layers.Find(verb.Layer);
        int[] units = verb.Class is null ? [.. verb.Unit!.Split(',').Select(int.Parse)] : [ClassName.Resolve(verb.Class, model)!.Value];

        StaysPut(runtime => [.. ActivationMaximization.Run(model, layer, units, options, runtime).Select(found => found.Picture)]);
    }

    [Theory]
    [InlineData("gradient")]
    [InlineData("guided")]
    public void Saliency_of_a_unit_stays_put(string method)
    {
        var verb = Parsed<SaliencyVerb>(RoundingCases.Unit);
        var model = ModelOf(verb);
        SaliencyStaysPut(verb, model, method, ScoreTarget.OfUnit(model, verb.Layer!, int.Parse(verb.Unit!), Reduction.Mean));
    }

    [Theory]
    [InlineData("gradient")]
    [InlineData("guided")]
    public void Saliency_of_a_class_stays_put(string method)
    {
        var verb = Parsed<SaliencyVerb>(RoundingCases.Class);
        var model = ModelOf(verb);
        SaliencyStaysPut(verb, model, method, ScoreTarget.OfClass(model, null));
    }

    [Fact]
    public void Inverted_pictures_stay_put()
    {
        var verb = Parsed<InvertVerb>(RoundingCases.Invert);
        var model = ModelOf(verb);
        using var pictures = PictureStream.Open(verb, model, CancellationToken.None);
        var input = pictures.LoadAll(CancellationToken.None);
        var layers = LayerNames.Of(verb.Layer, model).Select(model.Layers.Find).ToList();
        StaysPut(runtime => [.. Inversion.Run(model, input, pictures.Names, layers, verb.Onto(new InvertOptions()) with { Seed = verb.Seed }, runtime).Select(found => found.Picture)]);
    }

    private void SaliencyStaysPut(SaliencyVerb verb, VisionModel model, string word, ScoreTarget target)
    {
        using var pictures = PictureStream.Open(verb, model, CancellationToken.None);
        var chunk = pictures.Load([0], CancellationToken.None);
        var method = SaliencyMethod.Parse(word);
        StaysPut(runtime =>
        {
            var found = model.Explain(chunk.Input!, method, target, runtime);
            return [verb.Onto(new SaliencyDrawing()).Draw([Explained.Of(found, 0, model, method, "", chunk.Rows[0].Shown, "")])];
        });
    }

    private void StaysPut(Func<RuntimeOptions, IReadOnlyList<Image>> draw)
    {
        var spread = RoundingVariants.Spread(draw);
        var allowed = ImageTolerance.Default;
        var numbers = $"SSIM {spread.MinSsim:0.000000} (snapshots: {allowed.MinSsim}), worst block {spread.MaxBlockError:0.000} ({allowed.MaxBlockError})";
        output.WriteLine(numbers);
        Assert.True(Margin * (1 - spread.MinSsim) <= 1 - allowed.MinSsim && Margin * spread.MaxBlockError <= allowed.MaxBlockError, numbers);
    }

    private static VisionModel ModelOf(ModelOptions verb)
    {
        var model = VisionModel.Load(verb.Model!, ModelCatalog.Open());
        return model.With(verb.Onto(new ConventionOptions()).Of(model));
    }

    private static T Parsed<T>(string[] args)
        where T : VerbOptions
    {
        Arguments.Parse(args, VerbList.All, new Streams(TextWriter.Null, TextWriter.Null, default), out var verb);
        return (T)verb!;
    }
}
