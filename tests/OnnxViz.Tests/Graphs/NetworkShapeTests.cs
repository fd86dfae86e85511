using System.Text.Json;
using OnnxViz.Graphs;
using OnnxViz.Graphs.Emit;
using OnnxViz.Onnx;
using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Networks;
using Xunit;

namespace OnnxViz.Tests.Graphs;

/// <summary>Shapes of whole networks, against those of onnx.shape_inference or of PyTorch's exporter.</summary>
public class NetworkShapeTests
{
    private static readonly string[] _carried = ["efficientnet-lite0.onnx", "vgg16-body.onnx"];

    /// <summary>File names in Fixtures/shapes.json, which tools/make_shape_fixtures.py writes.</summary>
    public static TheoryData<string> Networks => [.. Expected().RootElement.EnumerateObject().Select(p => p.Name)];

    [SkippableTheory]
    [MemberData(nameof(Networks))]
    public void Every_value_has_the_shape_that_onnx_infers(string file)
    {
        var path = _carried.Contains(file) ? Repository.Carried(file) : Repository.Shared($"models/light/{file}");
        var model = OnnxFile.Load(path).Graph;
        var shapes = LayerFixture.Specialise(model, 1, 3, 224, 224).ToDictionary(pair => pair.Key.Name, pair => pair.Value);
        var checkedValues = 0;
        foreach (var entry in Expected().RootElement.GetProperty(file).EnumerateObject())
        {
            foreach (var name in entry.Value.EnumerateArray().Select(e => e.GetString()!))
            {
                Assert.Equal($"{name}: {entry.Name}", $"{name}: {Shapes.Text(shapes[name].Dims)}");
                checkedValues++;
            }
        }

        Assert.True(checkedValues > 20);
    }

    /// <summary>The exporter notes every shape in the file, with a name for the batch; nothing else is open.</summary>
    [SkippableTheory]
    [InlineData("test_byobnet")]
    [InlineData("test_convnext")]
    [InlineData("test_efficientnet")]
    [InlineData("test_efficientnet_ln")]
    [InlineData("test_resnet")]
    public void Every_value_has_the_shape_that_the_exporter_noted(string name)
    {
        var model = OnnxFile.Load(Repository.Shared($"models/dynamo/{name}.onnx")).Graph;
        var noted = model.Nodes.SelectMany(node => node.Outputs).Where(value => value.Dims is not null).ToList();
        Assert.True(noted.Count > 30);
        var shapes = LayerFixture.Specialise(model, [Shapes.Unknown, .. model.Inputs[0].Dims!.Skip(1)]);
        foreach (var value in noted.Where(shapes.ContainsKey))
        {
            var found = shapes[value];
            Assert.True(value.Dims!.SequenceEqual(found.Dims!), $"{value} was inferred as {found}");
        }
    }

    private static JsonDocument Expected() => JsonDocument.Parse(File.ReadAllText(Repository.Fixture("shapes.json")));
}
