using OnnxViz.Runtime.Hardware;
using OnnxViz.Tests.Support;
using Xunit;

namespace OnnxViz.Tests.Runtime.Hardware;

public sealed class PhysicalCoresTests
{
    [Theory]
    [InlineData(new[] { "0", "1" }, 2, 2)]
    [InlineData(new[] { "0-1", "0-1" }, 2, 1)]
    [InlineData(new[] { "0,4", "1,5", "0,4", "1,5" }, 4, 2)]
    [InlineData(new[] { "0", "1", "2", "3" }, 2, 2)]
    [InlineData(new string[0], 3, 3)]
    public void ProcessorsThatShareACoreCountOnce(string[] siblings, int usable, int cores)
    {
        using var folder = new TemporaryFolder();
        foreach (var (i, text) in siblings.Index())
        {
            var topology = Directory.CreateDirectory(Path.Combine(folder.Path, $"cpu{i}", "topology")).FullName;
            File.WriteAllText(Path.Combine(topology, "thread_siblings_list"), text + "\n");
        }

        Directory.CreateDirectory(Path.Combine(folder.Path, "cpufreq"));
        Assert.Equal(cores, PhysicalCores.Of(folder.Path, usable));
    }

    [Fact]
    public void WhereNothingIsDescribedAllProcessorsCount() => Assert.Equal(5, PhysicalCores.Of(Path.Combine(Path.GetTempPath(), "nothing-here"), 5));
}
