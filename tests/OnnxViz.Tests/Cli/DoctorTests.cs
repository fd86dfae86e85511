using OnnxViz.Caching;
using OnnxViz.Graphs.Emit;
using OnnxViz.Models;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Cli;

/// <summary>What doctor finds is the machine's; what it looks for is not.</summary>
public class DoctorTests
{
    [Fact]
    public void Says_everything_that_was_looked_for()
    {
        var json = CliRun.Of("doctor", "--json").Json;

        Assert.Equal(
            [
                "verb", "program", "system", "processors", "cpu_features", "memory", "onnxruntime", "library", "providers", "cuda", "cuda_missing",
                "models_folder", "models", "cache_folder", "cache_size",
            ],
            json.Select(p => p.Key));
        Assert.Contains("CPUExecutionProvider", json["providers"]!.AsArray().Select(p => p!.GetValue<string>()));
        Assert.Equal(ModelCatalog.Open().Models.Select(m => m.Name), json["models"]!.AsObject().Select(m => m.Key));
        Assert.All(["vgg16-body", "efficientnet-lite0"], name => Assert.Equal("good", json["models"]![name]!.GetValue<string>()));
        Assert.Equal(CacheFolder.Default.Folder, json["cache_folder"]!.GetValue<string>());
    }
}
