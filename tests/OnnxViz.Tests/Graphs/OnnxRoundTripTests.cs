using OnnxViz.Graphs;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Graphs;

public sealed class OnnxRoundTripTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("vgg16-body.onnx", 57, 17)]
    [InlineData("efficientnet-lite0.onnx", 227, 17)]
    public void Carried_network_comes_back_as_it_was(string name, int nodes, int opset)
    {
        var model = OnnxFile.Load(Repository.Carried(name));
        Assert.Equal((nodes, opset), (model.Graph.Nodes.Count, model.Graph.Opset));
        AssertComesBack(model.Graph);
    }

    [SkippableTheory]
    [InlineData("dynamo")]
    [InlineData("light")]
    public void Shared_networks_come_back_as_they_were(string folder)
    {
        foreach (var path in Directory.GetFiles(Repository.Shared($"models/{folder}"), "*.onnx")) AssertComesBack(OnnxFile.Load(path).Graph);
    }

    private void AssertComesBack(Graph graph)
    {
        var path = _folder["saved.onnx"];
        OnnxFile.Save(graph, path);
        Assert.Equal(OnnxFile.Serialize(graph), File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
        Assert.Null(GraphDifference.Between(graph, OnnxFile.Load(path).Graph));
    }
}
