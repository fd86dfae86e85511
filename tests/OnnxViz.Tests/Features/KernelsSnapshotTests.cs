using OnnxViz.Tests.Support;
using OnnxViz.Tests.Support.Snapshots;
using Xunit;

namespace OnnxViz.Tests.Features;

public class KernelsSnapshotTests
{
    [Theory]
    [InlineData("vgg16-body")]
    [InlineData("efficientnet-lite0")]
    public void First_layer(string model) => Snapshot.Verify(CliRun.Picture("kernels", "-m", model), variant: model);

    [Fact]
    public void Some_of_a_deep_layer() =>
        Snapshot.Verify(CliRun.Picture("kernels", "-m", "vgg16-body", "--layer", "conv2_1", "--unit", "0-3,127"));
}
