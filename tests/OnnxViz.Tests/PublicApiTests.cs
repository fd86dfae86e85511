using OnnxViz.Graphs;
using OnnxViz.Tests.Support.Snapshots;
using PublicApiGenerator;
using Xunit;

namespace OnnxViz.Tests;

/// <summary>What programs can call. A change of the accepted text is a change that they notice.</summary>
public class PublicApiTests
{
    [Fact]
    public void The_library_offers_what_was_approved() => Snapshot.Verify(
        typeof(OnnxVizException).Assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false, DenyNamespacePrefixes = [] }));

    [Fact]
    public void No_type_of_ONNX_Runtime_shows()
    {
        var api = typeof(OnnxVizException).Assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false, DenyNamespacePrefixes = [] });
        Assert.DoesNotContain("Microsoft.ML", api);
        Assert.DoesNotContain("SkiaSharp", api);
        Assert.DoesNotContain("Google.Protobuf", api);
    }

    [Fact]
    public void Nobody_outside_changes_a_value_of_a_graph() => Assert.All(typeof(Value).GetProperties(), p => Assert.False(p.SetMethod?.IsPublic == true, p.Name));
}
