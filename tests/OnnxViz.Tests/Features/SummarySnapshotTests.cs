using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Snapshots;
using Xunit;

namespace OnnxViz.Tests.Features;

public class SummarySnapshotTests
{
    [Theory]
    [InlineData("vgg16-body")]
    [InlineData("efficientnet-lite0")]
    public void Layers(string model) => Snapshot.Verify(CliRun.Text("summary", model), variant: model);

    [Fact]
    public void Another_size() => Snapshot.Verify(CliRun.Text("summary", "vgg16-body", "--size", "96x64"));
}
