using System.Text.Json;
using OnnxViz.Onnx;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Graphs;

public sealed class CarriedModelsTests
{
    [Theory]
    [InlineData("vgg16-body")]
    [InlineData("efficientnet-lite0")]
    public void Description_is_that_of_the_file(string name)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Repository.Carried("models.json")));
        var described = json.RootElement.GetProperty("models").EnumerateArray().Single(m => m.GetProperty("name").GetString() == name);
        var path = Repository.Carried(described.GetProperty("file").GetString()!);
        var model = OnnxFile.Load(path);
        Assert.Equal(described.GetProperty("sha256").GetString(), model.Sha256);
        Assert.Equal(described.GetProperty("size").GetInt64(), new FileInfo(path).Length);

        var input = described.GetProperty("input");
        Assert.Equal(input.GetProperty("name").GetString(), model.Graph.Inputs.Single().Name);
        Assert.Equal(input.GetProperty("shape").EnumerateArray().Select(d => d.GetInt64()), model.Graph.Inputs.Single().Dims!);
        if (described.GetProperty("labels").GetString() is { } labels)
            Assert.Equal(model.Graph.Outputs.Single().Dims![^1], File.ReadAllLines(Repository.Carried(labels)).Length);
    }
}
