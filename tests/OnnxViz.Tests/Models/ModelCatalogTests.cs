using OnnxViz.Models;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Models;

public sealed class ModelCatalogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_users_own_models_are_known_beside_the_others_and_hide_those_of_the_same_name()
    {
        Write("carried", ("vgg16", "carried.onnx"), ("other", "other.onnx"));
        Write("own", ("VGG-16", "own.onnx"), ("mine", "mine.onnx"));
        var catalog = ModelCatalog.Open(_folder["carried"], _folder["own"]);
        Assert.Equal(["other", "VGG-16", "mine"], catalog.Models.Select(m => m.Name));
        Assert.Equal(_folder["own/own.onnx"], catalog.PathOf(catalog.ByName("vgg_16")!));
        Assert.Equal(["first", "second"], ModelCatalog.LabelsOf(catalog.ByName("mine")!));
    }

    [Fact]
    public void A_model_is_looked_for_beside_its_description_and_then_where_fetched_ones_are()
    {
        Write("carried", ("net", "net.onnx"));
        var catalog = ModelCatalog.Open(_folder["carried"], _folder["own"]);
        Assert.Equal(_folder["own/net.onnx"], catalog.PathOf(catalog.Models[0]));
        _folder.Write("carried/net.onnx", [1]);
        Assert.Equal(_folder["carried/net.onnx"], catalog.PathOf(catalog.Models[0]));
    }

    /// <summary>Where a name says that a file comes with the program or from elsewhere, the other has to be true of it.</summary>
    [Fact]
    public void Every_known_model_can_be_checked()
    {
        var models = ModelCatalog.Open(Repository.Carried("")).Models;
        Assert.All(models, m => Assert.Matches("^[0-9a-f]{64}$", m.Sha256));
        Assert.All(models, m => Assert.True(m.Size > 1_000_000));
        Assert.All(models.Where(m => m.Download is not null), m => Assert.True(new Uri(m.Download!).Scheme == "https", m.Name));
        Assert.Equal(models.Count, models.Select(m => m.Sha256).Distinct().Count());
        Assert.All(["vgg16", "googlenet", "alexnet"], name => Assert.Contains(models, m => m.Name == name && m.Labels is not null));
    }

    private void Write(string folder, params IEnumerable<(string Name, string File)> models)
    {
        var entries = models.Select(m => $$"""
            { "name": "{{m.Name}}", "file": "{{m.File}}", "sha256": "{{new string('0', 64)}}", "size": 1, "input": { "name": "x", "shape": [-1, 3, 8, 8], "color": "rgb", "layout": "nchw", "range": [0, 1] },
              "mean": [0, 0, 0], "std": [1, 1, 1], "picture": { "size": 8, "resize": "stretch", "filter": "bilinear" }, "labels": "labels.txt" }
            """);
        _folder.Write($"{folder}/models.json", System.Text.Encoding.UTF8.GetBytes($$"""{ "models": [{{string.Join(",", entries)}}] }"""));
        _folder.Write($"{folder}/labels.txt", "first\nsecond\n"u8.ToArray());
    }
}
