using OnnxViz.Autodiff;
using OnnxViz.Deconv;
using OnnxViz.Features;
using OnnxViz.Graphs;
using OnnxViz.Imaging;
using OnnxViz.Imaging.Files;
using OnnxViz.Models;
using OnnxViz.Objectives;
using OnnxViz.Onnx;
using OnnxViz.Prepare;
using OnnxViz.Runtime;
using OnnxViz.Saliency;
using OnnxViz.Saliency.Methods;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Models;

/// <summary>What a program writes that stands on the library.</summary>
public sealed class FacadeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly VisionModel _model;

    public FacadeTests() => _model = VisionModel.Open(SmallClassifier.Save(_folder["small.onnx"]), ModelCatalog.Open(Repository.Carried("")));

    private static string Cat => Repository.Carried("images/rocket.jpg");

    private Tensor Input => _model.ToTensor([_model.Conventions.Frame(ImageFile.Load(Cat))]);

    [Fact]
    public void Known_models_are_found_by_their_content()
    {
        File.Copy(Repository.Carried("efficientnet-lite0.onnx"), _folder["renamed.onnx"]);
        using var known = VisionModel.Open(_folder["renamed.onnx"], ModelCatalog.Open(Repository.Carried("")));
        Assert.True(known.IsDescribed);
        var best = known.Predict(Cat, count: 3);
        Assert.Equal(3, best.Count);
        Assert.Equal(known.Labels![best[0].Class], best[0].Name);
        Assert.Equal(best, known.Predict(ImageFile.Load(Cat), 3));
    }

    [Fact]
    public void Without_a_catalogue_there_are_no_names_and_no_error()
    {
        // A process of its own, because the folder is named by the environment.
        using var child = new ChildProgram([LibraryProcess.WithoutCatalogue, _folder["small.onnx"], Cat], program: "OnnxViz.Tests.dll", models: _folder["nowhere"]);
        var (exit, text, error) = child.End();
        Assert.True(exit == 0, error);
        var best = _model.Predict(Cat, 1)[0];
        Assert.Equal($"{best.Class} unnamed; No model 'net': there is no such file.", text.Trim());
    }

    [Fact]
    public void Activations_are_those_of_the_layers()
    {
        var maps = _model.Activations(Cat, ["first", "scores"]);
        Assert.Equal(["first", "scores"], maps.Select(m => m.Layer));
        Assert.Equal([1, 8, 224, 224], maps[0].Maps.Dims);
        Assert.Equal(Classification.Scores(_model, Input, RuntimeOptions.Default).ToFloats(), maps[1].Raw.ToFloats());
        Assert.Equal((224, 224), (maps[0].Map(7).Width, maps[0].Map(7).Height));
        Assert.Throws<ArgumentOutOfRangeException>(() => maps[0].Map(8));
        maps[0].Save(_folder["deep/maps.png"]);
        Assert.Equal(maps[0].Picture.Pixels, ImageFile.Load(_folder["deep/maps.png"]).Pixels);
    }

    [Fact]
    public void Deconvnets_project_the_strongest_activation()
    {
        var told = new List<double>();
        var found = _model.Deconv(Cat, "sum", [3, 5], progress: new Told(told));
        Assert.Equal([3, 5], found.Select(f => f.Unit));
        Assert.Equal([0.5, 1], told);
        var layer = _model.Layers.Find("sum");
        using var peaks = new UnitPeaks(_model, layer, Input.Dims, RuntimeOptions.Default, [3]);
        var (activations, positions) = peaks.Of(Input);
        Assert.Equal(activations.ToFloats()[0], found[0].Activation);
        var alone = Deconvnet.Project(_model, layer, Input.Dims, [new DeconvTarget(() => Input, 3, (int)positions[0])], RuntimeOptions.Default)[0];
        Assert.Equal(alone.ToFloats(), _model.Deconv(Cat, "sum", 3).Raw.ToFloats());
        Assert.Equal((224, 224), (found[0].Picture.Width, found[0].Picture.Height));
    }

    [Fact]
    public void A_gradient_graph_gives_the_gradient_of_any_score()
    {
        var graph = _model.GradientGraph();
        using var session = new Session(graph, RuntimeOptions.Default);
        var seed = new float[10];
        seed[3] = 1;
        var results = session.Run(new Dictionary<string, Tensor> { ["image"] = Input, ["seed"] = Tensor.Of(seed, 1, 10) });
        var expected = _model.Explain(Input, new Gradient(), ScoreTarget.OfClass(_model, 3));
        Near.Each("gradient", [.. expected.Attribution.ToDoubles()], [.. results["gradient"].ToFloats().Select(v => (double)v)], 1e-6);
        OnnxFile.Save(_model.GradientGraph("sum", GradientRules.Guided, batch: 2), _folder["guided.onnx"]);
        using var saved = OnnxFile.Load(_folder["guided.onnx"]);
        Assert.Equal(2, saved.Graph.Inputs[0].Dims![0]);
    }

    [Fact]
    public void A_prepared_folder_opens_like_a_model()
    {
        var left = _model.Prepare(_folder["prepared"], new PreparationOptions([_model.Layers.Find("sum")], [GradientRules.Deconv]));
        Assert.Empty(left);
        using var prepared = VisionModel.Open(_folder["prepared"]);
        Assert.Equal(_model.Deconv(Cat, "sum", 3).Raw.ToFloats(), prepared.Deconv(Cat, "sum", 3).Raw.ToFloats());
    }

    [Fact]
    public void The_strongest_picture_of_a_folder_comes_first()
    {
        Directory.CreateDirectory(_folder["pictures"]);
        for (var i = 0; i < 3; i++) new Image(40, 30, [.. Enumerable.Range(0, 3600).Select(p => (byte)((p * (i + 7) * 13) % 251))]).Save(_folder[$"pictures/{i}.png"]);
        var told = new List<double>();
        var top = _model.Top(_folder["pictures"], "sum", 2, count: 2, progress: new Told(told));
        Assert.Equal(2, top.Count);
        Assert.True(top[0].Activation >= top[1].Activation);
        Assert.Equal(_model.Deconv(top[0].File, "sum", 2).Activation, top[0].Activation, 1e-4);
        Assert.Equal(1, told[^1]);
    }

    [Fact]
    public void A_token_ends_everything()
    {
        var token = new CancellationToken(canceled: true);
        Assert.ThrowsAny<OperationCanceledException>(() => _model.Predict(Cat, token: token));
        Assert.ThrowsAny<OperationCanceledException>(() => _model.Activations(Cat, "sum", token: token));
        Assert.ThrowsAny<OperationCanceledException>(() => _model.Deconv(Cat, "sum", 1, token: token));
        Assert.ThrowsAny<OperationCanceledException>(() => _model.Top(Repository.Carried("images"), "sum", 1, token: token));
        Assert.ThrowsAny<OperationCanceledException>(() => _model.Prepare(_folder["p"], new PreparationOptions([_model.Layers.Find("sum")], [GradientRules.Default]), token: token));
        Assert.False(Directory.Exists(_folder["p"]));
    }

    [Fact]
    public void What_is_wrong_is_named_as_the_library_names_it()
    {
        Assert.Equal("Layer", Assert.Throws<OnnxVizException>(() => _model.Activations(Cat, "smu")).Argument);
        Assert.Equal(Fault.Input, Assert.Throws<OnnxVizException>(() => _model.Predict(_folder["no.png"])).Fault);
        Assert.Equal(Fault.Machine, Assert.Throws<OnnxVizException>(() => new Image(2, 2).Save(_folder["small.onnx/x.png"])).Fault);
    }

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    private sealed class Told(List<double> shares) : IProgress<double>
    {
        public void Report(double value) => shares.Add(value);
    }
}
